import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { SlaBadge } from "../sla_timer/sla_timer";

const MODEL = "care.onboarding";
const ALMOST_ALL = 0.9;
const TITLES = {
    tiers: _t("What is a good customer for you?"),
    review: _t("First review"),
    team: _t("Who looks after whom?"),
    plan: _t("Who sees customers, and how often?"),
    complaint: _t("Complaints"),
};
const ENTRIES = {
    reviews: { title: _t("Reviews to approve"), icon: "fa-balance-scale" },
    late: { title: _t("Late complaints"), icon: "fa-clock-o", tone: "danger" },
    handler: { title: _t("Complaints without handler"), icon: "fa-user-times" },
    mails: { title: _t("Mails to review"), icon: "fa-envelope-o" },
    unassigned: { title: _t("Contacts without person"), icon: "fa-user-o" },
    missed: { title: _t("Missed contacts"), icon: "fa-calendar-times-o" },
    cards: { title: _t("Cards to verify"), icon: "fa-id-card-o" },
    calls: { title: _t("Customers to call"), icon: "fa-phone" },
    follow_ups: { title: _t("Answers to follow up"), icon: "fa-comment-o" },
    risk_cases: { title: _t("Cases of customers at risk"), icon: "fa-life-ring" },
    reorders: { title: _t("Reorders due this week"), icon: "fa-shopping-basket" },
};
const PRESETS = {
    pair: {
        title: _t("Sales rep and account manager"),
        text: _t("Two people look after each customer. Fits most companies."),
    },
    franchise: {
        title: _t("Seven roles of a franchise distributor"),
        text: _t("With consultants, brand, sales, logistics and general managers."),
    },
    key: {
        title: _t("Key accounts only"),
        text: _t("Only customers of key-account tiers have a contact plan."),
    },
};
const SOURCES = {
    customer: _t("set on the customer"),
    order: _t("from the last order"),
    opportunity: _t("from an open opportunity"),
};

/** Results of thresholds on the company's own sales, while one types. */
export class TierSimulation extends Component {
    static template = "customer_care.TierSimulation";
    static props = { step: Object, currencyId: Number, run: Function, call: Function };

    setup() {
        this.keepLast = new KeepLast();
        this.state = useState({ method: this.props.step.method, rows: [], values: {} });
        this.reset();
        this.refresh = useDebounced(() => this.simulate(), 150);
        onWillStart(async () => {
            if (this.sales) {
                await this.simulate();
            }
        });
    }

    get sales() {
        return this.props.step.sales;
    }

    reset() {
        for (const { id, amount, share } of this.props.step.tiers) {
            this.state.values[id] = { amount, share };
        }
    }

    get byAmount() {
        return this.state.method !== "share";
    }

    get byShare() {
        return this.state.method !== "amount";
    }

    get rows() {
        const { customers, total, months } = this.sales || {};
        const results = Object.fromEntries(this.state.rows.map((row) => [row.id, row]));
        return this.props.step.tiers.map((tier, index, tiers) => {
            const { count = 0, amount = 0 } = results[tier.id] || {};
            const sales = total ? (100 * amount * months) / total : 0;
            return {
                tier,
                count,
                amount: this.money(amount),
                share: formatFloat(sales, { digits: [0, 0] }),
                width: Math.max(0, Math.min(100, sales)),
                customers: customers
                    ? formatFloat((100 * count) / customers, { digits: [0, 0] })
                    : "0",
                last: index === tiers.length - 1,
            };
        });
    }

    /** What a reader should know before using these thresholds. */
    get warning() {
        const { customers, total } = this.sales;
        if (!customers) {
            return _t(
                "No customer has a confirmed order or a posted invoice yet. Set the amounts you expect, and come back after the first sales."
            );
        }
        if (!(total > 0)) {
            return _t(
                "Nothing was sold in this window, so every customer would be in the last tier."
            );
        }
        const most = this.rows.find((row) => row.count >= ALMOST_ALL * customers);
        if (most && customers > 1) {
            return _t(
                "Nearly all customers would be in tier %s. Try the proposal, or other amounts.",
                most.tier.code
            );
        }
        return "";
    }

    get summary() {
        return _t("%(count)s customers, %(amount)s a month", {
            count: this.sales.customers,
            amount: this.money(this.sales.total / this.sales.months),
        });
    }

    windowLabel(months) {
        return _t("Last %s months", months);
    }

    money(amount) {
        return formatMonetary(amount, {
            currencyId: this.props.currencyId,
            digits: [0, 0],
        });
    }

    set(tier, name, ev) {
        this.state.values[tier.id][name] = Number(ev.target.value) || 0;
        this.refresh();
    }

    setMethod(ev) {
        this.state.method = ev.target.value;
        this.refresh();
    }

    propose() {
        this.sales.proposal.forEach((amount, index) => {
            this.state.values[this.props.step.tiers[index].id].amount = amount;
        });
        this.simulate();
    }

    async simulate() {
        this.state.rows = await this.keepLast.add(
            this.props.call("simulate", [this.state.method, this.values])
        );
    }

    get values() {
        return JSON.parse(JSON.stringify(this.state.values));
    }

    async read(months) {
        await this.props.run("read_sales", [months, this.sales?.source]);
        await this.simulate();
    }

    async readWindow(ev) {
        await this.read(Number(ev.target.value));
    }

    async readSource(ev) {
        await this.props.run("read_sales", [this.sales.months, ev.target.value]);
        await this.simulate();
    }

    async use() {
        await this.props.run("use_tiers", [this.state.method, this.values]);
    }
}

/** Setup in five steps for administrators, and what needs attention today. */
export class Overview extends Component {
    static template = "customer_care.Overview";
    static components = { SlaBadge, TierSimulation };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.titles = TITLES;
        this.presets = PRESETS;
        this.sources = SOURCES;
        this.state = useState({
            setup: null,
            open: null,
            busy: false,
            entries: [],
            outlook: false,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const [setup, entries, outlook] = await Promise.all([
            this.orm.call(MODEL, "get_values", []),
            this.orm.call("care.overview", "get_values", []),
            this.orm.call("care.overview", "get_outlook", []),
        ]);
        this.show(setup);
        this.state.entries = entries;
        this.state.outlook = outlook;
        if (!setup.complete) {
            this.state.open = this.next()?.name || null;
        }
        this.state.wanted = this.props.action.params?.setup || false;
    }

    show(setup) {
        this.state.setup = setup;
    }

    get steps() {
        return this.state.setup.steps.map((step, index) => ({
            ...step,
            number: index + 1,
            title: TITLES[step.name],
        }));
    }

    get setupShown() {
        return !this.state.setup.dismissed || this.state.wanted;
    }

    get doneCount() {
        return this.state.setup.steps.filter((step) => step.state).length;
    }

    get entries() {
        return this.state.entries.map((entry) => ({
            ...entry,
            ...ENTRIES[entry.name],
        }));
    }

    get quiet() {
        return this.state.entries.every((entry) => !entry.count);
    }

    next() {
        return this.state.setup.steps.find((step) => !step.state);
    }

    call = (method, args = []) => this.orm.silent.call(MODEL, method, args);

    /** Do a step on the server and show its result; then the next step opens. */
    run = async (method, args = []) => {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const before = this.next()?.name;
            this.show(await this.orm.call(MODEL, method, args));
            const after = this.next()?.name;
            if (before !== after) {
                this.state.open = after || null;
                this.state.entries = await this.orm.call(
                    "care.overview",
                    "get_values",
                    []
                );
            }
        } finally {
            this.state.busy = false;
        }
    };

    async toggle(name) {
        this.state.open = this.state.open === name ? null : name;
    }

    async skip(name) {
        await this.run("skip_step", [name]);
    }

    async dismiss() {
        this.show(await this.orm.call(MODEL, "dismiss", []));
        this.state.wanted = false;
    }

    /** Words that a closed step shows as its result. */
    result(step) {
        if (step.state === "skipped") {
            return _t("Skipped");
        }
        if (step.name === "tiers") {
            return step.state ? step.tiers.map((tier) => tier.code).join(" · ") : "";
        }
        if (step.name === "review") {
            return step.applied ? _t("%s customers classified", step.moves.all) : "";
        }
        if (step.name === "team") {
            return step.assigned ? _t("%s customers assigned", step.assigned) : "";
        }
        if (step.name === "plan") {
            return step.due ? _t("%s contacts due", step.due) : "";
        }
        return step.state ? step.team : "";
    }

    /** Sentences of a step; templates would cut them into pieces at each number. */
    say(step) {
        const { moves = {} } = step;
        return {
            classified: _t("%s customers have been classified.", moves.all),
            moves: _t(
                "%(fresh)s customers get their first tier, %(up)s move up and %(down)s move down. You can undo the review afterwards.",
                { fresh: moves.new, up: moves.up, down: moves.down }
            ),
            assigned: _t(
                "%s customers have somebody in their account team.",
                step.assigned
            ),
            proposed: _t(
                "A salesperson was found for %s customers that have nobody yet:",
                step.proposed
            ),
            more: _t("and %s more people", step.more),
            nobody: _t(
                "Nobody was found for %s customers: neither they nor their orders and opportunities have a salesperson. Set one on the customers.",
                step.nobody
            ),
            due: _t("%(due)s contacts are due for %(people)s people.", {
                due: step.due,
                people: step.people,
            }),
            lacking: _t(
                "%s of them have nobody: the account teams lack the role.",
                step.nobody
            ),
            team: _t(
                "Complaints go to the team “%(team)s”. Clocks run during its working hours: %(hours)s.",
                { team: step.team, hours: step.hours }
            ),
            mails: _t("Mails to %s become complaints.", step.email),
        };
    }

    get progress() {
        return _t("%(done)s of %(all)s steps", {
            done: this.doneCount,
            all: this.steps.length,
        });
    }

    source(person) {
        return Object.keys(SOURCES)
            .filter((source) => person[source])
            .map((source) => `${person[source]} ${SOURCES[source]}`)
            .join(", ");
    }

    total(person) {
        return Object.keys(SOURCES).reduce((sum, key) => sum + (person[key] || 0), 0);
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openList(xmlid) {
        this.action.doAction(`customer_care.${xmlid}`);
    }

    /** Sales at risk: a bar for each tier, as wide as its share of the largest. */
    get atRisk() {
        const { tiers, currency_id } = this.state.outlook;
        const most = Math.max(...tiers.map((tier) => tier.amount), 1);
        return tiers.map((tier) => ({
            ...tier,
            name: tier.code || _t("No tier"),
            amount: this.money(tier.amount, currency_id),
            customers: _t("Customers: %s", tier.count),
            width: (100 * tier.amount) / most,
        }));
    }

    get atRiskTotal() {
        const { amount, count, currency_id } = this.state.outlook;
        return _t("Purchases of 12 months: %(amount)s. Customers: %(count)s.", {
            amount: this.money(amount, currency_id),
            count,
        });
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId, digits: [0, 0] });
    }

    async openAtRisk(tierId) {
        this.action.doAction(
            await this.orm.call("care.overview", "open_sales_at_risk", [tierId])
        );
    }

    async openEntry(name) {
        const action = await this.orm.call("care.overview", "open_entry", [name]);
        if (action) {
            this.action.doAction(action);
        }
    }
}

registry.category("actions").add("customer_care.overview", Overview);
