from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CareComplaint(models.Model):
    """Whose complaint is it? The rule of own complaints reads it on indexes alone."""

    _inherit = "care.complaint"

    is_own = fields.Boolean(
        compute="_compute_is_own",
        search="_search_is_own",
        exportable=False,
        help="You handle it, are in the customer's account team, or in the complaint "
        "team.",
    )

    @api.depends("user_id", "partner_id", "team_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        own = self.sudo().search([("id", "in", self.ids), ("is_own", "=", True)])
        for complaint in self:
            complaint.is_own = complaint._origin.id in own._ids

    def _search_is_own(self, operator, value):
        """The customers are an array that PostgreSQL reads once, so that handler,
        customer and team are each looked up in their index. Teams are given by id: a
        team mostly has a large part of all complaints, and the planner should know."""
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain.custom(to_sql=_own_sql)


def _own_sql(model, alias, query):
    user = model.env.user
    customers = (
        model.env["care.account.member"]
        .sudo()
        ._search([("user_id", "=", user.id)])
        .subselect("partner_id")
    )
    parts = [
        SQL("%s = %s", model._field_to_sql(alias, "user_id", query), user.id),
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
