import {
    Component,
    markup,
    onWillStart,
    onWillUnmount,
    toRaw,
    useRef,
    useState,
} from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { x2ManyCommands } from "@web/core/orm_service";
import { registry } from "@web/core/registry";
import { delay } from "@web/core/utils/concurrency";
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
const PATIENCE = 2000; // ms for the last words of a browser that listens
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
        this.dialog = useService("dialog");
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
        this.initial = { ...toRaw(this.state.report) };
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
        const { report } = this.state;
        const { promise, resolve } = Promise.withResolvers();
        this.heard = promise;
        this.listener = recognizer(
            (text) => {
                report.summary = [report.summary.trim(), text]
                    .filter(Boolean)
                    .join(" ");
            },
            () => {
                this.state.listening = false;
                resolve();
            }
        );
        this.listener.start();
        this.state.listening = true;
    }

    takePhoto() {
        this.camera.el.click();
    }

    addPhotos(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        this.reading = Promise.all([
            this.reading,
            this.readPhotos(files, this.state.photos),
        ]);
        return this.reading;
    }

    async readPhotos(files, photos) {
        for (const file of files) {
            if (photos.length >= MOST_PHOTOS) {
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
                photos.push({ url, is_card: false });
            } catch {
                this.notification.add(_t("%s is no picture.", file.name), {
                    type: "warning",
                });
            }
        }
    }

    removePhoto(photo) {
        const { photos } = this.state;
        photos.splice(photos.indexOf(photo), 1);
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
        try {
            await this.settle();
            this.state.filed = await this.orm.call(
                "care.interaction",
                "report_from_phone",
                [{ ...this.values, state }]
            );
        } finally {
            this.state.busy = false;
        }
    }

    /** Photos that are still made smaller, and what was said last, come a moment later. */
    async settle() {
        this.listener?.stop();
        await Promise.all([this.reading, Promise.race([this.heard, delay(PATIENCE)])]);
    }

    goOn() {
        return this.load(this.state.filed.next);
    }

    /** Everything else that a report can have; once it is filed, to correct it. */
    async openForm() {
        const { filed } = this.state;
        if (!filed) {
            await this.settle();
            if (!(await this.mayLose())) {
                return;
            }
        }
        const action = filed ? this.formOf(filed.id) : await this.formGoingOn();
        this.props.close({ dismiss: true });
        return this.action.doAction(action);
    }

    formOf(id) {
        return {
            type: "ir.actions.act_window",
            res_model: "care.interaction",
            res_id: id || false,
            views: [[false, "form"]],
            context: { default_partner_id: this.sheet.partner_id },
        };
    }

    /** The form has what was entered: a planned contact is written, a new one gets it as
     * its defaults. */
    async formGoingOn() {
        const { interaction_id, target_id } = this.sheet;
        const entered = Object.entries(this.entered);
        if (interaction_id && entered.length) {
            await this.orm.write("care.interaction", [interaction_id], this.entered);
        }
        const action = target_id
            ? await this.orm.call("care.plan.target", "action_report", [[target_id]])
            : this.formOf(interaction_id);
        if (!interaction_id) {
            for (const [name, value] of entered) {
                action.context[`default_${name}`] = value;
            }
        }
        return action;
    }

    /** Fields that differ from how the sheet was opened */
    get entered() {
        const { purpose_ids, ...report } = toRaw(this.state.report);
        const entered = Object.fromEntries(
            Object.entries(report).filter(
                ([name, value]) => value !== this.initial[name]
            )
        );
        return purpose_ids === this.initial.purpose_ids
            ? entered
            : { ...entered, purpose_ids: [x2ManyCommands.set(purpose_ids)] };
    }

    /** @returns {Promise<boolean>} nothing is lost in the form, or the user agrees */
    mayLose() {
        const { person, photos } = this.state;
        if (!photos.length && !person?.name) {
            return Promise.resolve(true);
        }
        return new Promise((resolve) =>
            this.dialog.add(
                ConfirmationDialog,
                {
                    body: _t(
                        "The form does not take over photos and new contact persons. Open it without them?"
                    ),
                    confirmLabel: _t("Full Form"),
                    confirm: () => resolve(true),
                    cancel: () => {},
                },
                { onClose: () => resolve(false) }
            )
        );
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
