from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.care_job import single, work_off
from .care_risk_case import CLOSED_STATES, PRICE_STATES

PRICE = "customer_care.mail_activity_type_risk_price"
ANALYSIS = "customer_care.mail_activity_type_risk_analysis"
BATCH = 100


class CareRiskCase(models.Model):
    """Stages, the price that somebody approves, and the result."""

    _inherit = "care.risk.case"

    price_offer = fields.Text(
        "Price or Terms",
        tracking=True,
        help="Price or payment terms that we would offer. The supervisor or an "
        "administrator approves them before the customer hears of them.",
    )
    price_state = fields.Selection(
        PRICE_STATES,
        "Price Approval",
        readonly=True,
        required=True,
        default="none",
        copy=False,
        tracking=True,
    )
    price_asked_by_id = fields.Many2one(
        "res.users", "Requested by", readonly=True, copy=False, ondelete="set null"
    )
    price_decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False, ondelete="set null"
    )
    price_note = fields.Char(
        "Decision on the Price",
        copy=False,
        tracking=True,
        help="Conditions of the approval, or why the price was refused.",
    )
    approved_cost = fields.Monetary(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Keeping the customer may cost up to this amount.",
    )
    can_approve = fields.Boolean(compute="_compute_can_approve")
    result_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="Orders after this moment decide whether the customer is won back.",
    )
    result_due = fields.Date(
        "Result on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="On this day the case closes by itself: won back if the customer has "
        "ordered since, otherwise lost.",
    )
    orders_since = fields.Integer(compute="_compute_orders_since")

    @api.depends("price_state", "price_asked_by_id", "supervisor_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for case in self:
            case.can_approve = case.price_state == "asked" and case._may_approve()

    def _compute_orders_since(self):
        counts = self._orders_of_cases()
        for case in self:
            case.orders_since = counts.get(case._origin.id, 0)

    # ------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------

    def _check_state(self, state, vals=None):
        """May the user move these cases to ``state``?

        :param vals: what is written with it
        """
        vals = vals or {}
        counts = self._orders_of_cases()
        for case in self:
            decides = case._may_decide()
            if case.closed_at and not decides:
                raise AccessError(
                    self.env._(
                        "Only the supervisor or an administrator of Customer Care can "
                        "open a closed case again."
                    )
                )
            if state == "won_back" and not decides and not counts.get(case.id):
                raise UserError(
                    self.env._(
                        "%s has not ordered since the case was opened. The case is won "
                        "back with the next order, or by the supervisor.",
                        case.partner_id.display_name,
                    )
                )
            analyzed = (
                vals.get("cause", case.cause)
                and (vals.get("lesson", case.lesson) or "").strip()
            )
            if state == "lost" and not decides and not analyzed:
                raise UserError(
                    self.env._(
                        "Before the case of %s is closed as lost, enter the cause and "
                        "what to change.",
                        case.partner_id.display_name,
                    )
                )

    def _state_values(self, state):
        """Values that follow from a new state"""
        now = fields.Datetime.now()
        if state in CLOSED_STATES:
            return {"closed_at": now}
        values = {"closed_at": False, "active": True}
        reopened = any(case.closed_at for case in self)
        if (state == "terminated" or reopened) and self:
            values["result_from"] = now
            values["result_due"] = max(
                self._result_due(company, now) for company in self.company_id
            )
        return values

    def _after_state(self, state):
        cases = self.sudo()
        if state in CLOSED_STATES:
            cases.activity_unlink(self._case_activities())
            cases.filtered("to_analyze")._ask_analysis()
        else:
            self._plan_steps()
            self._alert_supervisor()

    @api.model
    def _result_due(self, company, start):
        company = company.sudo()
        start = fields.Datetime.to_datetime(start)
        day = fields.Date.context_today(
            company.with_context(tz=company._care_tz().zone), start
        )
        return day + timedelta(days=company.care_risk_result_days)

    def _close(self, state):
        self._care_unlock().write({"state": state})

    def action_win(self):
        """The customer stays."""
        self.check_access("write")
        for case in self:
            case._check_open()
            case._check_state("won_back")
            case._close("won_back")

    def action_lose(self):
        """The customer has gone; cause and lesson are entered before."""
        self.check_access("write")
        for case in self:
            case._check_open()
            case._check_state("lost")
            case._close("lost")

    def action_dismiss(self):
        """A false alarm: the case counts nowhere."""
        self.check_access("write")
        for case in self:
            case._check_open()
            if case.state != "suspected":
                case._check_decider()
            case._care_unlock().write(
                {"active": False, "closed_at": fields.Datetime.now()}
            )
            case.sudo().activity_unlink(self._case_activities())
            case.sudo()._message_log(body=self.env._("Closed as a false alarm."))

    def action_reopen(self):
        self.check_access("write")
        for case in self:
            case._check_decider()
            if not case.closed_at:
                raise UserError(self.env._("This case is open."))
            state = "suspected" if case.state in CLOSED_STATES else case.state
            case._care_unlock().write(
                {"state": state, **case._state_values(state), "active": True}
            )

    def _check_open(self):
        if any(case.closed_at for case in self):
            raise UserError(self.env._("This case is closed."))

    # ------------------------------------------------------------
    # Price
    # ------------------------------------------------------------

    def _with_stale_price(self, vals):
        """Cases whose price was asked or decided, but is another now"""
        if "price_state" in vals:
            return self.browse()
        return self.filtered(
            lambda case: case.price_state != "none"
            and (
                ("price_offer" in vals and vals["price_offer"] != case.price_offer)
                or case.currency_id.compare_amounts(
                    vals.get("cost_of_keeping", 0) or 0, case.approved_cost
                )
                > 0
            )
        )

    def _may_approve(self):
        """Nobody approves an own request, unless there is nobody above."""
        alone = not self.supervisor_id
        return self._may_decide() and (alone or self.price_asked_by_id != self.env.user)

    def action_ask_price(self):
        self.check_access("write")
        for case in self:
            case._check_open()
            if not (case.price_offer or "").strip():
                raise UserError(
                    self.env._("Enter the price or the terms that you want to offer.")
                )
            case._care_unlock().write(
                {
                    "price_state": "asked",
                    "price_asked_by_id": self.env.uid,
                    "price_decided_by_id": False,
                    "approved_cost": case.cost_of_keeping,
                }
            )
            case.sudo().activity_unlink([PRICE])
            case._ask_decider()

    def _ask_decider(self):
        boss = self.supervisor_id or self.company_id._care_manager()
        if not boss:
            return
        told = self._care_in_language_of(boss)
        self.sudo().activity_schedule(
            PRICE,
            user_id=boss.id,
            summary=told.env._("Price to approve: %s", self.partner_id.name),
            note=self.price_offer,
        )

    def action_approve_price(self):
        self._decide_price("approved")

    def action_refuse_price(self):
        self._decide_price("refused")

    def _decide_price(self, state):
        self.check_access("read")
        for case in self:
            case._check_open()
            if case.price_state != "asked":
                raise UserError(self.env._("No price is waiting for approval."))
            if not case._may_approve():
                raise AccessError(
                    self.env._(
                        "Only the supervisor or an administrator of Customer Care can "
                        "decide on a price, but not on an own request."
                    )
                )
            if state == "refused" and not (case.price_note or "").strip():
                raise UserError(self.env._("Enter why the price is refused."))
            case._care_unlock().write(
                {"price_state": state, "price_decided_by_id": self.env.uid}
            )
            case.sudo().activity_unlink([PRICE])
            case._note_reaction()
            case._tell(
                case.price_asked_by_id | case.user_id,
                lambda told: (
                    told.env._("The price is approved: talk to the customer now.")
                    if told.price_state == "approved"
                    else told.env._("The price is refused: %s", told.price_note)
                ),
            )

    # ------------------------------------------------------------
    # Result
    # ------------------------------------------------------------

    def _orders_of_cases(self):
        """{id of a case: confirmed orders since it was opened or terminated}"""
        if not self.ids:
            return {}
        self.env["sale.order"].flush_model()
        self.flush_model(["result_from", "partner_id", "company_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT risk.id, COUNT(*)
                      FROM care_risk_case risk
                      JOIN res_partner p ON p.commercial_partner_id = risk.partner_id
                      JOIN sale_order o ON o.partner_id = p.id
                       AND o.company_id = risk.company_id AND o.state = 'sale'
                       AND o.amount_untaxed > 0
                       AND o.date_order > risk.result_from AND o.date_order <= %s
                     WHERE risk.id = ANY(%s)
                  GROUP BY risk.id
                    """,
                    fields.Datetime.now(),
                    self.ids,
                )
            )
        )

    def _decide_result(self):
        """Won back if the customer has ordered again, otherwise lost; the analysis of
        the loss is asked for."""
        counts = self._orders_of_cases()
        for case in self:
            case._close("won_back" if counts.get(case.id) else "lost")
            case._tell(
                case.user_id | case.supervisor_id,
                lambda told: (
                    told.env._("The customer has ordered again: the case is won back.")
                    if told.state == "won_back"
                    else told.env._(
                        "The customer has not ordered again: the case is lost. Enter "
                        "the cause and what to change."
                    )
                ),
            )

    def _ask_analysis(self):
        for case in self:
            person = case.user_id or case.supervisor_id
            if not person.active:
                continue
            told = case._care_in_language_of(person)
            case.activity_schedule(
                ANALYSIS,
                user_id=person.id,
                summary=told.env._("Why was %s lost?", case.partner_id.name),
            )

    @api.model
    @single
    def _cron_results(self):
        """Close what has run its days; see :meth:`_decide_result`."""
        if not self._is_outlook_on():
            return
        for company in self.env["res.company"].search([("active", "=", True)]):
            domain = (
                Domain("company_id", "=", company.id)
                & Domain("closed_at", "=", False)
                & Domain("result_due", "<=", company._care_today())
            )
            if not work_off(
                self.with_company(company),
                domain,
                lambda cases: cases._decide_result(),
                BATCH,
            ):
                return
