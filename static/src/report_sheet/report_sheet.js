import {
    Component,
    markup,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { useBriefOpened, useLinks } from "../brief/brief";
import { faceOptions } from "../faces/faces";
import { StockLines } from "../stock_lines/stock_lines";
import { currentPosition } from "./position";
import { shrinkPhoto } from "./photo";
import { canListen, recognizer } from "./voice";

const EMPTY = {
    satisfaction: false,
    outcome: "",
    competitor_note: "",
    promise: "",
    promise_date: "",
    next_date: false,
    next_topic: "",
};
const MOST_PHOTOS = 10;
const { DateTime } = luxon;

/**
 * The report of a contact, for a thumb: four taps and a line. Whatever is tapped twice or
 * sent again because the network failed has the same key, so it is filed once.
 */
export class ReportSheet extends Component {
    static template = "customer_care.ReportSheet";
    static components = { Dialog, StockLines };
    static props = {
        close: Function,
        partner_id: Number,
        target_id: { type: [Number, Boolean], optional: true },
        interaction_id: { type: [Number, Boolean], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.onLinks = useLinks();
        this.briefOpened = useBriefOpened();
        this.camera = useRef("camera");
        this.state = useState({});
        this.canListen = canListen();
        onWillStart(() => this.load(this.props));
        onWillUnmount(() => this.listener?.stop());
    }

    async load({ partner_id, target_id, interaction_id }) {
        this.params = [partner_id, target_id || false, interaction_id || false];
        const values = await this.orm.call(
            "care.interaction",
            "sheet_values",
            this.params
        );
        this.sheet = { ...values, brief: markup(values.brief || "") };
        this.key = crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`;
        Object.assign(this.state, {
            report: {
                ...EMPTY,
                channel: values.channel,
                summary: values.summary,
                topic: values.topic,
                contact_id: values.contact_id || false,
                checked_in_at: values.checked_in_at,
                purpose_ids: [],
                stock_lines: values.stock_lines || [],
            },
            person: false,
            photos: [],
            chip: false,
            brief: false,
            more: false,
            listening: false,
            locating: false,
            busy: false,
            filed: false,
        });
    }

    // What is shown ------------------------------------------------------------

    get faces() {
        return faceOptions(this.sheet.faces);
    }

    get title() {
        return this.sheet.name;
    }

    /** What the company wants in reports of this channel, and is missing yet */
    get missing() {
        const { text, purpose } = this.sheet.required[this.state.report.channel];
        const { summary, outcome, purpose_ids } = this.state.report;
        const missing = [];
        if (["summary", "both"].includes(text) && !summary.trim()) {
            missing.push(_t("Findings"));
        }
        if (["outcome", "both"].includes(text) && !outcome.trim()) {
            missing.push(_t("Result"));
        }
        if (text === "either" && !summary.trim() && !outcome.trim()) {
            missing.push(_t("Findings"));
        }
        if (purpose && !purpose_ids.length) {
            missing.push(_t("Purpose"));
        }
        return missing;
    }

    /** What is asked for is not hidden. */
    get showsMore() {
        const { text, purpose } = this.sheet.required[this.state.report.channel];
        return this.state.more || purpose || ["outcome", "both"].includes(text);
    }

    get checkedIn() {
        const { checked_in_at } = this.state.report;
        return checked_in_at
            ? deserializeDateTime(checked_in_at).toFormat("HH:mm")
            : false;
    }

    // Taps ------------------------------------------------------------------------

    toggle(name, value) {
        const { report } = this.state;
        report[name] = report[name] === value ? false : value;
    }

    togglePurpose(id) {
        const { report } = this.state;
        report.purpose_ids = report.purpose_ids.includes(id)
            ? report.purpose_ids.filter((other) => other !== id)
            : [...report.purpose_ids, id];
    }

    chooseNext(chip) {
        const chosen = this.state.chip !== chip.key;
        this.state.chip = chosen && chip.key;
        this.state.report.next_date = chosen && chip.start;
    }

    /** The time counts from the tap; the position comes when the phone knows it. */
    async checkIn() {
        const { report } = this.state;
        report.checked_in_at = serializeDateTime(DateTime.now());
        this.state.locating = true;
        try {
            const { coords } = await currentPosition();
            report.latitude = coords.latitude;
            report.longitude = coords.longitude;
        } catch {
            this.notification.add(
                _t("Your location is not available. You are checked in without it."),
                { type: "warning" }
            );
        } finally {
            this.state.locating = false;
        }
    }

    toggleBrief() {
        this.state.brief = !this.state.brief;
        if (this.state.brief) {
            this.briefOpened(this.sheet.partner_id);
        }
    }

    togglePerson() {
        this.state.report.contact_id = false;
        this.state.person = this.state.person
            ? false
            : { name: "", function: "", phone: "", email: "", decision_role: "" };
    }

    listen() {
        if (this.state.listening) {
            this.listener.stop();
            return;
        }
        this.listener = recognizer(
            (text) => {
                const { report } = this.state;
                report.summary = [report.summary.trim(), text]
                    .filter(Boolean)
                    .join(" ");
            },
            () => (this.state.listening = false)
        );
        this.listener.start();
        this.state.listening = true;
    }

    takePhoto() {
        this.camera.el.click();
    }

    async addPhotos(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        for (const file of files) {
            if (this.state.photos.length >= MOST_PHOTOS) {
                this.notification.add(
                    _t("A report takes up to %s photos.", MOST_PHOTOS),
                    {
                        type: "warning",
                    }
                );
                return;
            }
            try {
                const url = await getDataURLFromFile(await shrinkPhoto(file));
                this.state.photos.push({ url, is_card: false });
            } catch {
                this.notification.add(_t("%s is no picture.", file.name), {
                    type: "warning",
                });
            }
        }
    }

    removePhoto(photo) {
        this.state.photos = this.state.photos.filter((other) => other !== photo);
    }

    /** A business card belongs to a person: its fields open. */
    toggleCard(photo) {
        photo.is_card = !photo.is_card;
        if (photo.is_card && !this.state.person) {
            this.togglePerson();
        }
    }

    // Filing ------------------------------------------------------------------------

    get values() {
        const [partner_id, target_id, interaction_id] = this.params;
        const { person, photos, report } = this.state;
        return {
            ...report,
            key: this.key,
            partner_id,
            target_id,
            interaction_id,
            stock_lines: report.stock_lines.filter(({ quantity }) => quantity !== null),
            contact: person,
            photos: photos.map(({ url, is_card }) => ({
                data: url.split(",")[1],
                is_card,
            })),
        };
    }

    /** @param {"done" | "not_met"} state */
    async file(state = "done") {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.listener?.stop();
        try {
            this.state.filed = await this.orm.call(
                "care.interaction",
                "report_from_phone",
                [{ ...this.values, state }]
            );
        } finally {
            this.state.busy = false;
        }
    }

    goOn() {
        return this.load(this.state.filed.next);
    }

    /** Everything else that a report can have; once it is filed, to correct it. */
    async openForm() {
        const { target_id } = this.sheet;
        const interaction_id = this.state.filed?.id || this.sheet.interaction_id;
        const isNew = target_id && !this.state.filed;
        const action = isNew
            ? await this.orm.call("care.plan.target", "action_report", [[target_id]])
            : {
                  type: "ir.actions.act_window",
                  res_model: "care.interaction",
                  res_id: interaction_id || false,
                  views: [[false, "form"]],
                  context: { default_partner_id: this.sheet.partner_id },
              };
        this.props.close({ dismiss: true });
        return this.action.doAction(action);
    }
}

function openReportSheet(env, { partner_id, target_id, interaction_id }) {
    return new Promise((resolve) =>
        env.services.dialog.add(
            ReportSheet,
            { partner_id, target_id, interaction_id },
            { onClose: resolve }
        )
    );
}

/** The view below is loaded anew, unless the sheet gave way to the form. */
registry.category("actions").add("customer_care.report_sheet", async (env, action) => {
    const closed = await openReportSheet(env, action.params);
    return closed?.dismiss ? undefined : { type: "ir.actions.act_window_close" };
});
