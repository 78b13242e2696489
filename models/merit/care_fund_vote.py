from odoo import fields, models


class CareFundVote(models.Model):
    """The vote of a member for a spending. Votes of those who leave do not count."""

    _name = "care.fund.vote"
    _description = "Vote on a Spending"
    _order = "id"
    _rec_name = "user_id"

    move_id = fields.Many2one(
        "care.fund.move", "Spending", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Member", readonly=True, ondelete="set null")
    voted_at = fields.Datetime(
        "Voted", required=True, readonly=True, default=fields.Datetime.now
    )

    _user_uniq = models.UniqueIndex(
        "(move_id, user_id)", "Each member has one vote on a spending."
    )
    _user_idx = models.Index("(user_id)")
