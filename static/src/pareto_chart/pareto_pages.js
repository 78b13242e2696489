import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ParetoChart } from "./pareto_chart";

class ParetoPage extends Component {
    static components = { Layout, ParetoChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null });
        onWillStart(async () => {
            this.state.data = await this.load();
        });
    }

    get data() {
        return this.state.data;
    }

    formatShare(share) {
        return `${formatFloat(share, { digits: [16, share % 1 ? 1 : 0] })} %`;
    }
}

/** Which customers of a tier review make most of the sales, and where tiers end. */
export class ReviewPareto extends ParetoPage {
    static template = "customer_care.ReviewPareto";

    setup() {
        super.setup();
        this.description = _t("Purchases of customers, with their running share");
        this.amountLabel = _t("Purchases a month");
    }

    async load() {
        this.reviewId = this.props.action.context.active_id;
        const data = await this.orm.call("care.tier.review", "get_pareto", [
            this.reviewId,
        ]);
        this.env.config.setDisplayName(_t("Pareto of %s", data.title));
        return data;
    }

    tierText(tier) {
        return _t("%(tier)s: %(count)s customers, %(share)s", {
            tier: tier.id ? `${tier.code} · ${tier.name}` : _t("No tier"),
            count: formatInteger(tier.count),
            share: this.formatShare(tier.share),
        });
    }

    async open(bar) {
        if (bar.res_id) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "res.partner",
                res_id: bar.res_id,
                views: [[false, "form"]],
            });
        }
        return this.action.doAction(
            await this.orm.call("care.tier.review", "action_open_amounts", [
                this.reviewId,
                bar.low,
                bar.high,
            ])
        );
    }
}

/** Which few products make most of the sales. */
export class ProductPareto extends ParetoPage {
    static template = "customer_care.ProductPareto";

    setup() {
        super.setup();
        this.description = _t("Sales of products, with their running share");
        this.amountLabel = _t("Sales");
    }

    load() {
        return this.orm.call("care.product.pareto", "get_pareto", []);
    }

    get answer() {
        const [{ count, share }] = this.data.marks;
        return _t("%(count)s of %(total)s products make %(share)s of sales.", {
            count: formatInteger(count),
            total: formatInteger(this.data.total),
            share: this.formatShare(share),
        });
    }

    get explanation() {
        const day = (value) => formatDate(deserializeDate(value));
        return _t(
            "Confirmed orders from %(start)s to %(end)s, untaxed, that you may read. The line adds up the products' share of all sales. Click a bar to open the product.",
            { start: day(this.data.date_from), end: day(this.data.date_to) }
        );
    }

    open(bar) {
        return (
            bar.res_id &&
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "product.product",
                res_id: bar.res_id,
                views: [[false, "form"]],
            })
        );
    }
}

registry.category("actions").add("care_review_pareto", ReviewPareto);
registry.category("actions").add("care_product_pareto", ProductPareto);
