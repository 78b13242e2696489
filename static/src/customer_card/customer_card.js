import { Component, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { SatisfactionHistory } from "../satisfaction_history/satisfaction_history";
import { SlaBadge } from "../sla_timer/sla_timer";
import { TierTimeline } from "../tier_timeline/tier_timeline";

const BAR = 20;
const HEIGHT = 48;
const COMPLETE = 90;
const POOR = 60;
/** Which states call for attention, and how loudly. */
const TONES = {
    care_purchase_state: {
        growing: "success",
        new: "info",
        falling: "warning",
        dormant: "warning",
        lost: "danger",
    },
    care_credit_state: {
        good: "success",
        slow: "warning",
        bad: "danger",
        limit: "danger",
    },
    care_operating_state: {
        growing: "success",
        declining: "warning",
        suspended: "danger",
    },
    care_financial_state: { sound: "success", tight: "warning", troubled: "danger" },
};

/** What cards of all sizes say, in words, colours and links; they have a ``card``. */
class Card extends Component {
    setup() {
        this.action = useService("action");
    }

    /** Facts without a tone are words; the others are badges on top. */
    get facts() {
        return this.card.facts.filter(({ name }) => !TONES[name]);
    }

    get badges() {
        return this.card.facts
            .filter(({ name, state }) => TONES[name] && state !== "none")
            .map((fact) => ({
                ...fact,
                tone: TONES[fact.name][fact.state] || "secondary",
            }));
    }

    get scoreTone() {
        if (this.card.score >= COMPLETE) {
            return "success";
        }
        return this.card.score >= POOR ? "warning" : "danger";
    }

    /** Colour and arrow of a score; the company sets which scores are low. */
    satisfaction({ score, level, band }, trend) {
        const arrows = { up: "↑", down: "↓", same: "→" };
        let tone = ["high", "very_high"].includes(level) ? "success" : "warning";
        if (band === "low") {
            tone = "danger";
        }
        return { tone, text: `${Math.round(score)} ${arrows[trend] || ""}`.trim() };
    }

    day(value) {
        return value ? formatDate(deserializeDate(value)) : "";
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

/**
 * Who is this customer? Everything on one screen, from one value of the server that is
 * read when the tab is opened, and again when the form is loaded or saved.
 */
export class CustomerCard extends Card {
    static template = "customer_care.CustomerCard";
    static components = { SatisfactionHistory, SlaBadge, TierTimeline };
    static props = { ...standardWidgetProps };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.state = useState({ card: false });
        this.last = new KeepLast();
        useRecordObserver((record) => this.load(record));
    }

    /** ``data`` is another object after each loading or saving of the record. */
    async load(record) {
        const known = record.data && record.resId;
        const [row] = await this.last.add(
            known
                ? this.orm.webRead(record.resModel, [known], {
                      specification: { care_card: {} },
                  })
                : Promise.resolve([])
        );
        this.state.card = row?.care_card || false;
    }

    get card() {
        return this.state.card;
    }

    /** The latest answer about satisfaction; others may be about recommending only. */
    get lastScore() {
        const known = this.card.satisfaction.find(({ score }) => score !== null);
        return known && this.satisfaction(known, this.card.satisfaction_trend);
    }

    get riskTone() {
        const tones = {
            high: "danger",
            lost: "danger",
            medium: "warning",
            low: "success",
        };
        return tones[this.card.outlook.band] || "secondary";
    }

    get monthly() {
        return this.money(this.card.monthly);
    }

    money(amount) {
        return formatMonetary(amount, {
            currencyId: this.card.currency,
            digits: [16, 0],
        });
    }

    /** What a promise costs, in its own currency */
    cost({ cost, currency }) {
        return formatMonetary(cost, { currencyId: currency });
    }

    ratio(value) {
        return formatFloat(value, { digits: [16, 2] });
    }

    get share() {
        return formatFloat(this.card.share, { digits: [16, 2] });
    }

    get trend() {
        const months = this.card.trend;
        const most = Math.max(...months.map(({ amount }) => amount), 1);
        return {
            width: BAR * months.length,
            height: HEIGHT,
            total: this.money(months.reduce((sum, { amount }) => sum + amount, 0)),
            bars: months.map(({ month, amount }, index) => {
                const height = Math.max((HEIGHT * Math.max(amount, 0)) / most, 1);
                return {
                    x: index * BAR + 2,
                    y: HEIGHT - height,
                    width: BAR - 4,
                    height,
                    title: `${this.month(month)}: ${this.money(amount)}`,
                };
            }),
            from: this.month(months[0].month),
            to: this.month(months.at(-1).month),
        };
    }

    month(day) {
        return deserializeDate(day).toLocaleString({ month: "short", year: "numeric" });
    }

    /** When a complaint came in, in words: "3 hours ago". */
    ago(value) {
        return deserializeDateTime(value).toRelative();
    }

    isPast(day) {
        return (
            Boolean(day) && deserializeDate(day) < luxon.DateTime.now().startOf("day")
        );
    }

    label(kind, key) {
        return this.card.labels[kind]?.[key] || "";
    }

    /** What a dot stands for: how it was at that contact, and when. */
    faceLabel({ satisfaction, date }) {
        return [this.label("satisfaction", satisfaction), this.day(date)]
            .filter(Boolean)
            .join(", ");
    }

    get verified() {
        const { verified, names } = this.card;
        if (!verified) {
            return _t("Never verified");
        }
        const by = names.care_verified_user_id;
        return by
            ? _t("Verified on %(day)s by %(person)s", {
                  day: this.day(verified),
                  person: by,
              })
            : _t("Verified on %s", this.day(verified));
    }

    get made() {
        const { made, names } = this.card;
        const by = names.care_card_user_id;
        return by
            ? _t("Card created on %(day)s by %(person)s", {
                  day: this.day(made),
                  person: by,
              })
            : _t("Card created on %s", this.day(made));
    }

    openReferrals() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Referred Customers"),
            res_model: "res.partner",
            domain: [["care_source_partner_id", "=", this.card.id]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    /** Press a button of the customer, so to say; what is typed is saved before. */
    async press(method) {
        if (await this.props.record.save()) {
            this.action.doActionButton({
                type: "object",
                name: method,
                resModel: "res.partner",
                resId: this.card.id,
                onClose: () => this.props.record.load(),
            });
        }
    }
}

registry.category("view_widgets").add("care_customer_card", {
    component: CustomerCard,
});

/** The essentials of the card for an opportunity. */
export class CardEssentials extends Card {
    static template = "customer_care.CardEssentials";
    static components = { SlaBadge };
    static props = { ...standardFieldProps };

    get card() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("care_card_essentials", {
    component: CardEssentials,
    displayName: _t("Customer Card"),
    supportedTypes: ["json"],
});
