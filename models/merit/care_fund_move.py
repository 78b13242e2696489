from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount
from odoo.tools.misc import format_date

PROPOSAL_FIELDS = {"fund_id", "name", "amount", "day", "receipt", "receipt_name"}
"""What a member enters"""
RECEIPT_FIELDS = {"receipt", "receipt_name", "day"}
"""What members may still change after a vote"""


class CareFundMove(models.Model):
    """A credit of a fund, or something that its members spend it on."""

    _name = "care.fund.move"
    _description = "Fund Move"
    _inherit = ["mail.thread"]
    _order = "day desc, id desc"

    fund_id = fields.Many2one(
        "care.fund",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self._default_fund(),
    )
    company_id = fields.Many2one(
        related="fund_id.company_id", store=True, precompute=True, index=True
    )
    department_id = fields.Many2one(
        related="fund_id.department_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(
        related="fund_id.currency_id", store=True, precompute=True
    )
    kind = fields.Selection(
        [("entry", "Credit"), ("spending", "Spending")],
        required=True,
        readonly=True,
        default="spending",
        copy=False,
    )
    name = fields.Char("What For", tracking=True)
    amount = fields.Monetary(
        required=True,
        tracking=True,
        aggregator=None,
        help="Spendings are positive. Credits that are taken back are negative.",
    )
    day = fields.Date("Date", default=lambda self: self.env.company._care_today())
    state = fields.Selection(
        [
            ("waiting", "Waiting for Money"),
            ("booked", "Booked"),
            ("proposed", "Proposed"),
            ("agreed", "Agreed"),
            ("spent", "Spent"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        copy=False,
        tracking=True,
    )
    entry_id = fields.Many2one(
        "care.merit.entry",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="customer_care.group_manager",
    )
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", readonly=True, copy=False, ondelete="set null"
    )
    vote_ids = fields.One2many("care.fund.vote", "move_id", "Votes", copy=False)
    vote_count = fields.Integer("Votes in Favor", compute="_compute_votes")
    votes_needed = fields.Integer(
        compute="_compute_votes", help="More than half of the active members."
    )
    may_agree = fields.Boolean(compute="_compute_votes")
    may_spend = fields.Boolean(compute="_compute_votes")
    may_withdraw = fields.Boolean(compute="_compute_votes")
    receipt = fields.Binary(attachment=True, copy=False)
    receipt_name = fields.Char("File Name", copy=False)
    spent_by_id = fields.Many2one(
        "res.users", "Spent by", readonly=True, copy=False, ondelete="set null"
    )
    spent_at = fields.Datetime("Spent on", readonly=True, copy=False)

    _entry_uniq = models.UniqueIndex(
        "(entry_id) WHERE entry_id IS NOT NULL", "This entry was credited already."
    )
    _spending_positive = models.Constraint(
        "CHECK (kind <> 'spending' OR amount > 0)",
        "Enter how much the spending costs.",
    )
    _spending_named = models.Constraint(
        "CHECK (kind <> 'spending' OR name IS NOT NULL)",
        "Enter what the money is spent on.",
    )

    @api.model
    def _default_fund(self):
        """The fund of the only department of the user"""
        funds = self.env["care.fund"].search([], limit=2)
        return funds.filtered("is_member") if len(funds) == 1 else funds.browse()

    @api.depends("vote_ids", "state", "fund_id")
    @api.depends_context("uid")
    def _compute_votes(self):
        is_admin = self.env.user.has_group("customer_care.group_manager")
        for move in self:
            members = move.fund_id._members() if move.fund_id else self.env["res.users"]
            voters = move.sudo().vote_ids.user_id & members
            mine = self.env.user in members
            move.vote_count = len(voters)
            move.votes_needed = len(members) // 2 + 1
            move.may_agree = (
                mine and move.state == "proposed" and self.env.user not in voters
            )
            move.may_spend = (mine or is_admin) and move._is_agreed()
            move.may_withdraw = (
                is_admin or move.proposed_by_id == self.env.user
            ) and move.state in ("proposed", "agreed")

    def _is_agreed(self):
        """Agreed, or by a majority since members have left"""
        return self.state == "agreed" or (
            self.state == "proposed"
            and self.kind == "spending"
            and self.vote_count >= self.votes_needed
        )

    @api.depends("name", "kind", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for move in self:
            move.display_name = move.name or self.env._(
                "Rewards and penalties of %s",
                format_date(self.env, move.day, date_format="LLLL y"),
            )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Members propose; the app credits."""
        if self.env.su:
            return super().create(vals_list)
        self = self._care_without_defaults(  # noqa: PLW0642
            {"kind", "state", "entry_id", "proposed_by_id", "vote_ids"}
        )
        moves = super().create(
            [
                {name: vals[name] for name in PROPOSAL_FIELDS & set(vals)}
                | {"proposed_by_id": self.env.uid}
                for vals in vals_list
            ]
        )
        for move in moves:
            move._check_member()
            move._check_money(move.fund_id.available)
        return moves

    def write(self, vals):
        """The proposer changes a proposal until somebody votes, members add the
        receipt until it is spent."""
        if self.env.su:
            return super().write(vals)
        self.check_access("write")
        vals = self._care_drop_unchanged(set(self._fields) & set(vals), vals)
        chatter = {name for name in vals if name.startswith("message_")}
        changed = set(vals) - chatter
        for move in self if changed else ():
            move._check_change(changed)
        result = super().write(vals)
        for move in self if "amount" in changed else ():
            move._check_money(move.fund_id.available)
        return result

    def _check_change(self, changed):
        if changed <= RECEIPT_FIELDS and self.state in ("proposed", "agreed"):
            self._check_member(or_administrator=True)
        elif (
            not changed <= PROPOSAL_FIELDS - {"fund_id"}
            or self.state != "proposed"
            or self.sudo().vote_ids
            or self.proposed_by_id != self.env.user
        ):
            raise UserError(
                self.env._(
                    "%s cannot be changed any more. Withdraw it and propose again.",
                    self.display_name,
                )
            )

    def copy(self, default=None):
        self._care_check_copy(default, {"name"})
        return super().copy(default)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Moves of a fund cannot be deleted. Withdraw the proposal.")
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_agree(self):
        """Vote for a proposal. More than half of the active members decide.

        :raise AccessError: not a member
        :raise UserError: not a proposal, voted already, or not enough money
        """
        self.check_access("read")
        for move in self:
            move._check_member()
            move._check_state(
                ("proposed",), self.env._("%s is not up for a vote.", move.display_name)
            )
            if self.env.user in move.sudo().vote_ids.user_id:
                raise UserError(
                    self.env._("You have voted for %s already.", move.display_name)
                )
            move.fund_id._lock_to_book()
            self.env["care.fund.vote"].sudo().create(
                {"move_id": move.id, "user_id": self.env.uid}
            )
            if move._is_agreed():
                move._agree()
        return True

    def _agree(self):
        self._check_money(self.fund_id.available)
        self._care_unlock().state = "agreed"

    def action_spend(self):
        """Spend what the members have agreed, with a receipt.

        :raise AccessError: neither a member nor an administrator
        :raise UserError: no majority, no receipt, wrong date, or not enough money
        """
        self.check_access("read")
        for move in self:
            move._check_member(or_administrator=True)
            move._check_state(
                ("proposed", "agreed"),
                self.env._("%s cannot be spent.", move.display_name),
            )
            if not move._is_agreed():
                raise UserError(
                    self.env._(
                        "%(move)s has %(votes)s votes of %(needed)s. More than half of "
                        "the members must agree first.",
                        move=move.display_name,
                        votes=move.vote_count,
                        needed=move.votes_needed,
                    )
                )
            if not move.receipt:
                raise UserError(
                    self.env._("Add the receipt of %s first.", move.display_name)
                )
            move._check_day()
            move.fund_id._lock_to_book()
            move._check_money(move.fund_id.balance)
            move._care_unlock().write(
                {
                    "state": "spent",
                    "spent_by_id": self.env.uid,
                    "spent_at": fields.Datetime.now(),
                }
            )
        return True

    def action_withdraw(self):
        """Take back a proposal: who proposed it, or an administrator."""
        self.check_access("read")
        for move in self:
            move._check_state(
                ("proposed", "agreed"),
                self.env._("%s cannot be withdrawn.", move.display_name),
            )
            if not move.may_withdraw:
                raise AccessError(
                    self.env._(
                        "Only %s and administrators can withdraw this proposal.",
                        move.proposed_by_id.name,
                    )
                )
        self._care_unlock().write({"state": "withdrawn"})
        return True

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _check_member(self, or_administrator=False):
        self.ensure_one()
        if or_administrator and self.env.user.has_group("customer_care.group_manager"):
            return
        if self.env.user not in self.fund_id._members():
            raise AccessError(
                self.env._(
                    "The fund belongs to %s: only its members decide how to use it.",
                    self.fund_id.department_id.sudo().name,
                )
            )

    def _check_state(self, states, message):
        if self.kind != "spending" or self.state not in states:
            raise UserError(message)

    def _check_money(self, money):
        if self.currency_id.compare_amounts(self.amount, money) > 0:
            raise UserError(
                self.env._(
                    "%(move)s costs %(cost)s, but only %(money)s are available in the "
                    "fund.",
                    move=self.display_name,
                    cost=format_amount(self.env, self.amount, self.currency_id),
                    money=format_amount(self.env, money, self.currency_id),
                )
            )

    def _check_day(self):
        """The day of spending is not in the future, nor in a month that is closed."""
        company = self.company_id.sudo()
        if not self.day or self.day > company._care_today():
            raise UserError(
                self.env._("Enter the day on which it was paid, not a later one.")
            )
        closed = self.env["care.merit.month"]._closed(company)[company]
        if self.day.replace(day=1) in closed:
            raise UserError(
                self.env._(
                    "%s is closed. Enter a day of an open month.",
                    format_date(self.env, self.day, date_format="LLLL y"),
                )
            )
