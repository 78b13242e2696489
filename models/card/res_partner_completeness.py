import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.initials import initial
from ..core.care_job import attempt, attempt_each, single
from .res_partner import USER

CARD_BATCH = 1000
CARD_JOB = "cards"
"""Name of the job that keeps its place"""
MAX_REMINDERS = 5
"""Open reminders per person: the most valuable customers first, so that nobody gets
hundreds at once."""
_logger = logging.getLogger(__name__)


class ResPartner(models.Model):
    """How complete and how fresh customer cards are."""

    _inherit = "res.partner"

    care_completeness = fields.Integer(
        "Card Complete (%)",
        compute="_compute_care_completeness",
        store=True,
        aggregator="avg",
        groups=USER,
        help="Share of the information required for the tier that the card contains.",
    )
    care_missing = fields.Char("Missing", compute="_compute_care_missing", groups=USER)

    _care_completeness_null_idx = models.Index("(id) WHERE care_completeness IS NULL")

    @api.depends("parent_id")
    def _compute_care_completeness(self):
        """Beside what is declared, whatever the items mention: see ``write``."""
        rated = self.env["care.card.item"]._rate(self._origin._care_customers())
        for partner in self:
            partner.care_completeness = rated.get(partner._origin.id, (0,))[0]

    def _care_customers(self):
        """Customers that have a card of their own; contacts use the card of their
        company."""
        return self.filtered(lambda partner: partner == partner.commercial_partner_id)

    @api.depends("care_completeness", "care_tier_id")
    @api.depends_context("lang")
    def _compute_care_missing(self):
        Item = self.env["care.card.item"]
        rated = Item._rate(self._origin._care_customers())
        names = Item._names()
        for partner in self:
            _score, missing = rated.get(partner._origin.id, (0, ()))
            partner.care_missing = ", ".join(names.get(item, "") for item in missing)

    def write(self, vals):
        result = super().write(vals)
        if self.env["care.card.item"]._watched() & set(vals):
            self._care_card_changed()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        parents = partners.commercial_partner_id - partners
        if parents:
            parents._care_card_changed()
        return partners

    def unlink(self):
        customers = self.commercial_partner_id - self
        result = super().unlink()
        customers._care_card_changed()
        return result

    def _care_card_changed(self):
        """Recompute the score of these customers, or of the customers of these
        contacts, once per transaction."""
        if customers := self.commercial_partner_id:
            self.env.add_to_compute(self._fields["care_completeness"], customers)

    # ------------------------------------------------------------
    # Job
    # ------------------------------------------------------------

    @api.model
    def _schedule_care_refresh(self):
        """Let the job rate all cards soon; a pass that is under way is followed by
        another one."""
        self.env.ref("customer_care.ir_cron_card").sudo()._trigger()

    @api.model
    @single
    def _cron_refresh_cards(self):
        """Bring states, initials, numbers and scores of all customers up to date, in
        batches by id. Killed, it goes on where it was; run twice, it writes nothing."""
        Cron, Job = self.env["ir.cron"], self.env["care.job"]
        remaining_time = Cron._commit_progress(remaining=1)
        while customers := self._next_care_customers(Job._place(CARD_JOB)):
            if not remaining_time:
                return
            if not attempt(customers, self._refresh_cards_of, logging.INFO):
                self._refresh_one_by_one(customers)
            Job._set_place(CARD_JOB, customers[-1].id)
            remaining_time = Cron._commit_progress(len(customers), remaining=1)
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        if attempt_each(companies, self._remind_to_verify):
            Job._set_place(CARD_JOB, 0)
            Cron._commit_progress(remaining=0)

    @api.model
    def _refresh_cards_of(self, customers):
        customers._refresh_care_cards()

    @api.model
    def _refresh_one_by_one(self, customers):
        """What a batch did not do: the other customers in it get their cards."""
        for customer in customers:
            attempt(customer, self._refresh_cards_of)
            self.env["ir.cron"]._commit_progress(remaining=1)

    @api.model
    def _next_care_customers(self, place):
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [("id", ">", place)],
                order="id",
                limit=CARD_BATCH,
            )
        )

    def _refresh_care_cards(self):
        """One batch, of customers and contacts: a number of queries that does not
        depend on their number."""
        customers = self._care_customers()
        Status = self.env["care.partner.tier"].sudo()
        Status._refresh_states(customers)
        rated = Status.search([("partner_id", "in", customers.ids)]).filtered("tier_id")
        rated.partner_id._make_care_cards(user=self.env["res.users"])
        self._fill_care_columns(customers)

    def _fill_care_columns(self, customers):
        self.flush_recordset(["care_completeness", "care_initial"])
        scores = self.env["care.card.item"]._rate(customers)
        rows = [
            (partner.id, scores.get(partner.id, (0,))[0], initial(partner.name))
            for partner in self
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner partner
                   SET care_completeness = new.score, care_initial = new.initial
                  FROM unnest(%s::int[], %s::int[], %s::text[])
                    AS new(id, score, initial)
                 WHERE partner.id = new.id
                   AND (partner.care_completeness, partner.care_initial)
                       IS DISTINCT FROM (new.score, new.initial)
                """,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.invalidate_recordset(["care_completeness", "care_initial"], flush=False)

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    @api.model
    def _remind_to_verify(self, companies=None):
        """An activity for cards that have grown stale, for the account manager, else
        the salesperson; a few per person at a time and one per card."""
        kind = self.env.ref(
            "customer_care.mail_activity_type_verify", raise_if_not_found=False
        )
        if not kind:
            return
        for company in companies or self.env["res.company"].sudo().search(Domain.TRUE):
            tiers = (
                self.env["care.tier"]
                .sudo()
                .search(
                    [
                        ("verify_reminder", "=", True),
                        ("verify_days", ">", 0),
                        ("company_id", "in", (False, company.id)),
                    ]
                )
            )
            if tiers:
                self._remind_to_verify_in(company, tiers, kind)

    def _remind_to_verify_in(self, company, tiers, kind):
        Activity = self.env["mail.activity"].sudo()
        load = defaultdict(
            int,
            {
                user.id: count
                for user, count in Activity._read_group(
                    [("activity_type_id", "=", kind.id)], ["user_id"], ["__count"]
                )
            },
        )
        today = company._care_today()
        stale = tiers._sql_card_is_stale("partner", "tier", today)
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, user_id FROM (
                    SELECT partner.id, person.id AS user_id, ROW_NUMBER() OVER (
                                PARTITION BY person.id
                                ORDER BY tier.sequence, partner.care_verified_date
                                         NULLS FIRST, partner.id) AS place
                      FROM care_partner_tier status
                      JOIN care_tier tier ON tier.id = status.tier_id
                      JOIN res_partner partner
                        ON partner.id = status.partner_id AND partner.active
                      JOIN res_users person
                        ON person.id = COALESCE(
                                partner.care_manager_id, partner.user_id)
                       AND person.active
                     WHERE status.company_id = %(company)s
                       AND tier.id IN %(tiers)s
                       AND %(stale)s
                       AND NOT EXISTS (
                            SELECT 1 FROM mail_activity activity
                             WHERE activity.res_model = 'res.partner'
                               AND activity.res_id = partner.id
                               AND activity.activity_type_id = %(kind)s
                               AND activity.active)
                ) AS stale WHERE place <= %(most)s
                ORDER BY user_id, place
                """,
                company=company.id,
                tiers=tuple(tiers.ids),
                stale=stale,
                kind=kind.id,
                most=MAX_REMINDERS,
            )
        )
        model_id = self.env["ir.model"]._get_id("res.partner")
        values = []
        for partner_id, user_id in rows:
            if load[user_id] < MAX_REMINDERS:
                user = self.env["res.users"].browse(user_id)
                load[user_id] += 1
                values.append(
                    {
                        "activity_type_id": kind.id,
                        "res_model_id": model_id,
                        "res_id": partner_id,
                        "user_id": user_id,
                        "date_deadline": today,
                        "summary": kind._care_in_language_of(user).summary,
                        "automated": True,
                    }
                )
        Activity.with_context(
            mail_activity_quick_update=True, mail_notify_author=False
        ).create(values)
        if values:
            _logger.info("%s reminders to verify customer cards", len(values))
