from odoo import api, fields, models
from odoo.exceptions import UserError


class CareComplaintTeam(models.Model):
    """Who answers complaints together, and during which hours."""

    _name = "care.complaint.team"
    _description = "Complaint Team"
    _inherit = ["care.named"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
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
        help="Is warned when complaints get late, and may enter events by hand.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "care_complaint_team_member_rel",
        "team_id",
        "user_id",
        "Members",
        domain="[('share', '=', False)]",
        check_company=True,
        help="They see all complaints of the team, and new ones are assigned to them.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        help="The hours in which clocks run. Empty: those of the company.",
    )
    assignment = fields.Selection(
        [
            ("manual", "By hand"),
            ("round_robin", "In turn"),
            ("least_loaded", "To who has the fewest open complaints"),
        ],
        default="manual",
        required=True,
        help="Who gets a new complaint. People on leave are skipped.",
    )
    last_user_id = fields.Many2one("res.users", "Assigned Last", copy=False)
    open_count = fields.Integer("Open Complaints", compute="_compute_open_count")

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

    @api.model
    def _default_of(self, company):
        """The first team of a company; complaints are recorded without one too."""
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
        if "member_ids" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Closed complaints keep theirs too: reports count by it."""
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

    # ------------------------------------------------------------
    # Assignment
    # ------------------------------------------------------------

    def _assign(self, count):
        """Who handles the next ``count`` complaints, one after another. Two at the same
        time write the same team, so one of them is tried again by Odoo.

        :return: list of users, empty ones where nobody is there
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
