from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CareComplaint(models.Model):
    """Own complaints of a user; the record rule reads them through indexes only."""

    _inherit = "care.complaint"

    is_own = fields.Boolean(
        compute="_compute_is_own",
        search="_search_is_own",
        exportable=False,
        help="You handle this complaint, or are a member of the customer's account "
        "team or of the complaint team.",
    )
    is_stand_in = fields.Boolean(
        "To Stand In For",
        compute="_compute_is_stand_in",
        search="_search_is_stand_in",
        exportable=False,
        help="The handler is absent today, and you stand in.",
    )

    @api.depends("user_id", "partner_id", "team_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        people, teams = self.env.user._care_acting_ids(), self.env.user._care_team_ids()
        complaints = self.sudo()
        customers = (
            self.env["care.account.member"]
            .sudo()
            .search_fetch(
                [
                    ("user_id", "in", people),
                    ("partner_id", "in", complaints.partner_id.ids),
                ],
                ["partner_id"],
            )
            .partner_id
        )
        for complaint in complaints:
            complaint.is_own = (
                complaint.user_id.id in people
                or complaint.team_id.id in teams
                or complaint.partner_id in customers
            )

    def _search_is_own(self, operator, value):
        """Customers are an array that PostgreSQL evaluates once, so that handler,
        customer and team each use their index. Teams are passed by id: a team often has
        a large share of all complaints, which the planner needs to know."""
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain.custom(to_sql=_own_sql)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_stand_in(self):
        away = set(self._stood_in_for())
        for complaint in self:
            complaint.is_stand_in = complaint.user_id.id in away

    def _search_is_stand_in(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("user_id", "in", self._stood_in_for())

    @api.model
    def _stood_in_for(self):
        """Ids of those for whom the user stands in today"""
        return list(self.env.user._care_acting_ids()[1:])


def _own_sql(model, alias, query):
    user = model.env.user
    people = user._care_acting_ids()
    customers = (
        model.env["care.account.member"]
        .sudo()
        ._search([("user_id", "in", people)])
        .subselect("partner_id")
    )
    parts = [
        SQL("%s IN %s", model._field_to_sql(alias, "user_id", query), people),
        SQL(
            "%s = ANY(ARRAY(%s))",
            model._field_to_sql(alias, "partner_id", query),
            customers,
        ),
    ]
    if teams := user._care_team_ids():
        team = model._field_to_sql(alias, "team_id", query)
        parts.append(SQL("%s IN %s", team, teams))
    return SQL("(%s)", SQL(" OR ").join(parts))
