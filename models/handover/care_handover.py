from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REVERSIBLE_DAYS = 7


class CareHandover(models.Model):
    """Hand the customers of a person or of a region over to one or several successors,
    with all open work: previewed, done in one transaction, reversible for seven
    days."""

    _name = "care.handover"
    _description = "Customer Handover"
    _order = "id desc"

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("previewed", "Previewed"),
            ("done", "Done"),
            ("reversed", "Taken Back"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    scope = fields.Selection(
        [("user", "Customers of a person"), ("region", "Customers of a region")],
        "What",
        default="user",
        required=True,
    )
    from_user_id = fields.Many2one(
        "res.users",
        "From",
        domain="[('share', '=', False)]",
        context={"active_test": False},
        ondelete="restrict",
        index="btree_not_null",
    )
    region_id = fields.Many2one("care.region", ondelete="restrict")
    role_ids = fields.Many2many(
        "care.role",
        string="Roles",
        help="Account team roles to hand over. Empty: all roles of the person.",
    )
    rule = fields.Selection(
        [
            ("one", "All to one"),
            ("region", "By region"),
            ("round_robin", "Round robin by tier"),
        ],
        default="one",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Successor",
        domain="[('share', '=', False)]",
        help="Receives all customers, or those that no region rule assigns.",
    )
    successor_ids = fields.One2many(
        "care.handover.successor", "handover_id", "Successors", copy=True
    )
    reason = fields.Char(help="Shown in the note on each customer.")
    introduce = fields.Boolean(
        "Introduce New Account Managers",
        help="Send a letter by e-mail that introduces the new account manager to "
        "the customers.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many("care.handover.line", "handover_id", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True, copy=False)
    preview = fields.Json(readonly=True, copy=False)
    fingerprint = fields.Char(readonly=True, copy=False)
    done_at = fields.Datetime("Handed Over on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "By", readonly=True, copy=False)
    reversible_until = fields.Datetime(compute="_compute_reversible_until")
    can_reverse = fields.Boolean(compute="_compute_reversible_until")

    @api.depends_context("lang")
    @api.depends("scope", "from_user_id", "region_id")
    def _compute_display_name(self):
        for record in self:
            source = record.from_user_id if record.scope == "user" else record.region_id
            record.display_name = (
                self.env._("Handover from %s", source.sudo().display_name)
                if source
                else self.env._("New handover")
            )

    @api.depends("state", "done_at")
    def _compute_reversible_until(self):
        now = fields.Datetime.now()
        for record in self:
            until = record.done_at and record.done_at + timedelta(days=REVERSIBLE_DAYS)
            record.reversible_until = until
            record.can_reverse = record.state == "done" and now <= until

    @api.constrains("scope", "from_user_id", "region_id", "role_ids")
    def _check_source(self):
        for record in self:
            if record.scope == "user" and not record.from_user_id:
                raise ValidationError(
                    self.env._(
                        "Choose the person whose customers you want to hand over."
                    )
                )
            if record.scope == "region" and not (record.region_id and record.role_ids):
                raise ValidationError(
                    self.env._("Choose the region and the roles to hand over.")
                )

    def write(self, vals):
        """Discard the preview when the handover changes."""
        if {
            "scope",
            "from_user_id",
            "region_id",
            "role_ids",
            "rule",
            "user_id",
            "successor_ids",
        } & set(vals):
            if any(record.state in ("done", "reversed") for record in self):
                raise UserError(
                    self.env._(
                        "This handover has been completed. Take it back or create a "
                        "new one."
                    )
                )
            vals = {**vals, "state": "draft", "preview": False, "fingerprint": False}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(record.state in ("done", "reversed") for record in self):
            raise UserError(self.env._("A completed handover cannot be deleted."))

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_preview(self):
        self.ensure_one()
        self._check_open()
        plan = self._plan()
        self.write(
            {
                "state": "previewed",
                "preview": self._summarize(plan),
                "customer_count": len({line["partner_id"] for line in plan} - {False}),
                "fingerprint": self._sign(plan),
            }
        )

    def action_draft(self):
        self._check_open()
        self.write({"state": "draft", "preview": False, "fingerprint": False})

    def action_apply(self):
        """Hand everything over, all or nothing.

        :raise UserError: something changed since the preview
        """
        self.ensure_one()
        self._lock()
        if self.state != "previewed":
            raise UserError(self.env._("Check the preview first."))
        plan = self._plan()
        if self._sign(plan) != self.fingerprint:
            raise UserError(
                self.env._(
                    "Customers or their records have changed since the preview. "
                    "Refresh the preview."
                )
            )
        if not plan:
            raise UserError(self.env._("There is nothing to hand over."))
        managers = self._managers(plan)
        lines = self.env["care.handover.line"].sudo().create(plan)
        lines._move("new_user_id")
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "done_by_id": self.env.uid,
            }
        )
        self._note(lines, reverse=False)
        if self.introduce:
            changed = [
                partner
                for partner, old in managers.items()
                if partner.care_manager_id and partner.care_manager_id != old
            ]
            self.env["res.partner"].union(*changed)._schedule_care_introduction()

    def action_reverse(self):
        """Take back, within seven days, the records that have not changed since."""
        self.ensure_one()
        self._lock()
        if not self.can_reverse:
            raise UserError(
                self.env._(
                    "A handover can only be taken back within %s days. Create a new "
                    "one in the other direction.",
                    REVERSIBLE_DAYS,
                )
            )
        lines = self.line_ids.sudo()._still_there()
        lines.old_user_id._check_care_successors(self.company_id)
        lines._move("old_user_id")
        lines.reversed = True
        self.state = "reversed"
        self._note(lines, reverse=True)

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "care.handover.line",
            "view_mode": "list",
            "domain": [("handover_id", "=", self.id)],
            "context": {"search_default_group_successor": 1},
        }

    def _check_open(self):
        if any(record.state in ("done", "reversed") for record in self):
            raise UserError(self.env._("This handover has already been completed."))

    def _lock(self):
        """:raise UserError: another user is doing this handover at the same moment"""
        self.check_access("write")
        if not self.try_lock_for_update():
            raise UserError(
                self.env._("Another user is working on this handover. Try again.")
            )
        self.invalidate_recordset()

    def _outdate_preview(self):
        """Mark the preview as outdated because successors have changed."""
        self._check_open()
        self.filtered(lambda record: record.state == "previewed").action_draft()
