import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";

const number = (value, digits = 0) =>
    value === null || value === undefined || value === false
        ? "–"
        : formatFloat(value, { digits: [16, digits] });

/** Parts of the results of a campaign; each opens the records behind its figures. */
class Insight extends Component {
    static props = { results: Object, campaign: { type: [Number, Boolean] } };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get results() {
        return this.props.results;
    }

    number(value, digits) {
        return number(value, digits);
    }

    async open(method, ...args) {
        const action = await this.orm.call("care.campaign", method, [
            [this.props.campaign],
            ...args,
        ]);
        return this.action.doAction(action);
    }
}

/** Sales of the last 12 months behind low scores */
export class CampaignSales extends Insight {
    static template = "customer_care.CampaignSales";

    get sales() {
        return this.results.sales;
    }

    money(amount) {
        return formatMonetary(amount, {
            currencyId: this.sales.currency,
            digits: [16, 0],
        });
    }

    percent(part, whole) {
        return whole ? `${this.number((100 * part) / whole)} %` : "–";
    }

    get share() {
        const { amount, audience } = this.sales;
        return audience
            ? _t(
                  "%s of the sales of all customers of the audience",
                  this.percent(amount, audience)
              )
            : "";
    }

    /** How much of the business the answers speak for */
    get answered() {
        const { answered, audience } = this.sales;
        return audience
            ? _t("Customers who answered make %(share)s of these sales (%(amount)s).", {
                  share: this.percent(answered, audience),
                  amount: this.money(answered),
              })
            : "";
    }

    get rule() {
        return _t(
            "Score up to %s, as for follow-ups, or would not recommend. Sales are those of the last 12 months, untaxed.",
            this.number(this.sales.low)
        );
    }

    customers(count) {
        return count === 1 ? _t("1 customer") : _t("%s customers", count);
    }

    openCustomers(tier = null) {
        return this.open("action_view_at_risk", tier);
    }
}

/** Several persons of an account, and those who disagree */
export class CampaignAccounts extends Insight {
    static template = "customer_care.CampaignAccounts";

    get accounts() {
        return this.results.accounts;
    }

    get summary() {
        const { persons, accounts, several } = this.accounts;
        if (!several) {
            return _t("%s customers answered, with one person each so far.", accounts);
        }
        return _t(
            "%(persons)s persons of %(accounts)s customers answered; of %(several)s customers more than one person did.",
            { persons, accounts, several }
        );
    }

    get disagreeing() {
        return _t(
            "At %s customers, scores of two persons are 40 points or more apart:",
            this.accounts.split_count
        );
    }

    openCustomer(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

/** Comments by topic; a topic chosen shows its own */
export class CampaignTopics extends Insight {
    static template = "customer_care.CampaignTopics";

    setup() {
        super.setup();
        this.state = useState({ topic: null });
    }

    get topics() {
        return this.results.topics || [];
    }

    get chosen() {
        return this.topics.find(({ id }) => id === this.state.topic);
    }

    get comments() {
        return this.chosen?.comments || this.results.comments;
    }

    get more() {
        const hidden = this.chosen
            ? this.chosen.count - this.chosen.comments.length
            : 0;
        return hidden > 0 ? _t("and %s more", hidden) : "";
    }

    choose(id) {
        this.state.topic = this.state.topic === id ? null : id;
    }
}
