from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

DAYS_AHEAD = 14
"""A need is a reason to call so many days before"""
RELATIONS = [
    ("partner", "Partner"),
    ("child", "Child"),
    ("parent", "Parent"),
    ("sibling", "Sibling"),
    ("grandchild", "Grandchild"),
    ("other", "Other"),
]


class CareFamilyMember(models.Model):
    """A person in the family of a private customer, and what this person is going to
    need next."""

    _name = "care.family.member"
    _description = "Family Member"
    _order = "need_date, id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('is_company', '=', False), ('parent_id', '=', False)]",
    )
    relation = fields.Selection(RELATIONS, required=True)
    name = fields.Char()
    birthday = fields.Date()
    birth_year = fields.Integer(
        "Year of Birth", aggregator=None, help="Where the birthday is not known."
    )
    need = fields.Char("Next Need", help="For example a first razor, or glasses.")
    need_date = fields.Date("Needed about")
    note = fields.Char()

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self.check_access("write")
        return result

    @api.depends("relation", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["relation"]._description_selection(self.env))
        for row in self:
            row.display_name = " ".join(
                filter(None, (words.get(row.relation), row.name))
            )

    @api.constrains("partner_id")
    def _check_private(self):
        for row in self.sudo():
            if row.partner_id.is_company or row.partner_id.parent_id:
                raise ValidationError(
                    self.env._("Only private customers have a family here.")
                )

    @api.constrains("birthday", "birth_year")
    def _check_born(self):
        today = fields.Date.context_today(self)
        for row in self:
            if (row.birthday and row.birthday > today) or (
                row.birth_year and not 1900 <= row.birth_year <= today.year
            ):
                raise ValidationError(
                    self.env._("A birthday cannot be in the future. Correct the date.")
                )

    @api.model
    def _due(self):
        """Domain of needs that are near"""
        today = fields.Date.context_today(self)
        return (
            Domain("need", "!=", False)
            & Domain("need_date", "<=", today + relativedelta(days=DAYS_AHEAD))
            & Domain("need_date", ">=", today - relativedelta(days=30))
        )
