from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import checklist, sampling


class CareSpotCheck(models.Model):
    """Checklists of the drawn records, a second inspector for a share of them, and the
    people with findings looked at again."""

    _inherit = "care.spot.check"

    second_user_id = fields.Many2one(
        "res.users",
        "Second Inspector",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Marks a share of the records too, without seeing the first marks.",
    )
    second_ids = fields.One2many(
        "care.spot.check.second", "check_id", "Second Inspections"
    )
    pair_count = fields.Integer("Marks Compared", compute="_compute_agreement")
    agreement = fields.Float(
        "Agreement (%)",
        compute="_compute_agreement",
        digits=(5, 1),
        help="Marks on which both inspectors agree.",
    )
    kappa = fields.Char(
        "Cohen's Kappa",
        compute="_compute_agreement",
        help="Agreement beyond chance: 1 is perfect, 0 is no more than chance gives. "
        "Above 0.6 is good. Empty where it is not defined.",
    )
    improvement = fields.Char("Since Last Time", compute="_compute_improvement")

    @api.depends("second_ids.result", "line_ids.result")
    def _compute_agreement(self):
        for check in self:
            pairs = check.sudo().second_ids._pairs()
            kappa = checklist.kappa(pairs)
            check.pair_count = len(pairs)
            check.agreement = checklist.agreement(pairs) or 0
            check.kappa = "" if kappa is None else f"{kappa:.2f}"

    @api.depends("line_ids.change")
    def _compute_improvement(self):
        for check in self:
            changes = check.line_ids.mapped("change")
            better, again = changes.count("better"), changes.count("again")
            check.improvement = (
                self.env._(
                    "Better: %(better)s, wrong again: %(again)s",
                    better=better,
                    again=again,
                )
                if better or again
                else ""
            )

    @api.constrains("user_id", "second_user_id")
    def _check_second_user(self):
        for check in self:
            if check.second_user_id and check.second_user_id == check.user_id:
                raise ValidationError(
                    self.env._("The second inspector must be somebody else.")
                )

    def write(self, vals):
        if (
            not self.env.su
            and "second_user_id" in vals
            and any(check.drawn_at for check in self)
            and self._care_differs("second_user_id", vals["second_user_id"])
        ):
            raise UserError(
                self.env._(
                    "The second inspector cannot be changed after the sample was drawn."
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------
    # Drawing
    # ------------------------------------------------------------

    def action_draw(self):
        """Draw the sample with its checklists."""
        draft = self.filtered(lambda check: not check.drawn_at)
        draft._check_second_can_inspect()
        result = super().action_draw()
        if self.env["res.groups"]._has_care_feature("quality"):
            for check in draft.sudo():
                check._add_checklists()
                check._add_seconds()
        return result

    def _check_second_can_inspect(self):
        for user in self.second_user_id:
            if not user.has_group("customer_care.group_manager"):
                raise UserError(
                    self.env._(
                        "%s is not an administrator of Customer Care and cannot "
                        "inspect.",
                        user.name,
                    )
                )

    def _add_checklists(self):
        Item = self.env["care.check.item"]
        values = []
        for kind, lines in self.line_ids.grouped("kind").items():
            items = Item._of_kind(kind, self.company_id)
            for line in lines:
                values += items._mark_values(line_id=line.id)
        self.env["care.check.mark"].create(values)

    def _add_seconds(self):
        second = self.second_user_id
        if not second:
            return
        lines = self.line_ids.filtered(
            lambda line: line.mark_ids and line.user_id != second
        )
        chosen = lines.browse(
            sampling.share(
                f"{self.seed}-second",
                lines.ids,
                self.company_id.care_check_second_share,
            )
        )
        seconds = self.env["care.spot.check.second"].create(
            [{"line_id": line.id, "user_id": second.id} for line in chosen]
        )
        self.invalidate_recordset(["second_ids"])
        chosen.hidden_from_id = second
        values = []
        for row in seconds:
            items = row.line_id.mark_ids.item_id
            values += items._mark_values(second_id=row.id)
        self.env["care.check.mark"].create(values)
        seconds._ask_inspector()

    def _choose(self, kind, records, person, size):
        """Look first at people with findings of the last time, one record of each, for
        no more than half of the sample."""
        if not self.env["res.groups"]._has_care_feature("quality"):
            return super()._choose(kind, records, person, size)
        found = self._last_findings(kind)
        ordered = records.browse(sampling.order(f"{self.seed}-{kind}", records.ids))
        first, seen = records.browse(), self.env["res.users"]
        for record in ordered:
            if len(first) >= (size + 1) // 2:
                break
            if record[person] in found and record[person] not in seen:
                first |= record
                seen |= record[person]
        return (first + (ordered - first))[:size]

    def _last_findings(self, kind):
        """{person: the wrong line} of the last month with results before this one"""
        Line = self.env["care.spot.check.line"].sudo()
        inspected = [
            ("company_id", "=", self.company_id.id),
            ("kind", "=", kind),
            ("month", "<", self.month),
            ("result", "!=", False),
        ]
        last = Line.search(inspected, order="month desc", limit=1).month
        if not last:
            return {}
        wrong = Line.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", kind),
                ("month", "=", last),
                ("result", "=", "wrong"),
            ],
            order="id desc",
        )
        return {line.user_id: line for line in wrong if line.user_id}

    def _draw(self):
        """The sample, each record with the last finding of its person"""
        is_on = self.env["res.groups"]._has_care_feature("quality")
        found = {}
        for kind, values in super()._draw():
            if is_on and kind not in found:
                found[kind] = {
                    user.id: line.id for user, line in self._last_findings(kind).items()
                }
            before = found.get(kind, {}).get(values["user_id"])
            yield kind, values | {"before_id": before}
