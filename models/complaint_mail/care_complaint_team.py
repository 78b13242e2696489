from ast import literal_eval

from odoo import api, fields, models

USUAL_NAME = "complaints"


class CareComplaintTeam(models.Model):
    """Mail alias of a team: mails to it create complaints."""

    _name = "care.complaint.team"
    _inherit = ["mail.alias.mixin", "care.complaint.team"]

    alias_id = fields.Many2one(
        help="Mails to this address create complaints of the team; replies are "
        "added to theirs."
    )
    acknowledge_phone = fields.Boolean(
        "Acknowledge Calls Too",
        help="Also acknowledge complaints received by phone, by letter or during a "
        "visit, if the customer has an e-mail address.",
    )

    unanswered_count = fields.Integer(
        "Unanswered by Us", compute="_compute_unanswered_count"
    )

    def _compute_unanswered_count(self):
        counts = dict(
            self.env["care.complaint"]._read_group(
                [
                    ("team_id", "in", self.ids),
                    ("unanswered_since", "!=", False),
                    ("merged_into_id", "=", False),
                ],
                ["team_id"],
                ["__count"],
            )
        )
        for team in self:
            team.unanswered_count = counts.get(team, 0)

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("care.complaint")
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "team_id": self.id}
        return values

    @api.model
    def _name_aliases(self):
        """Give teams whose alias has no name yet the first that is free: "complaints",
        "complaints-2", … For installation and upgrade; never fails."""
        nameless = self.sudo().with_context(active_test=False)
        for team in nameless.search([("alias_name", "=", False)], order="id"):
            team.alias_name = self._free_alias_name(team.alias_domain_id)

    @api.model
    def _free_alias_name(self, domain):
        taken = set(
            self.env["mail.alias"]
            .sudo()
            .search(
                [
                    ("alias_name", "=like", f"{USUAL_NAME}%"),
                    ("alias_domain_id", "=", domain.id),
                ]
            )
            .mapped("alias_name")
        )
        taken |= {domain.bounce_alias, domain.catchall_alias}
        number, name = 1, USUAL_NAME
        while name in taken:
            number += 1
            name = f"{USUAL_NAME}-{number}"
        return name
