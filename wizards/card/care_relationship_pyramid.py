from odoo import api, fields, models

from ...models.card.care_relationship_history import RELATIONSHIP_LEVELS
from ...tools import pyramid


class CareRelationshipPyramid(models.TransientModel):
    """Contacts of each user by relationship level, compared with the typical pyramid:
    of 100 known, 50 acquaintances, 10 friends, 3 to 5 confidants (domain section 1)."""

    _name = "care.relationship.pyramid"
    _description = "Relationship Pyramid"

    team_id = fields.Many2one("crm.team", "Sales Team")
    pyramids = fields.Json(compute="_compute_pyramids")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Relationship Pyramid")

    @api.depends("team_id")
    @api.depends_context("uid", "lang")
    def _compute_pyramids(self):
        Report = self.env["care.relationship.report"]
        labels = dict(Report._fields["level"]._description_selection(self.env))
        assert set(labels) == {level for level, _label in RELATIONSHIP_LEVELS}
        for wizard in self:
            domain = []
            if wizard.team_id:
                domain = [("user_id", "in", wizard.team_id.sudo().member_ids.ids)]
            counts = Report._count_by_person(domain)
            if not self.env.user.has_group("customer_care.group_user_all"):
                counts = {
                    user: levels
                    for user, levels in counts.items()
                    if user == self.env.user
                }
            wizard.pyramids = [
                {
                    "id": user.id,
                    "name": user.sudo().name,
                    "known": sum(levels.values()),
                    "steps": [
                        {
                            "level": level,
                            "label": labels[level],
                            "people": people,
                            "share": share,
                            "low": low,
                            "high": high,
                            "verdict": verdict,
                        }
                        for level, people, share, low, high, verdict in pyramid.steps(
                            levels
                        )
                    ],
                }
                for user, levels in sorted(
                    counts.items(), key=lambda item: item[0].sudo().name or ""
                )
            ]

    @api.model
    def action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Relationship Pyramid"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "view_mode": "form",
            "target": "current",
        }
