import { patch } from "@web/core/utils/patch";
import { GraphModel } from "@web/views/graph/graph_model";
import { tierColor } from "../tier_colors/tier_colors";

const TIER = "care.tier";

/** Graphs of all apps know the colours of the tiers by which they group. */
patch(GraphModel.prototype, {
    async _loadDataPoints({ fields, groupBy }) {
        const found = await super._loadDataPoints(...arguments);
        const isTier = ({ fieldName }) => fields[fieldName]?.relation === TIER;
        this.tierColors = null;
        if (groupBy.some(isTier) && !this.orm.isSample) {
            const tiers = await this.orm.searchRead(TIER, [], ["color"], {
                context: { active_test: false },
            });
            this.tierColors = new Map(tiers.map(({ id, color }) => [id, color]));
        }
        return found;
    },

    /**
     * Colour of each dataset: one, or one of each label, or null where the dataset
     * stands for something else than a tier.
     */
    getTierColors() {
        const { fields, groupBy, mode } = this.metaData;
        const place = groupBy.findIndex(
            ({ fieldName }) => fields[fieldName]?.relation === TIER
        );
        const alone = groupBy.length === 1;
        const isSeries = groupBy.length === 2 && place === 1 && mode !== "pie";
        if (!this.tierColors || place < 0 || !(alone || isSeries)) {
            return this.data.datasets.map(() => null);
        }
        const { spec } = groupBy[place];
        return this.data.datasets.map(({ identifiers }) => {
            const colors = [...identifiers].map((identifier) => {
                const [id] = JSON.parse(identifier)[place][spec] || [];
                return tierColor(this.tierColors.get(id));
            });
            return alone ? colors : colors[0];
        });
    },
});
