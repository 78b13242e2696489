from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.base import UNLOCKED
from ..core.care_customer_view import CareCustomerViewMixin
from ..core.care_reference import CareReferenceMixin

STATES = [
    ("to_approve", "To Approve"),
    ("open", "Open"),
    ("late", "Late"),
    ("disputed", "Disputed"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("forgiven", "Forgiven by the Customer"),
    ("withdrawn", "Withdrawn"),
]
WAITING_STATES = ("to_approve", "open", "late", "disputed")
"""Something is still to be done"""
REMINDER = "customer_care.mail_activity_type_promise_due"
SOURCES = [
    ("interaction", "Report"),
    ("complaint", "Complaint"),
    ("order", "Sales Order"),
    ("meeting", "Meeting"),
    ("hand", "Entered by Hand"),
]
SOURCE_FIELDS = {
    "interaction_id": "interaction",
    "complaint_id": "complaint",
    "order_id": "order",
}
PROMISE_BUTTON_FIELDS = {
    "state",
    "kept_at",
    "evidence",
    "reason",
    "approved_by_id",
    "approved_cost",
    "company_cost",
    "is_earlier",
    "department_id",
    "supervisor_id",
    "merged_complaint_id",
    "disputed_by_id",
    "disputed_at",
    "dispute_due",
    "confirmed_at",
    "confirmed_user_id",
    "denied_at",
    "order_due",
    "late_told_on",
    "dispute_told_on",
    "responsible_at",
    "broken_complaint_id",
}
"""Set by buttons and by the nightly job only"""
COST_FIELDS = {"cost", "currency_id", "promised_at", "company_id"}
"""What the cost for the company follows from"""
SETTLED_FIELDS = {
    "name",
    "partner_id",
    "contact_id",
    "user_id",
    "date_due",
    "source",
    *COST_FIELDS,
    *SOURCE_FIELDS,
}
"""What was promised: as it stands once the promise is settled"""


class CarePromise(models.Model):
    """What somebody promised to a customer, by when, and what became of it."""

    _name = "care.promise"
    _description = "Promise"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        CareCustomerViewMixin._name,
        CareReferenceMixin._name,
        "care.named",
    ]
    _order = "date_due, id"
    _rec_names_search = ["name", "partner_id"]
    _check_company_auto = True

    name = fields.Text("Promise", required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        domain="[('commercial_partner_id', '=', partner_id)]",
        ondelete="set null",
        index="btree_not_null",
        help="The person to whom it was promised.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Promiser",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="set null",
        index=True,
        tracking=True,
    )
    department_id = fields.Many2one(
        "crm.team",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    supervisor_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    promised_at = fields.Datetime(
        "Promised on", required=True, default=fields.Datetime.now, copy=False
    )
    date_due = fields.Date("Due", tracking=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    source = fields.Selection(SOURCES, required=True, default="hand")
    interaction_id = fields.Many2one(
        "care.interaction",
        "Report",
        check_company=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    complaint_id = fields.Many2one(
        "care.complaint",
        check_company=True,
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
        ondelete="set null",
        index="btree_not_null",
    )
    merged_complaint_id = fields.Many2one(
        "care.complaint",
        "Complaint before Merging",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    order_id = fields.Many2one(
        "sale.order",
        "Sales Order",
        check_company=True,
        copy=False,
        domain="[('partner_id.commercial_partner_id', '=', partner_id)]",
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, tracking=True
    )
    kept_at = fields.Datetime("Kept on", readonly=True, copy=False)
    evidence = fields.Text(
        readonly=True,
        copy=False,
        tracking=True,
        help="Message, delivery or credit note that shows that the promise was kept.",
    )
    reason = fields.Char(
        readonly=True,
        copy=False,
        tracking=True,
        help="Why the promise was withdrawn, or how the customer forgave it.",
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, ondelete="set null"
    )
    is_earlier = fields.Boolean(
        "From Before",
        readonly=True,
        copy=False,
        help="Promised before promises were followed up: nobody is told that it is "
        "late, and the nightly job does not break it.",
    )
    is_active = fields.Boolean(compute="_compute_is_active")
    is_in_charge = fields.Boolean(compute="_compute_is_in_charge")
    is_promiser = fields.Boolean(compute="_compute_is_in_charge")

    _waiting_idx = models.Index(
        "(date_due, user_id) WHERE state IN ('to_approve', 'open', 'late', 'disputed')"
    )

    @api.depends("name")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = (promise.name or "").strip().split("\n")[0][:80]

    @api.depends("state")
    def _compute_is_active(self):
        for promise in self:
            promise.is_active = promise.state in WAITING_STATES

    @api.depends("user_id", "supervisor_id")
    @api.depends_context("uid")
    def _compute_is_in_charge(self):
        for promise in self:
            promise.is_in_charge = promise._is_in_charge()
            promise.is_promiser = promise.user_id == self.env.user

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.contact_id.commercial_partner_id != self.partner_id:
            self.contact_id = False

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Users promise for themselves; those with access to all customers also enter
        what colleagues promised."""
        self = self._care_without_defaults(PROMISE_BUTTON_FIELDS)  # noqa: PLW0642
        ours = self.env.su or self._care_is_unlocked()
        vals_list = [
            {
                name: value
                for name, value in vals.items()
                if ours or name not in PROMISE_BUTTON_FIELDS
            }
            for vals in vals_list
        ]
        self._check_care_references(vals_list)
        for vals in vals_list:
            self._prepare_promise(vals)
        checked = self.with_context(care_unlocked=UNLOCKED)
        promises = super(CarePromise, checked).create(vals_list).with_env(self.env)
        if not ours:
            promises._check_promiser()
        asked = [
            promise.id
            for promise, vals in zip(promises, vals_list, strict=True)
            if "state" not in vals
        ]
        promises.browse(asked)._ask_approval()
        promises.filtered(lambda row: row.state == "open")._remind()
        return promises

    def write(self, vals):
        vals = self._care_drop_unchanged(PROMISE_BUTTON_FIELDS | SETTLED_FIELDS, vals)
        ours = self.env.su or self._care_is_unlocked()
        if not ours:
            self._check_write(vals)
        if partner := self.env["res.partner"].browse(vals.get("partner_id")):
            vals["partner_id"] = partner.commercial_partner_id.id
        if vals.get("user_id"):
            people = self.env["res.users"].browse(vals["user_id"])
            for company in self.company_id:
                vals = self._line_values(people, company) | vals
        asks = "state" not in vals and {*COST_FIELDS, "user_id"} & vals.keys()
        costs = {row: row.company_cost for row in self} if asks else {}
        result = super().write(vals)
        if not ours and {"user_id", "company_id"} & vals.keys():
            self._check_promiser()
        if asks:
            anyway = {"user_id", "company_id"} & vals.keys()
            self.filtered(
                lambda row: row.state in ("to_approve", "open", "late")
                and not row.confirmed_at
                and (anyway or row.company_cost != costs[row])
            )._ask_approval()
        if {"date_due", "user_id"} & vals.keys():
            self.filtered(lambda row: row.state in ("open", "late"))._remind()
        return result

    def _check_write(self, vals):
        if PROMISE_BUTTON_FIELDS & vals.keys():
            raise UserError(
                self.env._("Use the buttons of the promise to change its state.")
            )
        if SETTLED_FIELDS & vals.keys() and any(not row.is_active for row in self):
            raise UserError(
                self.env._(
                    "This promise is settled: what was promised can no longer be "
                    "changed."
                )
            )
        if SETTLED_FIELDS & vals.keys() and any(
            row.state == "disputed" for row in self
        ):
            raise UserError(
                self.env._(
                    "This promise is disputed: confirm or deny it before you change it."
                )
            )
        if {*COST_FIELDS, "date_due", "user_id"} & vals.keys() and any(
            row.confirmed_at for row in self
        ):
            raise UserError(
                self.env._("A confirmed promise is kept as it was confirmed.")
            )

    def _check_promiser(self):
        """:raise AccessError: a promise in somebody else's name"""
        for promise in self:
            user = promise.user_id.sudo()
            if not user:
                raise UserError(self.env._("Choose who promised it."))
            if promise.company_id not in user.company_ids or user.share:
                raise UserError(
                    self.env._(
                        "%s has no access to this company. Choose another user.",
                        user.name,
                    )
                )
            if user != self.env.user and not self.env.user.has_group(
                "customer_care.group_user_all"
            ):
                raise AccessError(
                    self.env._(
                        "You can only enter your own promises. If a customer says that "
                        "a colleague promised something, enter a disputed promise."
                    )
                )

    def _prepare_promise(self, vals):
        """Fill in what follows from the values."""
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        if partner and partner != partner.commercial_partner_id:
            vals.setdefault("contact_id", partner.id)
            vals["partner_id"] = partner.commercial_partner_id.id
        if not vals.get("source"):
            found = [kind for name, kind in SOURCE_FIELDS.items() if vals.get(name)]
            if found:
                vals["source"] = found[0]
        user = self.env["res.users"].browse(vals.get("user_id") or self.env.uid)
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        for name, value in self._line_values(user, company).items():
            vals.setdefault(name, value)
        vals.setdefault("is_earlier", not self._is_promise_on())

    @api.model
    def _line_values(self, user, company):
        """Department and supervisor of a person, as they stand today"""
        team = user.sudo().sale_team_id
        return {
            "department_id": team.id,
            "supervisor_id": user._care_supervisor(company).id,
        }

    @api.model
    def _is_promise_on(self):
        return self.env["res.groups"]._has_care_feature("promise")

    def _set_state(self, state, **values):
        self._care_unlock().write({"state": state, **values})
