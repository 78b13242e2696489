from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CareComplaintTeam(models.Model):
    """Users who handle complaints together, and their working hours."""

    _name = "care.complaint.team"
    _description = "Complaint Team"
    _inherit = ["care.named"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    color = fields.Integer(aggregator=None)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    manager_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Is notified when complaints are late, and can enter events manually.",
    )
    checker_id = fields.Many2one(
        "res.users",
        "Checks Solutions",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Asks customers whether they are satisfied with the solution. Leave empty "
        "for the team manager. Sees all complaints of the team, and never checks those "
        "they handle themselves.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "care_complaint_team_member_rel",
        "team_id",
        "user_id",
        "Members",
        domain="[('share', '=', False)]",
        check_company=True,
        help="They see all complaints of the team, and get new ones assigned.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        help="Clocks run during these hours. Leave empty to use those of the company.",
    )
    assignment = fields.Selection(
        [
            ("manual", "Manually"),
            ("round_robin", "In turn"),
            ("least_loaded", "Fewest open complaints"),
        ],
        default="manual",
        required=True,
        help="How new complaints are assigned. Members on leave are skipped.",
    )
    last_user_id = fields.Many2one("res.users", "Last Assigned User", copy=False)
    open_count = fields.Integer("Open Complaints", compute="_compute_open_count")
    calendar_flexible = fields.Boolean(compute="_compute_calendar_flexible")

    @api.depends("calendar_id.flexible_hours")
    def _compute_calendar_flexible(self):
        for team in self:
            team.calendar_flexible = team.calendar_id.flexible_hours

    def _compute_open_count(self):
        counts = dict(
            self.env["care.complaint"]._read_group(
                [("team_id", "in", self.ids), ("closed_at", "=", False)],
                ["team_id"],
                ["__count"],
            )
        )
        for team in self:
            team.open_count = counts.get(team, 0)

    @api.constrains("calendar_id")
    def _check_calendar(self):
        self.calendar_id._care_check_fixed()

    @api.model
    def _default_of(self, company):
        """The first team of a company; a complaint can also have none."""
        return self.sudo().search_fetch(
            [("company_id", "=", company.id)],
            ["company_id", "assignment", "calendar_id", "acknowledge_phone"],
            limit=1,
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if {"member_ids", "checker_id"} & set(vals):
            self.env.registry.clear_cache()
        if "active" in vals and not vals["active"]:
            self.check_access("write")
            self._check_no_open(
                self.env._(
                    "“%(team)s” has open complaints, so it cannot be archived: "
                    "%(count)s. Move them to another team or close them first."
                )
            )
        result = super().write(vals)
        if "calendar_id" in vals:
            self.env["care.sla.status"].sudo()._mark_changed(
                Domain("complaint_id.team_id", "in", self.ids)
            )
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Closed complaints count too: reports group by team."""
        self._check_no_open(
            self.env._(
                "“%(team)s” has open complaints, so it cannot be deleted: %(count)s. "
                "Archive it after you have moved them to another team or closed them."
            )
        )
        complaint = (
            self.env["care.complaint"]
            .sudo()
            .with_context(active_test=False)
            .search([("team_id", "in", self.ids)], limit=1)
        )
        if complaint:
            raise UserError(
                self.env._(
                    "“%s” has complaints, so it cannot be deleted. Archive it, or move "
                    "its complaints first.",
                    complaint.team_id.display_name,
                )
            )

    def _check_no_open(self, words):
        """Mails and new complaints of a team go to its members, so none is left behind.

        :raise UserError: with ``words``, of the first team with open complaints
        """
        for team, count in (
            self.env["care.complaint"]
            .sudo()
            ._read_group(
                [("team_id", "in", self.ids), ("closed_at", "=", False)],
                ["team_id"],
                ["__count"],
            )
        ):
            raise UserError(words % {"team": team.display_name, "count": count})

    # ------------------------------------------------------------
    # Assignment
    # ------------------------------------------------------------

    def _assign(self, count):
        """Choose the handlers of the next ``count`` complaints. Concurrent transactions
        write the same team, so Odoo retries one of them.

        :return: list of users, empty ones if no member is present
        """
        self.ensure_one()
        nobody = self.env["res.users"]
        present = self._present_members() if self.assignment != "manual" else nobody
        if not present:
            return [nobody] * count
        if self.assignment == "least_loaded":
            return self._assign_least_loaded(present, count)
        ids = present.ids
        place = ids.index(self.last_user_id.id) if self.last_user_id in present else -1
        chosen = [
            present.browse(ids[(place + step) % len(ids)])
            for step in range(1, count + 1)
        ]
        self.sudo().last_user_id = chosen[-1]
        return chosen

    def _assign_least_loaded(self, present, count):
        loads = dict.fromkeys(present, 0)
        loads |= dict(
            self.env["care.complaint"]
            .sudo()
            ._read_group(
                [("user_id", "in", present.ids), ("closed_at", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        chosen = []
        for _complaint in range(count):
            user = min(present, key=lambda member: loads[member])
            loads[user] += 1
            chosen.append(user)
        return chosen

    def _present_members(self):
        """Active members without a leave now, in a stable order"""
        now = fields.Datetime.now()
        members = self.sudo().member_ids.filtered("active").sorted("id")
        away = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id.user_id", "in", members.ids),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                    ("time_type", "=", "leave"),
                ]
            )
        )
        return (members - away.resource_id.user_id).sudo(False)
