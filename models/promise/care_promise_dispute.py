from odoo import fields, models
from odoo.exceptions import AccessError, UserError

DISPUTE = "customer_care.mail_activity_type_promise_dispute"


class CarePromise(models.Model):
    """A customer says that something was promised (domain, section 9)."""

    _inherit = "care.promise"

    disputed_by_id = fields.Many2one(
        "res.users",
        "Dispute Entered by",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The colleague who entered the dispute in the customer's name.",
    )
    disputed_at = fields.Datetime("Disputed on", readonly=True, copy=False)
    dispute_due = fields.Date(
        "Answer by",
        readonly=True,
        copy=False,
        help="Until then the person who is said to have promised confirms or denies "
        "it.",
    )
    confirmed_at = fields.Datetime(
        "Confirmed on",
        readonly=True,
        copy=False,
        help="A confirmed promise is kept whatever it costs.",
    )
    confirmed_user_id = fields.Many2one(
        "res.users",
        "Confirmed for",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who had promised it answers for its cost, also after a handover.",
    )
    denied_at = fields.Datetime("Denied on", readonly=True, copy=False)
    dispute_told_on = fields.Date(readonly=True, copy=False)
    order_due = fields.Date(
        "Customer Understood by",
        readonly=True,
        copy=False,
        help="Term of the order to talk to the customer and be understood.",
    )
    responsible_at = fields.Datetime(
        "Responsibility Due on",
        readonly=True,
        copy=False,
        help="The term of the order has passed.",
    )
    notice_ids = fields.One2many("care.notice", "promise_id", "Notices", readonly=True)
    notice_count = fields.Integer(compute="_compute_notice_count")

    def _compute_notice_count(self):
        counts = dict(
            self.env["care.notice"]._read_group(
                [("promise_id", "in", self.ids)], ["promise_id"], ["__count"]
            )
        )
        for promise in self:
            promise.notice_count = counts.get(promise, 0)

    def action_dispute(self):
        """Enter in the customer's name that something else was promised."""
        for promise in self:
            promise._check_step("open", "late", "kept", "broken", "withdrawn")
            promise._begin_dispute()

    def _begin_dispute(self):
        due = self.company_id._care_dispute_due()
        self._settle(
            "disputed",
            disputed_by_id=self.env.uid,
            disputed_at=fields.Datetime.now(),
            dispute_due=due,
            confirmed_at=False,
            denied_at=False,
            dispute_told_on=False,
            order_due=False,
            responsible_at=False,
            kept_at=False,
        )
        told = self.sudo()._care_in_language_of(self.user_id)
        self.sudo().activity_schedule(
            DISPUTE,
            date_deadline=due,
            user_id=self.user_id.id,
            summary=told.env._(
                "Did you promise this to %s? Confirm or deny it.",
                self.partner_id.display_name,
            ),
        )

    def _check_promiser_answers(self):
        if not self.env.su and self.env.user != self.user_id:
            raise AccessError(
                self.env._(
                    "Only %s can confirm or deny this promise.", self.user_id.name
                )
            )

    def action_confirm(self, date_due=None, cost=None):
        """The named person promised it: it is kept, whatever it costs.

        :param cost: what keeping it costs; as it stands without
        """
        self._check_step("disputed")
        self._check_promiser_answers()
        if date_due is None:
            return self._ask("confirm", self.env._("Confirm the Promise"))
        day = fields.Date.to_date(date_due)
        if not day:
            raise UserError(self.env._("Enter the day by which the promise is kept."))
        values = {} if cost is None else {"cost": self._amount(cost)}
        self.sudo().activity_unlink([DISPUTE])
        self._set_state(
            "open",
            date_due=day,
            confirmed_at=fields.Datetime.now(),
            confirmed_user_id=self.user_id.id,
            denied_at=False,
            **values,
        )
        self._end_order(self.env._("The promise is confirmed: it will be kept."))
        self._remind()
        self._tell(
            self.disputed_by_id | self.supervisor_id,
            lambda told: told.env._("The promise is confirmed: it will be kept."),
        )
        return None

    def _amount(self, cost):
        if isinstance(cost, bool) or not isinstance(cost, int | float) or cost < 0:
            raise UserError(self.env._("The cost of a promise cannot be negative."))
        return cost

    def action_deny(self):
        """The named person did not promise it."""
        for promise in self:
            promise._check_step("disputed")
            promise._check_promiser_answers()
            if promise.denied_at:
                continue
            promise._set_state("disputed", denied_at=fields.Datetime.now())
            promise.sudo().activity_unlink([DISPUTE])
            promise._tell(
                promise.disputed_by_id
                | promise.supervisor_id
                | promise.company_id._care_manager(),
                lambda told: told.env._(
                    "%s denies this promise. If the customer insists on it, an "
                    "administrator sets a term.",
                    told.user_id.name,
                ),
            )

    def action_not_confirmable(self, date_due=None):
        """The promise cannot be confirmed and the customer is upset: promiser and
        supervisor get a term to talk to the customer and be understood."""
        self._check_step("disputed")
        if not self.env.su and not self.env.user.has_group(
            "customer_care.group_manager"
        ):
            raise AccessError(
                self.env._("Only administrators of Customer Care can set this term.")
            )
        if self.order_due:
            raise UserError(self.env._("The order has been given already."))
        if date_due is None:
            return self._ask("not_confirmable", self.env._("Set a Term"))
        day = fields.Date.to_date(date_due)
        if not day or day < self.company_id._care_today():
            raise UserError(self.env._("Enter a term that is not in the past."))
        self._set_state("disputed", order_due=day)
        self.sudo().activity_unlink([DISPUTE])
        self._give_notice("order", date_due=day)
        return None

    # ------------------------------------------------------------
    # Notices
    # ------------------------------------------------------------

    def _after_kept(self):
        """A confirmed promise was against the rules: its cost is noticed, once."""
        if self.confirmed_at and self._is_promise_on():
            self._give_notice("fault", self.confirmed_user_id, cost=self.company_cost)

    def _open_order(self):
        return self.sudo().notice_ids.filtered(
            lambda notice: notice.kind == "order" and notice.state == "open"
        )

    def _end_order(self, words):
        """The order is made good with what ends the dispute."""
        for order in self._open_order():
            order._make_good(words)

    def _give_notice(self, kind, user=None, **values):
        """:param user: who gets it, if not whose promise it is now"""
        Notice = self.env["care.notice"].sudo().with_company(self.company_id)
        standing = ("open",) if kind == "order" else ("open", "done")
        found = Notice.search(
            [
                ("promise_id", "=", self.id),
                ("kind", "=", kind),
                ("state", "in", standing),
            ],
            limit=1,
        )
        supervisor = self.supervisor_id
        if user and user != self.user_id:
            supervisor = user.sudo()._care_supervisor(self.company_id)
        user = user or self.user_id
        return found or Notice.create(
            {
                "kind": kind,
                "user_id": user.id,
                "supervisor_id": supervisor.id,
                "company_id": self.company_id.id,
                "res_model": self._name,
                "res_id": self.id,
                "promise_id": self.id,
                "text": self._notice_text(kind, user),
                **values,
            }
        )

    def _notice_text(self, kind, user):
        told = self.sudo()._care_in_language_of(user)
        words = {"promise": told.name, "customer": told.partner_id.display_name}
        if told._is_foreign() and told.cost:
            words["promise"] = f"{told.name} – {told._say_cost()}"
        if kind == "order":
            return told.env._(
                "The customer %(customer)s says that this was promised: %(promise)s. "
                "It cannot be confirmed. Talk to the customer in time, and reach an "
                "understanding.",
                **words,
            )
        return told.env._(
            "This was promised to %(customer)s beyond the rules: %(promise)s. The "
            "company has kept it.",
            **words,
        )

    # ------------------------------------------------------------
    # Nightly job
    # ------------------------------------------------------------

    def _tell_unanswered(self, today):
        """The term to confirm or deny has passed: the line is told, once."""
        self._set_state("disputed", dispute_told_on=today)
        for promise in self:
            promise._tell(
                promise.supervisor_id
                | promise.disputed_by_id
                | promise.company_id._care_manager(),
                lambda told: told.env._(
                    "%s has neither confirmed nor denied this promise in time.",
                    told.user_id.name,
                ),
            )

    def _miss_order(self):
        """The term of the order has passed without an understanding, once."""
        for promise in self:
            promise._set_state("disputed", responsible_at=fields.Datetime.now())
            if promise._open_order():
                promise._promise_responsibility()

    def _promise_responsibility(self):
        """Promiser and supervisor missed the term of the order: their responsibility
        is settled. Called once for each order, by the nightly job; the room of merits
        adds what it costs."""
