from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STANDARD_BUTTON_FIELDS = {
    "version",
    "state",
    "previous_id",
    "published_by_id",
    "published_at",
    "confirmation_ids",
}
"""Set by buttons only"""
STANDARD_TEXT_FIELDS = {"name", "department_id", "company_id", "text", "date_from"}
"""Cannot be changed once members confirm them"""
TODO = "mail.mail_activity_data_todo"


class CareServiceStandard(models.Model):
    """A version of a department's written rules of service (服务工作标准), which each
    member confirms. A new version asks again."""

    _name = "care.service.standard"
    _description = "Service Standard"
    _inherit = [
        "care.named",
        "care.reference.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "department_id, name, version desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, tracking=True)
    department_id = fields.Many2one(
        "crm.team",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Leave empty for all departments.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    text = fields.Html(required=True, sanitize_attributes=True)
    version = fields.Integer(readonly=True, default=1, copy=False, aggregator=None)
    date_from = fields.Date(
        "Valid from",
        required=True,
        default=lambda self: self.env.company._care_today(),
        copy=False,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("valid", "Valid"), ("replaced", "Replaced")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    previous_id = fields.Many2one(
        "care.service.standard",
        "Previous Version",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    published_by_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False, ondelete="set null"
    )
    published_at = fields.Datetime("Published", readonly=True, copy=False)
    confirmation_ids = fields.One2many(
        "care.standard.confirmation", "standard_id", "Confirmations", copy=False
    )
    item_ids = fields.Many2many(
        "care.check.item",
        "care_check_item_standard_rel",
        "standard_id",
        "item_id",
        "Checklist Items",
        copy=False,
    )
    confirmed_count = fields.Integer("Confirmed", compute="_compute_missing")
    missing_count = fields.Integer("Not Confirmed", compute="_compute_missing")
    missing_user_ids = fields.Many2many(
        "res.users", string="Not Confirmed by", compute="_compute_missing"
    )
    may_confirm = fields.Boolean(compute="_compute_missing")
    may_write = fields.Boolean(compute="_compute_may_write")

    _version_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "There is a newer version already. Open it instead.",
    )

    @api.depends("state", "department_id", "confirmation_ids")
    @api.depends_context("uid")
    def _compute_missing(self):
        for standard in self:
            confirmed = standard.sudo().confirmation_ids.user_id
            asked = standard.state == "valid"
            missing = standard._members() - confirmed if asked else confirmed.browse()
            standard.missing_user_ids = missing
            standard.missing_count = len(missing)
            standard.confirmed_count = len(confirmed)
            standard.may_confirm = self.env.user in missing

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_may_write(self):
        allowed = self.filtered("id")._filtered_access("write")
        for standard in self:
            standard.may_write = not standard.id or standard in allowed

    @api.depends("name", "version")
    def _compute_display_name(self):
        for standard in self:
            standard.display_name = f"{standard.name or ''} · {standard.version}"

    def _members(self):
        """Who confirms it: members and leader of the department, else all users of the
        app in the company"""
        self.ensure_one()
        if team := self.department_id.sudo():
            people = team.member_ids | team.user_id
        else:
            people = self.env.ref("customer_care.group_user").sudo().all_user_ids
        return people.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        ).with_env(self.env)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = self._care_without_defaults(  # noqa: PLW0642
                STANDARD_BUTTON_FIELDS
            )
            vals_list = [
                {k: v for k, v in vals.items() if k not in STANDARD_BUTTON_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {k: v for k, v in vals.items() if k not in STANDARD_BUTTON_FIELDS}
            changed = self._care_drop_unchanged(STANDARD_TEXT_FIELDS, vals)
            if STANDARD_TEXT_FIELDS & set(changed) and any(
                standard.state != "draft" for standard in self
            ):
                raise UserError(
                    self.env._(
                        "Members have been asked to confirm this text, so it cannot "
                        "be changed. Create a new version."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(standard.state != "draft" for standard in self):
            raise UserError(self.env._("Only drafts of standards can be deleted."))

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_publish(self):
        """Make the version valid, replace the one before, and ask the members."""
        self.check_access("write")
        for standard in self.filtered(lambda standard: standard.state == "draft"):
            standard.sudo().write(
                {
                    "state": "valid",
                    "published_by_id": self.env.uid,
                    "published_at": fields.Datetime.now(),
                }
            )
            before = standard.sudo().previous_id
            before.state = "replaced"
            before.activity_unlink([TODO])
            standard.sudo().item_ids |= before.item_ids
            before.item_ids = False
            standard._ask_members()
        return True

    def _ask_members(self):
        for user in self.missing_user_ids:
            told = self._care_in_language_of(user)
            self.sudo().activity_schedule(
                TODO,
                user_id=user.id,
                date_deadline=max(self.date_from, self.company_id._care_today()),
                summary=told.env._("Read and confirm: %s", self.display_name),
            )

    def action_confirm(self):
        """Confirm to have read the standard; everybody for themselves.

        :raise AccessError: not a member of the department
        """
        self.check_access("read")
        for standard in self:
            if standard.state != "valid":
                raise UserError(
                    self.env._(
                        "%s is not valid. Confirm the newest version.",
                        standard.display_name,
                    )
                )
            if self.env.user not in standard._members():
                raise AccessError(
                    self.env._(
                        "Only members of %s confirm this standard.",
                        standard.department_id.name or standard.company_id.name,
                    )
                )
            if standard.may_confirm:
                self.env["care.standard.confirmation"].sudo().create(
                    {"standard_id": standard.id, "user_id": self.env.uid}
                )
                standard.sudo().activity_feedback([TODO], user_id=self.env.uid)
        return True

    def action_new_version(self):
        """A draft of the next version"""
        self.ensure_one()
        self.check_access("write")
        if self.state != "valid":
            raise UserError(self.env._("Only a valid standard has a next version."))
        draft = self.sudo().create(
            {
                "name": self.name,
                "department_id": self.department_id.id,
                "company_id": self.company_id.id,
                "text": self.text,
                "version": self.version + 1,
                "previous_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }
