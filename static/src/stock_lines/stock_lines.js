import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { Many2XAutocomplete } from "@web/views/fields/relational_utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What a customer has left: a line per usual product category with a quantity. An empty
 * quantity is not counted, 0 is none left.
 */
export class StockLines extends Component {
    static template = "customer_care.StockLines";
    static components = { Many2XAutocomplete };
    static props = {
        lines: Array,
        update: Function,
        readonly: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
    }

    get shown() {
        return this.props.readonly
            ? this.props.lines.filter(({ quantity }) => quantity !== null)
            : this.props.lines;
    }

    get fieldString() {
        return _t("Product Category");
    }

    getDomain() {
        return [["id", "not in", this.props.lines.map((line) => line.category_id)]];
    }

    text({ quantity }) {
        return typeof quantity === "number"
            ? formatFloat(quantity, { digits: [16, 2], trailingZeros: false })
            : quantity || "";
    }

    /** A quantity that is no number is kept as typed, and refused when it is filed. */
    enter(line, text) {
        const typed = text.trim();
        let quantity = typed || null;
        try {
            quantity = typed ? parseFloat(typed) : null;
        } catch {
            // says so when it is filed
        }
        this.props.update(
            this.props.lines.map((other) =>
                other.category_id === line.category_id ? { ...line, quantity } : other
            )
        );
    }

    /** Another category, from the list or from the search dialog, which has ids only */
    async add([{ id }]) {
        const [{ name }] = await this.orm.read("product.category", [id], ["name"]);
        const line = { category_id: id, name, quantity: null, hint: "" };
        this.props.update([...this.props.lines, line]);
    }
}

export class StockLinesField extends Component {
    static template = "customer_care.StockLinesField";
    static components = { StockLines };
    static props = { ...standardFieldProps };

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    update(lines) {
        this.props.record.update({ [this.props.name]: lines });
    }
}

export const stockLines = {
    component: StockLinesField,
    displayName: _t("Stock Left"),
    supportedTypes: ["json"],
};

registry.category("fields").add("care_stock_lines", stockLines);
