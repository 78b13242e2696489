from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .care_merit_rule import ACCOUNTS, KINDS, RULE_CAUSES

CAUSES = [*RULE_CAUSES, ("not_made_good", "Not made good in time")]
STATES = [
    ("proposed", "Proposed"),
    ("told", "Told"),
    ("heard", "Heard"),
    ("confirmed", "Confirmed"),
    ("settled", "Settled"),
    ("waived", "Waived"),
]
UNITS = [("money", "Money"), ("points", "Points")]
WAY_FIELDS = {
    "state",
    "standing",
    "heard_until",
    "objection",
    "objected_at",
    "answer",
    "answered_by_id",
    "confirmed_by_id",
    "settled_month",
    "waived_by_id",
    "reason",
}
"""What buttons write on the way of an entry; all other fields stay as they were."""


class CareMeritEntry(models.Model):
    """The ledger of rewards and penalties: entries are added, never changed.

    What is wrong is taken back by a counter-entry. Each source, cause and person has
    one entry that stands at a time; ``turn`` counts how often it was taken back.
    """

    _name = "care.merit.entry"
    _description = "Merit Entry"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month desc, department_id, user_id, day, id"
    _rec_name = "cause"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        readonly=True,
        ondelete="restrict",
        help="Who is charged or rewarded. Empty: the department.",
    )
    about_user_id = fields.Many2one(
        "res.users",
        "Concerning",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose contact or complaint it was.",
    )
    supervisor_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Supervisor of the person on the day.",
    )
    department_id = fields.Many2one(
        "crm.team", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    day = fields.Date(
        "Date",
        required=True,
        readonly=True,
        help="Day of the cause, in the time zone of the company.",
    )
    month = fields.Date(
        required=True,
        readonly=True,
        help="Month in which it is settled: that of the cause, or the first open one "
        "after it.",
    )
    period = fields.Date(
        readonly=True, help="Month that is rewarded, where the cause is a whole month."
    )
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    account = fields.Selection(ACCOUNTS, required=True, readonly=True)
    rule_id = fields.Many2one(
        "care.merit.rule", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    rule_amount = fields.Float(
        "Amount of the Rule",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="As the rule stood on the day, in the currency of the company.",
    )
    quantity = fields.Integer(
        readonly=True,
        default=1,
        required=True,
        aggregator=None,
        help="Contacts agreed but not made, or 1.",
    )
    unit = fields.Selection(UNITS, required=True, readonly=True, default="money")
    currency_id = fields.Many2one(
        "res.currency", readonly=True, ondelete="restrict", help="Empty for points."
    )
    amount = fields.Float(
        required=True,
        readonly=True,
        digits=(16, 2),
        help="Penalties are positive, rewards are negative. A counter-entry has the "
        "opposite sign.",
    )
    res_model = fields.Char("Source Model", readonly=True, required=True)
    res_id = fields.Many2oneReference(
        "Source", model_field="res_model", readonly=True, required=True
    )
    turn = fields.Integer(
        readonly=True,
        default=0,
        required=True,
        aggregator=None,
        help="How often this source, cause and person was taken back.",
    )
    reversal_of_id = fields.Many2one(
        "care.merit.entry",
        "Counter-Entry of",
        readonly=True,
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        "care.merit.entry", "reversal_of_id", "Counter-Entries"
    )
    standing = fields.Selection(
        [
            ("valid", "In Force"),
            ("lifted", "Lifted"),
            ("reversed", "Reversed"),
            ("counter", "Counter-Entry"),
        ],
        required=True,
        readonly=True,
        default="valid",
        help="Lifted: no longer due, for example because a report came late. It comes "
        "back if it is due again. Reversed: taken back for good.",
    )
    automatic = fields.Boolean(
        readonly=True, help="Counter-entry of the nightly job, not of a person."
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="proposed")
    heard_until = fields.Date(
        "Objection until",
        readonly=True,
        help="Last day on which the person can object.",
    )
    objection = fields.Text(readonly=True)
    objected_at = fields.Datetime("Objected", readonly=True)
    answer = fields.Text("Answer to the Objection", readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    confirmed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    settled_month = fields.Date(
        "Settled in", readonly=True, help="Month with which it was settled."
    )
    waived_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    reason = fields.Char(readonly=True, help="Why it was waived or reversed.")

    _once_uniq = models.UniqueIndex(
        "(res_model, res_id, cause, COALESCE(user_id, 0), turn, company_id,"
        " COALESCE(period, '0001-01-01'::date)) WHERE reversal_of_id IS NULL",
        "This source, cause and person already has an entry.",
    )
    _reversal_uniq = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "An entry can be reversed only once.",
    )
    _user_or_team = models.Constraint(
        "CHECK (user_id IS NOT NULL OR account = 'team')",
        "An entry needs a person, unless it is the department's.",
    )
    _person_idx = models.Index("(user_id, month)")
    _month_idx = models.Index("(company_id, month)")
    _way_idx = models.Index(
        "(state, heard_until) WHERE standing = 'valid' AND state <> 'settled'"
    )

    # ------------------------------------------------------------
    # Nobody changes entries
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Entries are proposed by the app and cannot be created.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """Buttons move an entry on its way; what it says stays."""
        if not self._care_is_unlocked() or not self.env.su or set(vals) - WAY_FIELDS:
            vals = self._care_without_chatter(vals)
        return super().write(vals) if vals else True

    def _care_without_chatter(self, vals):
        """:return: ``vals`` of the chatter alone
        :raise UserError: there are others"""
        chatter = {
            name
            for name in vals
            if name.startswith(("message_", "activity_", "website_message_"))
        }
        if set(vals) - chatter:
            raise UserError(
                self.env._(
                    "Entries of the ledger cannot be changed, not even by "
                    "administrators. Use the buttons: waive the entry or reverse it."
                )
            )
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Entries of the ledger cannot be deleted. Reverse the entry instead."
            )
        )

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise AccessError(self.env._("Entries of the ledger cannot be duplicated."))

    @api.depends("cause", "user_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        causes = dict(self._fields["cause"]._description_selection(self.env))
        for entry in self:
            entry.display_name = " · ".join(
                filter(None, (causes.get(entry.cause), entry.user_id.name))
            )
