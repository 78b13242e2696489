from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

USUAL_CATEGORIES = 6
"""So many product categories of a customer are offered for counting."""


class CareInteraction(models.Model):
    """Stock counted at a visit is a part of its report."""

    _inherit = "care.interaction"

    stock_count_ids = fields.One2many(
        "care.stock.count", "interaction_id", "Counted Stock", copy=False
    )
    stock_lines = fields.Json(
        "Counted Quantities",
        compute="_compute_stock_lines",
        inverse="_inverse_stock_lines",
        copy=False,
        exportable=False,
    )

    @api.depends(
        "partner_id",
        "company_id",
        "stock_count_ids.category_id",
        "stock_count_ids.quantity",
    )
    def _compute_stock_lines(self):
        for report in self:
            report.stock_lines = report._stock_lines(
                report.partner_id, report.company_id, report.stock_count_ids
            )

    @api.model
    def _stock_lines(self, partner, company, counts):
        """The categories that the customer usually buys, and those counted: what the
        form and the report sheet show. A quantity of None is not counted."""
        lines = {}
        if self.env["care.risk.case"]._is_outlook_on() and partner:
            rows = self.env["care.outlook.category"].search(
                [
                    ("partner_id", "=", partner._origin.id),
                    ("company_id", "=", company._origin.id),
                    ("category_id", "not in", counts.category_id.ids),
                ],
                limit=USUAL_CATEGORIES,
                order="order_count desc, last_order_date desc, id",
            )
            lines = {row.category_id: (None, self._stock_hint(row)) for row in rows}
        lines = {count.category_id: (count.quantity, "") for count in counts} | lines
        return [
            {
                "category_id": category.id,
                "name": category.name,
                "quantity": quantity,
                "hint": hint,
            }
            for category, (quantity, hint) in lines.items()
        ]

    def _stock_hint(self, row):
        return self.env._(
            "Usually %(quantity)s, last bought on %(date)s",
            date=format_date(self.env, row.last_order_date),
            quantity=f"{row.quantity:g}",
        )

    def _inverse_stock_lines(self):
        """A line without quantity takes back the count of its category."""
        Count = self.env["care.stock.count"]
        for report in self:
            entered = report._read_stock_lines(report.stock_lines)
            counted = {count.category_id.id: count for count in report.stock_count_ids}
            for category, quantity in entered.items():
                count = counted.get(category, Count)
                if quantity is None:
                    count.unlink()
                elif not count:
                    Count.create(
                        {
                            "interaction_id": report.id,
                            "category_id": category,
                            "quantity": quantity,
                        }
                    )
                elif count.quantity != quantity:
                    count.quantity = quantity
        self.invalidate_recordset(["stock_lines"])

    @api.model
    def _read_stock_lines(self, lines):
        """:return: {category id: quantity or None} of what the browser sent, checked"""
        entered = {}
        for line in lines or ():
            values = line if isinstance(line, dict) else {}
            category, quantity = values.get("category_id"), values.get("quantity")
            if type(category) is not int or not _is_quantity(quantity):
                raise UserError(
                    self.env._("A counted quantity of this report is no number.")
                )
            if category in entered:
                raise UserError(
                    self.env._(
                        "A product category is counted once in a report. Correct the "
                        "quantity there."
                    )
                )
            entered[category] = quantity
        categories = self.env["product.category"].browse(entered).exists()
        return {category.id: entered[category.id] for category in categories}

    def _stock_count_vals(self):
        """What the counts of a report have from it"""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id or self.env.uid,
            "date": self.date,
        }

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "company_id", "user_id", "date_start"} & vals.keys():
            for report in self.filtered("stock_count_ids"):
                report.stock_count_ids.sudo().write(report._stock_count_vals())
        return result

    # ------------------------------------------------------------
    # The report sheet
    # ------------------------------------------------------------

    @api.model
    def sheet_values(self, partner_id, target_id=False, interaction_id=False):
        values = super().sheet_values(partner_id, target_id, interaction_id)
        if self.env["care.risk.case"]._is_outlook_on():
            contact = self.browse(values["interaction_id"] or [])
            values["stock_lines"] = self._stock_lines(
                self.env["res.partner"].browse(values["partner_id"]),
                contact.company_id or self.env.company,
                contact.stock_count_ids,
            )
        return values

    def _sheet_vals(self, values):
        vals = super()._sheet_vals(values)
        if lines := values.get("stock_lines"):
            self._read_stock_lines(lines if isinstance(lines, list) else [None])
            vals["stock_lines"] = lines
        return vals


def _is_quantity(value):
    """A finite number, or None for not counted"""
    return value is None or (type(value) in (int, float) and isfinite(value))
