import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatFloat } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { CampaignDepartments } from "./campaign_departments";
import { CampaignAccounts, CampaignSales, CampaignTopics } from "./campaign_insights";

const TONES = {
    very_high: "#1a8754",
    high: "#7fbf7b",
    neutral: "#c9c9c9",
    low: "#f4a259",
    very_low: "#d1495b",
};
const DARK = new Set(["very_high", "very_low"]);
const SIZE = 320;
const EDGE = 36;
const HALF = 50;
const DOT = 4.5;
const LABEL = 16;
const FAR = 9;

/**
 * Put the number of each point beside it, where it covers no other number or point. Points
 * stay where they are; a number that is moved away gets a line to its point.
 */
function placeLabels(points) {
    const taken = points.map(({ x, y }) => ({ x, y, room: LABEL / 2 + DOT }));
    for (const point of points) {
        let place = { x: point.x, y: point.y - LABEL };
        search: for (let ring = 1; ring <= FAR; ring++) {
            for (let turn = 0; turn < 8 * ring; turn++) {
                const angle = (turn * 2 * Math.PI) / (8 * ring) - Math.PI / 2;
                const tried = {
                    x: point.x + ring * LABEL * 0.8 * Math.cos(angle),
                    y: point.y + ring * LABEL * 0.8 * Math.sin(angle),
                };
                const inside = [tried.x, tried.y].every(
                    (value) => value > LABEL / 2 && value < SIZE - LABEL / 2
                );
                if (
                    inside &&
                    taken.every(
                        ({ x, y, room }) => Math.hypot(x - tried.x, y - tried.y) >= room
                    )
                ) {
                    place = tried;
                    break search;
                }
            }
        }
        taken.push({ ...place, room: LABEL });
        point.label_x = place.x;
        point.label_y = place.y;
        point.led = Math.hypot(place.x - point.x, place.y - point.y) > LABEL;
    }
}

/**
 * What a campaign found out, with the definitions beside the figures. Counted when the tab
 * is opened, and again when the form is loaded.
 */
