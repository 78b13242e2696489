import { Component } from "@odoo/owl";
import {
    formatFloat,
    formatInteger,
    formatMonetary,
} from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";

/** Migration of customers from tier (row) to tier (column); a cell opens its lines. */
export class MigrationMatrix extends Component {
    static template = "customer_care.MigrationMatrix";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
    }

    get matrix() {
        return this.props.record.data[this.props.name] || { tiers: [], cells: [] };
    }

    get columns() {
        const tiers = [...this.matrix.tiers];
        if (this.matrix.cells.some((cell) => !cell.to)) {
            tiers.push({ id: false, code: _t("None"), name: _t("No tier"), color: 0 });
        }
        return tiers;
    }

    get rows() {
        const tiers = [...this.matrix.tiers];
        if (this.matrix.cells.some((cell) => !cell.from)) {
            tiers.push({ id: false, code: _t("None"), name: _t("No tier"), color: 0 });
        }
        const columns = this.columns;
        return tiers.map((tier, row) => ({
            tier,
            cells: columns.map((to, column) => this.cell(tier, to, row, column)),
            ...this.total((cell) => cell.from === tier.id),
        }));
    }

    get totals() {
        return this.columns.map((to) => this.total((cell) => cell.to === to.id));
    }

    cell(from, to, row, column) {
        const kind =
            from.id === to.id
                ? "same"
                : from.id === false
                  ? "new"
                  : column < row
                    ? "up"
                    : "down";
        return {
            from,
            to,
            kind,
            ...this.total((cell) => cell.from === from.id && cell.to === to.id),
        };
    }

    total(wanted) {
        const cells = this.matrix.cells.filter(wanted);
        return {
            count: cells.reduce((sum, cell) => sum + cell.count, 0),
            amount: cells.reduce((sum, cell) => sum + cell.amount, 0),
        };
    }

    formatCount(count) {
        return formatInteger(count);
    }

    /** In full on a wide screen, as 12.3k on a phone. */
    formatAmount(amount) {
        if (this.ui.isSmall) {
            const decimals = amount < 1000 ? 0 : 1;
            return formatFloat(amount, { humanReadable: true, decimals });
        }
        return formatMonetary(Math.round(amount), {
            currencyId: this.matrix.currency_id,
            digits: [16, 0],
        });
    }

    label(cell) {
        return _t("%(count)s customers from %(from)s to %(to)s, %(amount)s a month", {
            count: this.formatCount(cell.count),
            from: cell.from.code,
            to: cell.to.code,
            amount: this.formatAmount(cell.amount),
        });
    }

    async open(cell) {
        this.action.doAction(
            await this.orm.call("care.tier.review", "action_open_cell", [
                [this.props.record.resId],
                cell.from.id,
                cell.to.id,
            ])
        );
    }
}

export const migrationMatrix = {
    component: MigrationMatrix,
    displayName: _t("Migration Matrix"),
    supportedTypes: ["json"],
};

registry.category("fields").add("care_migration_matrix", migrationMatrix);
