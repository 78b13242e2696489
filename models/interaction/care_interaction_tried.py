from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.matching import MEETING_CHANNELS

FUTILE_ACTIVITY = "customer_care.mail_activity_type_futile"


class CareInteraction(models.Model):
    """Contacts at which nobody was met. They have a state of their own, so whoever asks
    for contacts made does not get them: they count as tried.

    A series are visits without a contact made in between; the supervisor is told when
    it gets as long as the company says, and not again at each further visit.
    """

    _inherit = "care.interaction"

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions.filtered(lambda row: row.state == "not_met")._on_not_met()
        return interactions

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        before = self.filtered(lambda row: row.state == "not_met")
        result = super().write(vals)
        after = self.filtered(lambda row: row.state == "not_met")
        (after - before)._on_not_met()
        (before - after)._on_not_met_undone()
        return result

    def action_not_met(self):
        """Report with one tap that nobody was there, or nobody answered."""
        for interaction in self:
            if interaction.state != "planned":
                raise UserError(
                    self.env._(
                        "Only a planned contact can be reported as not met. Plan this "
                        "one again first."
                    )
                )
            values = {"state": "not_met"}
            now = fields.Datetime.now()
            if now < interaction.date_start <= now + timedelta(hours=12):
                values |= {"date_start": now, "date_end": now}
            interaction.write(values)
        if self.env.context.get("care_from_day"):
            return {"type": "ir.actions.act_window_close"}
        return None

    def _on_not_met(self):
        self = self._without_defaults()  # noqa: PLW0642
        for interaction in self.sudo():
            interaction.reported_at = interaction.reported_at or fields.Datetime.now()
            interaction.calendar_event_id.activity_ids.with_context(
                care_no_interaction=True
            ).action_feedback()
            interaction.partner_id._message_log(
                body=self.env._(
                    "%(link)s by %(author)s: not met",
                    link=interaction._get_html_link(title=interaction._day_in_words()),
                    author=interaction.user_id.name or self.env.user.name,
                )
            )
        for interaction in self:
            interaction._plan_next()
        self._check_futile()

    def _on_not_met_undone(self):
        self.sudo().filtered(lambda row: row.state == "planned").reported_at = False
        for partner, company in self._customers():
            limit = company.care_futile_visits
            if len(self._futile_series(partner, company)) < limit:
                self._withdraw_futile(partner)

    def _on_done(self):
        result = super()._on_done()
        told = self._customers_told_of()
        for partner, company in self._customers():
            if partner in told and not self._futile_series(partner, company):
                self._withdraw_futile(partner)
        return result

    def _customers_told_of(self):
        """Customers of whose futile visits a supervisor has been told"""
        kind = self.env["ir.model.data"]._xmlid_to_res_id(FUTILE_ACTIVITY)
        activities = self.env["mail.activity"].sudo()
        if kind:
            activities = activities.search(
                [
                    ("activity_type_id", "=", kind),
                    ("res_model", "=", "res.partner"),
                    ("res_id", "in", self.partner_id.ids),
                ]
            )
        return self.env["res.partner"].browse(activities.mapped("res_id"))

    def _customers(self):
        """Pairs of customer and company, as superuser"""
        return self.sudo().grouped(lambda row: (row.partner_id, row.company_id))

    def _day_in_words(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return f"{channels[self.channel]} · {format_date(self.env, self.date)}"

    # ------------------------------------------------------------
    # In vain again and again
    # ------------------------------------------------------------

    @api.model
    def _futile_series(self, partner, company):
        """Visits at which nobody was met since the last contact made, the oldest
        first, as superuser"""
        Interaction = self.env["care.interaction"].sudo()
        own = Domain("partner_id", "=", partner.id)
        own &= Domain("company_id", "=", company.id)
        made = Interaction.search(
            own & Domain("state", "=", "done"), order="date_start DESC", limit=1
        )
        tried = Domain("state", "=", "not_met")
        tried &= Domain("channel", "in", MEETING_CHANNELS)
        if made:
            tried &= Domain("date_start", ">", made.date_start)
        return Interaction.search(own & tried, order="date_start, id")

    def _check_futile(self):
        """Tell the supervisor when a series has just become long enough."""
        for (partner, company), tried in self._customers().items():
            limit = company.care_futile_visits
            series = self._futile_series(partner, company)
            if limit and len(series - tried) < limit <= len(series):
                series._tell_futile()

    def _tell_futile(self):
        """An activity on the customer: its card is where the supervisor looks first."""
        last = self[-1]
        supervisor = (
            self.env["care.plan.target"]
            .sudo()
            .new({"user_id": last.user_id.id, "company_id": last.company_id.id})
            ._supervisor()
        )
        if not supervisor:
            return
        customer = last.partner_id._care_in_language_of(supervisor)
        env = customer.env
        customer.activity_schedule(
            FUTILE_ACTIVITY,
            user_id=supervisor.id,
            summary=env._("%s visits in a row met nobody", len(self)),
            note=env._(
                "Customer: %(customer)s. Visits: %(visits)s. Who decides there, and "
                "when is that person in?",
                customer=customer._get_html_link(),
                visits="; ".join(
                    f"{format_date(env, visit.date)} {visit.user_id.name or ''}".strip()
                    for visit in self
                ),
            ),
        )

    @api.model
    def _withdraw_futile(self, partner):
        partner.sudo().activity_unlink([FUTILE_ACTIVITY])
