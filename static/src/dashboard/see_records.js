import { components, registries } from "@odoo/o-spreadsheet";
import { SEE_RECORD_LIST_VISIBLE } from "@spreadsheet/list/list_actions";
import { getFirstListFunction } from "@spreadsheet/list/list_helpers";
import { SEE_RECORDS_PIVOT } from "@spreadsheet/pivot/pivot_actions";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const SCORES = "care-score-";
const REPORT = /^care\.\w+\.report$/;

/** Odoo's scorecards open a menu, whatever the filters of the dashboard. Ours open the
 * records behind the number, with the period and the filters; the menu only where these
 * records cannot be read. */
patch(components.ScorecardChart.prototype, {
    async onClick() {
        const { getters } = this.env.model;
        const position = this.env.isDashboard() && this.carePosition();
        const pivotId = position && getters.getPivotIdFromPosition(position);
        const pivot = pivotId && getters.getPivot(pivotId);
        await pivot?.load();
        if (!pivot?.isValid()) {
            return super.onClick(...arguments);
        }
        await SEE_RECORDS_PIVOT(position, this.env);
    },

    /** The cell of the number */
    carePosition() {
        const { getters } = this.env.model;
        const { chartId } = this.props;
        if (!chartId.startsWith(SCORES)) {
            return undefined;
        }
        const { sheetId, zone } = getters.getRangeFromSheetXC(
            getters.getActiveSheetId(),
            getters.getChartDefinition(chartId).keyValue
        );
        return { sheetId, col: zone.left, row: zone.top };
    },
});

function reportOf(position, getters) {
    const listId = getters.getListIdFromPosition(position);
    const model = listId && getters.getListDefinition(listId).model;
    return REPORT.test(model) ? { listId, model } : undefined;
}

/** A row of a report opens what it is about, as in the report's own list. */
registries.clickableCellRegistry.add("care_report_list", {
    condition: (position, getters) =>
        SEE_RECORD_LIST_VISIBLE(position, getters) && !!reportOf(position, getters),
    async execute(position, env, newWindow) {
        const { getters } = env.model;
        const { listId, model } = reportOf(position, getters);
        const { args } = getFirstListFunction(
            getters.getCorrespondingFormulaCell(position).compiledFormula.tokens
        );
        const source = await getters.getAsyncListDataSource(listId);
        const row = source.getIdFromPosition(Number(args[1].value) - 1);
        if (row) {
            const action = await env.services.orm.call(model, "action_open", [[row]]);
            await env.services.action.doAction(action, { newWindow });
        }
    },
    sequence: 9,
    title: _t("Open record"),
});
