import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import sampling

SPOT_CHECK_KINDS = [
    ("report", "Report"),
    ("complaint", "Complaint"),
    ("card", "Customer Card"),
]
SPOT_CHECK_LINKS = {
    "report": "interaction_id",
    "complaint": "complaint_id",
    "card": "partner_id",
}
"""Field of a line that holds the record"""
DRAWING_FIELDS = {
    "month",
    "seed",
    "company_id",
    "department_id",
    "report_count",
    "complaint_count",
    "card_count",
}
"""What decides which records are drawn"""
SPOT_CHECK_LIMIT = 200
"""Records of one kind that a person can reasonably inspect"""


class CareSpotCheck(models.Model):
    """A random sample of a month's service records, inspected one by one (不定期抽查,
    domain section 8). The same seed draws the same sample from the same records, so
    that nobody can say it was picked by hand."""

    _name = "care.spot.check"
    _description = "Spot Check"
    _inherit = ["care.month.mixin", "mail.thread"]
    _order = "month desc, id desc"

    department_id = fields.Many2one(
        ondelete="set null",
        help="Only records of this sales team. Leave empty for all.",
    )
    month = fields.Date(help="Any day of the month from which records are drawn.")
    seed = fields.Char(
        required=True,
        copy=False,
        default=lambda self: secrets.token_hex(4),
        help="The same seed draws the same sample from the same records.",
    )
    report_count = fields.Integer("Reports", default=10)
    complaint_count = fields.Integer("Complaints", default=5)
    card_count = fields.Integer("Customer Cards", default=5)
    user_id = fields.Many2one(
        "res.users",
        "Inspector",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Nobody inspects their own work: that of the inspector is not drawn.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Drawn"), ("done", "Done")],
        compute="_compute_state",
        store=True,
    )
    drawn_at = fields.Datetime("Drawn", readonly=True, copy=False)
    line_ids = fields.One2many("care.spot.check.line", "check_id", "Records")
    line_count = fields.Integer("Records Drawn", compute="_compute_counts")
    open_count = fields.Integer("To Inspect", compute="_compute_counts")
    wrong_count = fields.Integer("Wrong", compute="_compute_counts")

    @api.depends("drawn_at", "line_ids.result")
    def _compute_state(self):
        for check in self:
            if not check.drawn_at:
                check.state = "draft"
            else:
                left = check.line_ids.filtered(lambda line: not line.result)
                check.state = "drawn" if left else "done"

    @api.depends("line_ids.result")
    def _compute_counts(self):
        counts = {}
        for check, result, count in self.env["care.spot.check.line"]._read_group(
            [("check_id", "in", self.ids)], ["check_id", "result"], ["__count"]
        ):
            counts[check, result] = count
        for check in self:
            results = {
                result: count for (row, result), count in counts.items() if row == check
            }
            check.line_count = sum(results.values())
            check.open_count = results.get(False, 0)
            check.wrong_count = results.get("wrong", 0)

    @api.constrains("report_count", "complaint_count", "card_count")
    def _check_counts(self):
        for check in self:
            sizes = (check.report_count, check.complaint_count, check.card_count)
            if any(not 0 <= size <= SPOT_CHECK_LIMIT for size in sizes) or not any(
                sizes
            ):
                raise ValidationError(
                    self.env._(
                        "Enter 0 to %s records of each kind, and at least one in "
                        "total.",
                        SPOT_CHECK_LIMIT,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "drawn_at": False, "line_ids": []} for vals in vals_list]
        )

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key != "drawn_at"}
            if DRAWING_FIELDS & set(vals) and any(check.drawn_at for check in self):
                raise UserError(
                    self.env._(
                        "The sample has already been drawn and cannot be changed. "
                        "Create another spot check."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_with_results(self):
        if any(line.result for line in self.line_ids):
            raise UserError(
                self.env._(
                    "A spot check with results cannot be deleted or changed. "
                    "Create another one."
                )
            )

    # ------------------------------------------------------------
    # Drawing
    # ------------------------------------------------------------

    def action_draw(self):
        """Draw the sample, once.

        :raise UserError: there is nothing to draw from
        """
        self.check_access("write")
        for check in self.filtered(lambda check: not check.drawn_at):
            lines = [
                {"check_id": check.id, "kind": kind, **values}
                for kind, values in check._draw()
            ]
            if not lines:
                raise UserError(
                    self.env._(
                        "There are no reports, complaints or verified cards in this "
                        "month. Choose another month or department."
                    )
                )
            self.env["care.spot.check.line"].sudo().create(lines)
            check.sudo().drawn_at = fields.Datetime.now()

    def _draw(self):
        """:return: (kind, values of a line) for each record of the sample"""
        self.ensure_one()
        since, until = self.env["care.indicator"]._instants(
            self.company_id, *self._days()
        )
        first, last = self._days()
        sources = (
            (
                "report",
                self.report_count,
                "care.interaction",
                Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "done")
                & Domain("date", ">=", first)
                & Domain("date", "<=", last),
                "user_id",
            ),
            (
                "complaint",
                self.complaint_count,
                "care.complaint",
                Domain("company_id", "=", self.company_id.id)
                & Domain("received_at", ">=", since)
                & Domain("received_at", "<", until),
                "user_id",
            ),
            (
                "card",
                self.card_count,
                "res.partner",
                Domain("company_id", "in", (self.company_id.id, False))
                & Domain("care_verified_date", ">=", first)
                & Domain("care_verified_date", "<=", last),
                "care_verified_user_id",
            ),
        )
        for kind, size, model, domain, person in sources:
            records = self.env[model].search(
                domain & self._of_others(person) & self._of_department(person),
                order="id",
            )
            for record in self._choose(kind, records, person, size):
                yield kind, self._line_values(kind, record, record[person])

    def _choose(self, kind, records, person, size):
        """The sample of one kind of records

        :param person: field of the records with whose work they are
        """
        drawn = sampling.order(f"{self.seed}-{kind}", records.ids)[:size]
        return records.browse(drawn)

    def _of_others(self, person):
        """Nobody inspects their own work."""
        if not self.user_id:
            return Domain.TRUE
        return Domain(person, "!=", self.user_id.id)

    def _of_department(self, person):
        if not self.department_id:
            return Domain.TRUE
        return Domain(f"{person}.sale_team_id", "=", self.department_id.id)

    def _days(self):
        return self.env["care.indicator"]._month(self.month)

    @api.model
    def _line_values(self, kind, record, user):
        field = SPOT_CHECK_LINKS[kind]
        return {
            "partner_id": record.id if kind == "card" else record.partner_id.id,
            field: record.id,
            "name": record.display_name,
            "user_id": user.id,
        }

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.spot_check_line_action"
        )
        return action | {"domain": [("check_id", "=", self.id)], "context": {}}
