from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..core.res_groups import VISIT


class CarePlanTarget(models.Model):
    """Contacts tried for a target at which nobody was met."""

    _inherit = "care.plan.target"

    tried = fields.Char(
        compute="_compute_tried",
        groups=VISIT,
        help="Contacts of this window that met nobody since the last one made.",
    )

    @api.depends("partner_id", "role_id", "channel", "date_start", "date_end")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_tried(self):
        days = self._days_tried()
        for target in self:
            target.tried = self._tried_in_words(days[target])

    def _days_tried(self):
        """{target: days since the last contact made, the oldest first}"""
        found = defaultdict(list)
        if not self:
            return found
        by_key = defaultdict(list)
        for row in self.env["care.interaction"].search_fetch(
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("state", "in", ("done", "not_met"))
            & Domain("date", ">=", min(self.mapped("date_start"))),
            ["partner_id", "role_id", "company_id", "channel", "date", "state"],
            order="date_start, id",
        ):
            by_key[row.partner_id, row.role_id, row.company_id, row.channel].append(row)
        for target in self:
            key = target.partner_id, target.role_id, target.company_id, target.channel
            for row in by_key[key]:
                if row.state == "done":
                    found[target] = []
                elif target.date_start <= row.date <= target.date_end:
                    found[target].append(row.date)
        return found

    def _tried_in_words(self, days):
        if not days:
            return False
        last = format_date(self.env, days[-1])
        if len(days) == 1:
            return self.env._("Tried once, on %s", last)
        if len(days) == 2:
            return self.env._("Tried twice, last on %s", last)
        return self.env._(
            "Tried %(times)s times, last on %(date)s", times=len(days), date=last
        )
