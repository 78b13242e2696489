import {
    Component,
    onWillStart,
    onWillUpdateProps,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const MODEL = "care.complaint";
const PAUSE = 400; // ms without typing until the server is asked

/** Solved complaints, answers and proposals, of which one is used by a click. */
export class Hints extends Component {
    static template = "customer_care.Hints";
    static props = {
        hints: Object,
        use: Function, // (kind, row): a complaint or an answer
        accept: Function, // (proposal)
        compact: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get isEmpty() {
        const { complaints, knowledge, proposals } = this.props.hints;
        return !complaints.length && !knowledge.length && !proposals.length;
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

/** Hints for a record of a form, saved or not. */
function fetchHints(orm, { resId, data }) {
    if (resId) {
        return orm.call(MODEL, "care_similar", [[resId]]);
    }
    const { body } = new DOMParser().parseFromString(
        `${data.description || ""}`,
        "text/html"
    );
    return orm.call(MODEL, "care_hotline_hints", [
        data.subject || "",
        body.textContent,
    ]);
}

/** What hints depend on: a saved record's text is read on the server. */
function hintsKey({ resId, data }) {
    return resId || `${data.subject || ""}\n${data.description || ""}`;
}

/** The page of a complaint with what was solved before. */
export class Similar extends Component {
    static template = "customer_care.Similar";
    static components = { Hints };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ hints: null });
        this.last = new KeepLast();
        this.key = hintsKey(this.props.record);
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => {
            const key = hintsKey(record);
            if (key !== this.key) {
                this.key = key;
                return this.load(record);
            }
        });
    }

    async load(record) {
        this.state.hints = await this.last.add(fetchHints(this.orm, record));
    }

    /** Also to its end when the user goes to another page of the form meanwhile. */
    async call(method, ...args) {
        const { record } = this.props;
        const { orm } = this.env.services;
        if (!(await record.save())) {
            return false;
        }
        await orm.call(MODEL, method, [[record.resId], ...args]);
        await record.load();
        return true;
    }

    async use(kind, row) {
        const { notification } = this.env.services;
        const method =
            kind === "knowledge" ? "care_use_knowledge" : "care_use_solution";
        if (await this.call(method, row.id)) {
            notification.add(_t("Added to the solution"), { type: "success" });
        }
    }

    async accept(proposal) {
        if (await this.call("care_accept_proposal", proposal.field)) {
            await this.load(this.props.record);
        }
    }
}

registry.category("view_widgets").add("care_similar", {
    component: Similar,
});

/** In the head of the form: how much there is, to open the page. */
export class SimilarHead extends Component {
    static template = "customer_care.SimilarHead";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({ lines: [] });
        this.last = new KeepLast();
        const lookSoon = useDebounced(() => this.look(), PAUSE);
        useEffect(
            (resId) => {
                this.state.lines = [];
                return resId ? void this.look() : void lookSoon();
            },
            () => [this.props.record.resId, hintsKey(this.props.record)]
        );
    }

    async look() {
        const { complaints, knowledge } = await this.last.add(
            fetchHints(this.orm.silent, this.props.record)
        );
        const lines = [];
        if (complaints.length) {
            const [{ subject }] = complaints;
            const count = complaints.length;
            lines.push(_t("%(count)s similar solved: %(subject)s", { count, subject }));
        }
        if (knowledge.length) {
            const [{ question }] = knowledge;
            const count = knowledge.length;
            lines.push(
                count === 1
                    ? _t("Known answer: %s", question)
                    : _t("%(count)s known answers: %(question)s", { count, question })
            );
        }
        this.state.lines = lines;
    }

    openPage() {
        const form = this.root.el.closest(".o_form_view");
        const tab = form.querySelector(".o_notebook .nav-link[name=similar]");
        tab?.click();
        tab?.scrollIntoView({ behavior: "smooth", block: "start" });
    }
}

registry.category("view_widgets").add("care_similar_head", {
    component: SimilarHead,
    fieldDependencies: [
        { name: "subject", type: "char" },
        { name: "description", type: "html" },
    ],
});

/** The same at the hotline, while the caller speaks. */
export class HotlineHints extends Component {
    static template = "customer_care.HotlineHints";
    static components = { Hints };
    static props = {
        subject: String,
        description: String,
        use: Function, // (text)
        accept: Function, // (proposal)
        chosen: { type: Array, element: String, optional: true }, // fields with a value
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ hints: null });
        this.last = new KeepLast();
        this.lookSoon = useDebounced((props) => this.look(props), PAUSE);
        onWillStart(async () => {
            this.shown = await user.hasGroup("customer_care.group_care_knowledge");
        });
        onWillUpdateProps((next) => {
            const { subject, description } = this.props;
            if (
                this.shown &&
                (next.subject !== subject || next.description !== description)
            ) {
                this.lookSoon(next);
            }
        });
    }

    async look({ subject, description }) {
        this.state.hints = await this.last.add(
            this.orm.call(MODEL, "care_hotline_hints", [subject, description])
        );
    }

    get hints() {
        const { hints } = this.state;
        const chosen = this.props.chosen || [];
        return {
            ...hints,
            proposals: hints.proposals.filter(
                ({ field }) => field === "category_id" && !chosen.includes(field)
            ),
        };
    }

    use(kind, row) {
        this.props.use(kind === "knowledge" ? row.answer : row.solution);
    }
}