export class CampaignResults extends Component {
    static template = "customer_care.CampaignResults";
    static components = {
        CampaignAccounts,
        CampaignDepartments,
        CampaignSales,
        CampaignTopics,
    };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ results: false, campaign: false, weights: false });
        this.last = new KeepLast();
        useRecordObserver((record) => this.load(record));
    }

    async load(record) {
        const known = record.data && record.resId;
        const [row] = await this.last.add(
            known
                ? this.orm.webRead(record.resModel, [known], {
                      specification: { results: {} },
                  })
                : Promise.resolve([])
        );
        this.state.campaign = known || false;
        this.state.results = row?.results || false;
    }

    get results() {
        return this.state.results;
    }

    number(value, digits = 0) {
        return value === null || value === undefined || value === false
            ? "–"
            : formatFloat(value, { digits: [16, digits] });
    }

    signed(value) {
        return value > 0 ? `+${this.number(value)}` : this.number(value);
    }

    /** "95 %: 61–79", or that there is no answer. */
    interval(mean, signed = false) {
        if (!mean.count) {
            return _t("no answer");
        }
        const show = (value) => (signed ? this.signed(value) : this.number(value));
        return _t("95 % confidence interval: %(low)s to %(high)s", {
            low: show(mean.low),
            high: show(mean.high),
        });
    }

    get weightings() {
        const labels = {
            answer: _t("Each answer the same"),
            tier: _t("By customers in each tier"),
            sales: _t("By sales"),
        };
        return (this.results.weightings || []).map((weighting) => ({
            ...weighting,
            label: labels[weighting.key],
        }));
    }

    /** Figures by the weights that the reader has chosen, at first the usual ones */
    get figures() {
        const weightings = this.results.weightings || [];
        return (
            weightings.find(({ key }) => key === this.state.weights) ||
            weightings[0] ||
            this.results
        );
    }

    weigh(key) {
        this.state.weights = key;
    }

    get levels() {
        return this.figures.levels.map((level) => ({
            ...level,
            color: TONES[level.key],
            text: DARK.has(level.key) ? "#fff" : "#222",
        }));
    }

    /** Importance to the right, satisfaction upwards; what is important and bad is red. */
    get chart() {
        const span = SIZE - 2 * EDGE;
        const points = this.results.dimensions
            .map((dimension, index) => ({
                ...dimension,
                number: index + 1,
                x: EDGE + (span * dimension.importance) / 100,
                y: SIZE - EDGE - (span * dimension.satisfaction) / 100,
                urgent:
                    dimension.importance >= HALF &&
                    dimension.ratio !== null &&
                    dimension.ratio < 1,
            }))
            .filter(
                ({ importance, satisfaction }) =>
                    importance !== null && satisfaction !== null
            );
        placeLabels(points);
        return { size: SIZE, edge: EDGE, span, middle: EDGE + span / 2, points };
    }

    /** Below 1 is never shown as 1.00. */
    ratio(value) {
        const shown = value < 1 && value > 0.99 ? 0.99 : value;
        return this.number(shown, 2);
    }

    ratioTone(ratio) {
        if (ratio === null) {
            return "";
        }
        return ratio < 1 ? "text-danger" : "text-success";
    }

    /** AAPOR's names are the same in all languages. */
    get rates() {
        const response = this.results.response;
        return [
            { key: "RR1", label: _t("Response rate"), value: response.response },
            {
                key: "RR2",
                label: _t("Response rate, partial answers included"),
                value: response.response_partial,
            },
            {
                key: "COOP1",
                label: _t("Cooperation rate"),
                value: response.cooperation,
            },
            { key: "REF1", label: _t("Refusal rate"), value: response.refusal },
            { key: "CON1", label: _t("Contact rate"), value: response.contact },
        ];
    }

    /** What the figures of all customers rest on */
    get basis() {
        const { population, unrepresented } = this.results;
        const { key, score, without } = this.figures;
        const weighted = key ? key === "tier" : this.results.weighted;
        const words = [];
        if (population) {
            words.push(
                _t("%(answers)s of the %(population)s customers who could be asked", {
                    answers: score.count,
                    population,
                })
            );
        }
        if (weighted && score.plain !== undefined) {
            words.push(
                _t(
                    "weighted by tier (mean of the answers: %s)",
                    this.number(score.plain)
                )
            );
        }
        if (key === "sales") {
            words.push(
                _t(
                    "weighted by sales: as sure as %s answers of equal weight",
                    this.number(score.effective, 1)
                )
            );
            if (without) {
                words.push(_t("%s customers without sales do not count", without));
            }
        }
        if (weighted && unrepresented) {
            words.push(
                _t("%s customers are in tiers without an answer", unrepresented)
            );
        }
        return words;
    }

    change(change) {
        return _t("%(change)s points (95 %: %(low)s to %(high)s)", {
            change: this.signed(change.value),
            low: this.signed(change.low),
            high: this.signed(change.high),
        });
    }

    get comparedWith() {
        return _t("Compared with %s", this.results.previous.name);
    }

    /** Measured coverage, for as many answers as were simulated */
    get simulated() {
        const coverage = this.results.coverage;
        return coverage
            ? _t(
                  "In simulations of very different customers, intervals of campaigns of this size contained the true figure in at least %s %% of cases.",
                  this.number(coverage, 1)
              )
            : "";
    }

    get changes() {
        const usual = this.results.weightings?.[0] || this.results;
        const changes =
            (this.figures.key === usual.key && this.results.previous?.changes) || {};
        return [
            ["score", _t("Satisfaction")],
            ["nps", _t("NPS")],
        ]
            .filter(([key]) => changes[key])
            .map(([key, label]) => ({
                key,
                label,
                words: this.change(changes[key]),
                significant: changes[key].significant,
            }));
    }

    /** Whether groups answered more often than chance explains */
    chance(group) {
        if (group.chance === null) {
            return _t("Too few to tell whether this is more than chance.");
        }
        return group.chance < 0.05
            ? _t(
                  "They differ by more than chance (p = %s): those who did not answer may think otherwise.",
                  this.number(group.chance, 3)
              )
            : _t(
                  "No more different than by chance (p = %s).",
                  this.number(group.chance, 2)
              );
    }

    get derivedFrom() {
        const target = this.results.dimensions[0]?.target;
        if (!target) {
            return "";
        }
        return target === "nps"
            ? _t("Derived: correlation with the recommendation")
            : _t("Derived: correlation with overall satisfaction");
    }
}

registry.category("view_widgets").add("care_campaign_results", {
    component: CampaignResults,
});
