import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { useCommand } from "@web/core/commands/command_hook";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { HotlineHints } from "../knowledge/similar";
import { SlaBadge } from "../sla_timer/sla_timer";

const MODEL = "care.complaint";
const PAUSE = 150; // ms without typing until the server is asked
const NUMBER = /^[+\d\s\\./()-]+$/;

/**
 * From the ringing phone to a recorded complaint: who calls, by one field, and what it
 * is about. Enter in the first chooses the customer, in the name of a new one it goes on
 * to the subject, and there it records.
 */
export class HotlineDialog extends Component {
    static template = "customer_care.HotlineDialog";
    static components = { Dialog, HotlineHints, SlaBadge };
    static props = {
        close: Function,
        number: { type: String, optional: true },
        callId: { type: Number, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.title = _t("Hotline");
        this.state = useState({
            text: this.props.number || "",
            searched: "",
            rows: [],
            place: 0,
            caller: false,
            saving: false,
        });
        this.values = useState(this.empty());
        this.lastSearch = new KeepLast();
        this.searchSoon = useDebounced(() => this.search(), PAUSE);
        useAutofocus({ refName: "text" });
        this.fields = {
            name: useRef("name"),
            subject: useRef("subject"),
            text: useRef("text"),
        };
        useEffect(
            (caller) => {
                const name = caller ? (caller.isNew ? "name" : "subject") : "text";
                this.fields[name].el?.focus();
            },
            () => [this.state.caller]
        );
        onWillStart(async () => {
            [this.categories, this.mayCreate] = await Promise.all([
                this.orm.searchRead("care.complaint.category", [], ["complete_name"], {
                    order: "complete_name",
                }),
                user.checkAccessRight("res.partner", "create"),
                this.props.number && this.search(),
            ]);
            if (this.props.number && this.state.rows.length === 1) {
                await this.choose(this.state.rows[0]);
            }
        });
        onMounted(() => {
            if (this.props.callId) {
                this.orm.call("care.call", "announce_shown", [this.props.callId]);
            }
        });
    }

    empty() {
        return {
            name: "",
            subject: "",
            description: "",
            category_id: "",
            order_id: "",
            solution: "",
        };
    }

    // ------------------------------------------------------------------
    // Who calls
    // ------------------------------------------------------------------

    async search() {
        const text = this.state.text.trim();
        const rows = text
            ? await this.lastSearch.add(
                  this.orm.call(MODEL, "care_hotline_find", [text])
              )
            : [];
        Object.assign(this.state, { rows, searched: text, place: 0 });
    }

    /** The customers found, and a new contact last. */
    get options() {
        const { rows, searched } = this.state;
        return searched && this.mayCreate ? [...rows, { id: 0, isNew: true }] : rows;
    }

    async onKeydown(ev) {
        const last = this.options.length - 1;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            const place = this.state.place + (ev.key === "ArrowDown" ? 1 : -1);
            this.state.place = Math.min(Math.max(place, 0), Math.max(last, 0));
        } else if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            // Who types fast does not wait for the list.
            if (this.state.searched !== this.state.text.trim()) {
                this.searchSoon.cancel();
                await this.search();
            }
            const option = this.options[this.state.place];
            if (option) {
                await this.choose(option);
            }
        }
    }

    async choose(option) {
        const text = this.state.searched;
        if (option.isNew) {
            this.values.name = NUMBER.test(text) || text.includes("@") ? "" : text;
            this.state.caller = { isNew: true, caller: text };
            return;
        }
        this.state.caller = await this.orm.call(MODEL, "care_hotline_customer", [
            option.id,
        ]);
    }

    back() {
        this.state.caller = false;
        this.values.order_id = "";
    }

    day(value) {
        return formatDate(deserializeDateTime(value));
    }

    isPast(day) {
        return (
            Boolean(day) && deserializeDate(day) < luxon.DateTime.now().startOf("day")
        );
    }

    alarmTone(alarm) {
        return alarm === "late" ? "danger" : "warning";
    }

    openComplaint(id) {
        return this.openRecord(MODEL, id);
    }

    openRecord(model, id) {
        this.props.close();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------
    // What it is about
    // ------------------------------------------------------------------

    get ready() {
        const { caller, saving } = this.state;
        const known = caller && (!caller.isNew || this.values.name.trim());
        return Boolean(known && this.values.subject.trim() && !saving);
    }

    onNameKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            this.fields.subject.el.focus();
        }
    }

    onSubjectKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            this.record();
        }
    }

    get chosen() {
        return this.values.category_id ? ["category_id"] : [];
    }

    useSolution(text) {
        this.values.solution = text;
    }

    acceptProposal({ field, id }) {
        this.values[field] = String(id);
    }

    async record(solved = false) {
        if (!this.ready) {
            return;
        }
        const { caller } = this.state;
        const { category_id, order_id, ...texts } = this.values;
        this.state.saving = true;
        try {
            const made = await this.orm.call(MODEL, "care_hotline_record", [
                {
                    ...texts,
                    partner_id: caller.id,
                    caller: caller.caller,
                    category_id: Number(category_id),
                    order_id: Number(order_id),
                    call_id: this.props.callId || false,
                },
                solved,
            ]);
            this.tell(made, solved);
            this.props.close();
        } finally {
            this.state.saving = false;
        }
    }

    tell({ id, name, subject, open }, solved) {
        this.notification.add(subject, {
            title: solved
                ? _t("%s has been solved", name)
                : _t("%s has been recorded", name),
            type: "success",
            buttons: open
                ? [
                      {
                          name: _t("Open the complaint"),
                          primary: true,
                          onClick: () => this.openComplaint(id),
                      },
                  ]
                : [],
        });
    }
}

export class HotlineButton extends Component {
    static template = "customer_care.HotlineButton";
    static props = {};

    setup() {
        this.calls = useService("customer_care.call");
        this.state = useState({ shown: false });
        onWillStart(async () => {
            this.state.shown = await user.hasGroup(
                "customer_care.group_care_complaint"
            );
        });
        useCommand(_t("Hotline: record a complaint"), () => this.open(), {
            hotkey: "alt+shift+p",
            global: true,
            hotkeyOptions: { bypassEditableProtection: true },
            isAvailable: () => this.state.shown,
        });
    }

    open() {
        this.calls.show();
    }
}

registry
    .category("systray")
    .add("customer_care.hotline", { Component: HotlineButton }, { sequence: 30 });

registry
    .category("actions")
    .add("care_hotline", (env, action) =>
        env.services["customer_care.call"].show(action.params)
    );
