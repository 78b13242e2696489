from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CareRegion(models.Model):
    """A region of the company's market; regions can have parts."""

    _name = "care.region"
    _description = "Region"
    _inherit = ["care.named.tree"]
    _parent_store = True

    parent_id = fields.Many2one(
        "care.region", "Part of", ondelete="restrict", index=True
    )
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(
        default=10,
        help="Regions within the same one are listed by this number, then by name.",
    )
    child_ids = fields.One2many("care.region", "parent_id", "Subregions")
    customer_count = fields.Integer(compute="_compute_customer_count")

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(parent_id, 0))",
        "A region with this name already exists. Use that one.",
    )

    def _compute_customer_count(self):
        """Customers of the region and its parts: one query for all regions."""
        counts = {
            region.parent_path: count
            for region, count in self.env["res.partner"]._read_group(
                [("care_region_id", "child_of", self.ids), ("is_company", "=", True)]
                if self.ids
                else [("id", "=", False)],
                ["care_region_id"],
                ["__count"],
            )
        }
        for region in self:
            region.customer_count = sum(
                count
                for path, count in counts.items()
                if region.parent_path and path.startswith(region.parent_path)
            )

    def _care_sql_sort_key(self, alias):
        """North, east, south and west as the company lists them, whatever their names
        in the reader's language"""
        return SQL(
            "lpad((%s::bigint + 3000000000)::text, 10, '0') || (%s)",
            SQL("COALESCE(%s, 0)", self._field_to_sql(alias, "sequence")),
            super()._care_sql_sort_key(alias),
        )

    def write(self, vals):
        """Odoo would say "Recursion Detected."."""
        parent = self.browse(vals.get("parent_id"))
        if parent and any(
            f"/{region.id}/" in f"/{parent.parent_path}" for region in self
        ):
            raise ValidationError(
                self.env._("A region cannot be its own parent. Choose another one.")
            )
        return super().write(vals)

    def action_open_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.customer_action"
        )
        return action | {
            "domain": [
                ("care_region_id", "child_of", self.id),
                ("is_company", "=", True),
            ],
            "context": {"default_care_region_id": self.id, "default_is_company": True},
        }
