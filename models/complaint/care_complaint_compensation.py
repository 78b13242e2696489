from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

COMPENSATION_ACTIVITY = "customer_care.mail_activity_type_compensation"


class CareComplaint(models.Model):
    """Money for the customer: who may grant how much (domain, section 4: authority to
    compensate is graded by role).

    Within the user's limit it is granted at once. Above it another user decides: the
    team manager up to the limit of administrators, another administrator beyond.
    """

    _inherit = "care.complaint"

    currency_id = fields.Many2one(related="company_id.currency_id")
    compensation_amount = fields.Monetary(
        "Compensation",
        copy=False,
        tracking=True,
        help="Amount offered to the customer, in the currency of the company.",
    )
    compensation_state = fields.Selection(
        [
            ("waiting", "To Approve"),
            ("approved", "Granted"),
            ("refused", "Refused"),
        ],
        "Compensation Status",
        readonly=True,
        copy=False,
        tracking=True,
    )
    compensation_asked_id = fields.Many2one(
        "res.users", "Compensation Requested by", readonly=True, copy=False
    )
    compensation_decided_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False
    )
    compensation_reason = fields.Char(
        "Decision Reason", readonly=True, copy=False, tracking=True
    )
    compensation_granted = fields.Monetary(
        "Granted",
        readonly=True,
        copy=False,
        help="The amount that may be paid to the customer.",
    )
    can_decide_compensation = fields.Boolean(compute="_compute_can_decide_compensation")

    _compensation_positive = models.Constraint(
        "CHECK (compensation_amount >= 0)",
        "The compensation cannot be negative. Enter 0 or more.",
    )
    _compensation_waiting_idx = models.Index(
        "(company_id) WHERE compensation_state = 'waiting'"
    )

    @api.depends(
        "compensation_state", "compensation_amount", "compensation_asked_id", "team_id"
    )
    @api.depends_context("uid")
    def _compute_can_decide_compensation(self):
        user = self.env.user
        for complaint in self:
            waiting = complaint.compensation_state == "waiting"
            complaint.can_decide_compensation = waiting and complaint._may_decide(user)

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints.filtered("compensation_amount")._ask_compensation()
        return complaints

    def write(self, vals):
        """A change of amount or currency needs a new decision."""
        if not {"compensation_amount", "team_id", "company_id"} & vals.keys():
            return super().write(vals)
        before = {c: c._compensation_key() for c in self}
        result = super().write(vals)
        self.filtered(lambda c: c._compensation_key() != before[c])._ask_compensation()
        return result

    def _compensation_key(self):
        amount = self.compensation_amount
        return amount, self.currency_id if amount else self.currency_id.browse()

    # ------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------

    def _ask_compensation(self):
        """Grant compensations within the user's limit and request approval of
        others."""
        user = self.env.user
        for complaint in self:
            amount = complaint.compensation_amount
            free = amount and complaint._within_limit(user)
            complaint.sudo().write(
                {
                    "compensation_state": amount
                    and ("approved" if free else "waiting"),
                    "compensation_asked_id": amount and user.id,
                    "compensation_decided_id": free and user.id,
                    "compensation_granted": free and amount,
                    "compensation_reason": False,
                }
            )
            complaint.sudo().activity_unlink([COMPENSATION_ACTIVITY])
            if amount and not free:
                complaint._tell_approver()

    def _tell_approver(self):
        """Schedule an activity for the approver, or log what to do if there is none."""
        approver = self._compensation_approver()
        complaint = self.sudo()
        if not approver:
            complaint._message_log(
                body=self.env._(
                    "No other user can approve this compensation. Set a team manager, "
                    "add another administrator of Customer Care, or raise the limits "
                    "in the settings."
                )
            )
            return
        told = self._care_in_language_of(approver)
        complaint.activity_schedule(
            COMPENSATION_ACTIVITY,
            user_id=approver.id,
            summary=told.env._(
                "Approve a compensation of %s",
                told.currency_id.format(self.compensation_amount),
            ),
        )

    def _compensation_approver(self):
        """The team manager if the limit allows it, else an administrator; never the
        requester"""
        manager = self.team_id.sudo().manager_id
        if manager and self._may_decide(manager):
            return manager
        first = self.company_id._care_manager()
        others = (
            self.env.ref("customer_care.group_manager").sudo().all_user_ids.sorted("id")
        )
        return next(
            (user for user in first | others if self._may_decide(user)),
            self.env["res.users"],
        )

    def _within_limit(self, user):
        limit = self.company_id._care_limit("compensation", user)
        currency = self.company_id.sudo().currency_id
        return currency.compare_amounts(self.compensation_amount, limit) <= 0

    def _may_decide(self, user):
        """Users cannot approve their own requests above their limit."""
        self.ensure_one()
        company = self.company_id
        user = user.sudo()
        if not user.active or user.share or company not in user.company_ids:
            return False
        if user == self.compensation_asked_id:
            return self._within_limit(user)
        if user.has_group("customer_care.group_manager"):
            return True
        most = company.sudo().care_compensation_manager
        return (
            user == self.team_id.sudo().manager_id
            and company.currency_id.compare_amounts(self.compensation_amount, most) <= 0
            and self.with_user(user)
            .with_context(allowed_company_ids=company.ids)
            .has_access("write")
        )

    # ------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------

    def action_approve_compensation(self):
        for complaint in self:
            complaint._decide_compensation("approved")

    def action_refuse_compensation(self):
        """Open the wizard that asks for the reason."""
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the Compensation"),
            "res_model": "care.compensation.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _check_may_decide(self):
        self.ensure_one()
        self.check_access("write")
        if self.compensation_state != "waiting":
            raise UserError(
                self.env._("No compensation is awaiting approval on %s.", self.name)
            )
        if not self._may_decide(self.env.user):
            raise AccessError(
                self.env._(
                    "Only the team manager or an administrator of Customer Care can "
                    "approve or refuse this compensation, but not the user who "
                    "requested it."
                )
            )

    def _decide_compensation(self, state, reason=None):
        """:param state: ``approved`` or ``refused``, which needs a reason"""
        self._check_may_decide()
        reason = (reason or "").strip()
        if state == "refused" and not reason:
            raise UserError(
                self.env._(
                    "Enter a reason: the requester needs it to inform the customer."
                )
            )
        self.sudo().write(
            {
                "compensation_state": state,
                "compensation_decided_id": self.env.uid,
                "compensation_granted": state == "approved"
                and self.compensation_amount,
                "compensation_reason": reason,
            }
        )
        self.sudo().activity_feedback([COMPENSATION_ACTIVITY], feedback=reason)
        self._tell_asker(state, reason)

    def _tell_asker(self, state, reason):
        """Notify the requester and the handler of the decision."""
        for user in (self.compensation_asked_id | self.user_id) - self.env.user:
            told = self._care_in_language_of(user).sudo()
            words = {
                "approved": told.env._("The compensation has been approved."),
                "refused": told.env._("The compensation has been refused: %s", reason),
            }
            told.message_notify(
                partner_ids=user.partner_id.ids,
                author_id=self.env.user.partner_id.id,
                subject=self.display_name,
                body=words[state],
                model_description=told.env["ir.model"]._get(self._name).name,
            )
