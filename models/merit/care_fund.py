from odoo import api, fields, models
from odoo.tools import SQL


class CareFund(models.Model):
    """What penalties and rewards leave to a department (部门基金, section 8). Its
    members decide together how to spend it."""

    _name = "care.fund"
    _description = "Department Fund"
    _order = "company_id, department_id"
    _rec_name = "department_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )
    department_id = fields.Many2one(
        "crm.team", required=True, readonly=True, ondelete="restrict", index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    move_ids = fields.One2many("care.fund.move", "fund_id", "Moves")
    balance = fields.Monetary(
        "Fund Balance",
        compute="_compute_balance",
        help="Credits less what was spent.",
    )
    reserved = fields.Monetary(
        compute="_compute_balance", help="Agreed by the members, but not spent yet."
    )
    waiting = fields.Monetary(
        "To Be Taken Back",
        compute="_compute_balance",
        help="Reversed penalties and rewards for which there is no money. Later "
        "credits pay them first.",
    )
    available = fields.Monetary(
        compute="_compute_balance", help="What members can still decide on."
    )
    member_ids = fields.Many2many(
        "res.users", string="Members", compute="_compute_members"
    )
    is_member = fields.Boolean("I Am a Member", compute="_compute_members")

    _fund_uniq = models.UniqueIndex(
        "(company_id, department_id)", "The department has a fund already."
    )

    @api.depends("move_ids.amount", "move_ids.state")
    def _compute_balance(self):
        sums = self._sums()
        for fund in self:
            balance, reserved, waiting = sums.get(fund.id, (0, 0, 0))
            fund.balance, fund.reserved, fund.waiting = balance, reserved, waiting
            fund.available = max(balance - reserved - waiting, 0)

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_members(self):
        for fund in self:
            fund.member_ids = fund._members()
            fund.is_member = self.env.user in fund.member_ids

    def _sums(self):
        """{id: (balance, reserved, waiting)}, in one query"""
        if not self.ids:
            return {}
        self.env["care.fund.move"].flush_model(["fund_id", "kind", "amount", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT fund_id,
                       COALESCE(SUM(CASE state WHEN 'booked' THEN amount
                                               WHEN 'spent' THEN -amount END), 0),
                       COALESCE(SUM(amount) FILTER (WHERE state = 'agreed'), 0),
                       COALESCE(-SUM(amount) FILTER (WHERE state = 'waiting'), 0)
                  FROM care_fund_move
                 WHERE fund_id = ANY(%s)
                 GROUP BY fund_id
                """,
                self.ids,
            )
        )
        return {
            fund: tuple(
                self.browse(fund).currency_id.round(float(sum_)) for sum_ in sums
            )
            for fund, *sums in rows
        }

    def _members(self):
        """Active members of the department and its leader, who work in the company"""
        self.ensure_one()
        team = self.department_id.sudo()
        people = team.crm_team_member_ids.user_id | team.user_id
        return people.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        ).with_env(self.env)

    def _lock_to_book(self):
        """Lock the funds until the end of the transaction. A concurrent transaction
        that does the same fails, and is tried again with the new balance."""
        self.env.execute_query(
            SQL(
                "UPDATE care_fund SET write_date = %s WHERE id = ANY(%s) RETURNING id",
                self.env.cr.now(),
                sorted(self.ids),
            )
        )
        self.invalidate_recordset(["balance", "reserved", "waiting", "available"])

    # ------------------------------------------------------------
    # Credits
    # ------------------------------------------------------------

    @api.model
    def _credit(self, entries):
        """Credit settled entries of the ledger, each once: penalties of people of the
        department, and rewards of the department itself. Rewards of people are theirs,
        and points are no money. Counter-entries are debits.

        :return: the new moves, as superuser
        """
        Move = self.env["care.fund.move"].sudo()
        entries = entries.sudo().filtered(self._is_for_fund)
        entries -= Move.search([("entry_id", "in", entries.ids)]).entry_id
        places = entries.grouped(lambda entry: (entry.company_id, entry.department_id))
        funds = {place: self._of(*place) for place in places}
        every = self.sudo().union(*funds.values())
        every._lock_to_book()
        credited = {
            move.entry_id: move.amount
            for move in Move.search([("entry_id", "in", entries.reversal_of_id.ids)])
        }
        values = []
        for entry in entries.sorted("id"):
            fund = funds[entry.company_id, entry.department_id]
            if vals := fund._entry_values(entry, credited.get(entry.reversal_of_id)):
                credited[entry] = vals["amount"]
                values.append(vals)
        moves = Move.create(values)
        every._book_waiting()
        return moves

    @api.model
    def _is_for_fund(self, entry):
        if entry.state != "settled" or entry.unit != "money" or not entry.department_id:
            return False
        is_team = entry.account == "team" and not entry.user_id
        return bool(entry.amount) and (entry.kind == "penalty" or is_team)

    @api.model
    def _of(self, company, department):
        """The fund of a department, as superuser; it is made when there is none."""
        place = [
            ("company_id", "=", company.id),
            ("department_id", "=", department.id),
        ]
        return self.sudo().search(place) or self.sudo().create(
            {
                "company_id": company.id,
                "department_id": department.id,
                "currency_id": company.currency_id.id,
            }
        )

    def _entry_values(self, entry, credited=None):
        """:param credited: what the entry that this one takes back has credited
        :return: values of a move; none where the amount rounds to nothing"""
        amount = entry.amount if entry.kind == "penalty" else -entry.amount
        if credited is not None:
            amount = -credited
        elif entry.currency_id and entry.currency_id != self.currency_id:
            amount = entry.currency_id._convert(
                amount, self.currency_id, entry.company_id, entry.day
            )
        amount = self.currency_id.round(amount)
        if not amount:
            return None
        return {
            "fund_id": self.id,
            "kind": "entry",
            "entry_id": entry.id,
            "amount": amount,
            "day": entry.settled_month or entry.month,
            "state": "booked" if amount > 0 else "waiting",
        }

    def _book_waiting(self):
        """Book the debits for which there is money, the oldest first."""
        for fund in self:
            balance = fund._sums().get(fund.id, (0,))[0]
            for move in fund.sudo().move_ids.sorted("id"):
                if move.state != "waiting":
                    continue
                if fund.currency_id.compare_amounts(balance, -move.amount) < 0:
                    break
                balance += move.amount
                move._care_unlock().state = "booked"
