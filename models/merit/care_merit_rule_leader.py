from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import merits

LEADER_FIELDS_LATER = {"date_to"}
"""What a leader changes of a rule that holds already"""
OWN_CAUSES = ("manager_visit_missed", "manager_call_missed")


class CareMeritRule(models.Model):
    """Leaders of departments set the rules for their own people, from today on, and
    never to their own relief (domain, section 8)."""

    _inherit = "care.merit.rule"

    @api.model
    def _led(self):
        return self.env.user._care_led_department()

    def _is_led(self):
        return all(
            rule.department_id.sudo().user_id == self.env.user
            and rule.company_id in self.env.user.company_ids
            for rule in self
        )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._care_is_free() or bool(self._led()))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Who leads no department reads the rules only."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list") and not (self._care_is_free() or self._led()):
            for name in ("create", "edit", "delete", "duplicate"):
                arch.set(name, "0")
            for button in arch.xpath("//button[@name='action_new_version']"):
                button.getparent().remove(button)
        return arch, view

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if not self._care_is_free():
            rules._check_leader()
            rules._check_not_begun()
        return rules

    def write(self, vals):
        if self._care_is_free():
            return super().write(vals)
        self._check_leader()
        if set(vals) - LEADER_FIELDS_LATER:
            self._check_not_begun()
        result = super().write(vals)
        self._check_leader()
        if set(vals) - LEADER_FIELDS_LATER:
            self._check_not_begun()
        self._check_not_ended()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if not self._care_is_free():
            self._check_leader()
            self._check_not_begun()

    # ------------------------------------------------------------
    # What a leader may say
    # ------------------------------------------------------------

    def _check_leader(self):
        if not self._is_led():
            raise AccessError(
                self.env._(
                    "Only administrators of Customer Care set rules for the whole "
                    "company. Leaders set rules for their own department: choose the "
                    "department and the company."
                )
            )
        for rule in self:
            if rule.cause in OWN_CAUSES:
                raise AccessError(
                    self.env._("Nobody sets rules for their own contacts.")
                )
            rule._check_against_company()

    def _check_against_company(self):
        """A department may be stricter than the company, not cheaper for its leader,
        and it stays within the range of the company."""
        general = self._rule_of_company()
        if not general and self.kind == "penalty":
            return
        if not general:
            raise AccessError(
                self.env._(
                    "The company rewards nothing for this cause. Ask an administrator "
                    "of Customer Care for a rule."
                )
            )
        charged = {"supervisor", "both"}
        if general.account in charged and (
            self.account not in charged
            or self._least() < general._least()
            or self.factor_not_made_good < general.factor_not_made_good
            or self.currency_id != general.currency_id
        ):
            raise AccessError(
                self.env._(
                    "The company charges %(amount)s to the supervisor for this cause. "
                    "A rule of a department cannot charge the supervisor less.",
                    amount=f"{general._least():g}",
                )
            )
        highest = general.amount_max or (self.kind == "reward" and general.amount)
        if highest and (
            max(self.amount, self.amount_max) > highest
            or self.currency_id != general.currency_id
        ):
            raise AccessError(
                self.env._(
                    "The rule of the company allows no more than %(amount)s.",
                    amount=f"{highest:g}",
                )
            )

    def _least(self):
        return self.amount_min if self.amount_max else self.amount

    def _rule_of_company(self):
        """The rule that would hold without those of departments. Superuser."""
        company = self.company_id
        rules = self.sudo().search(
            Domain("department_id", "=", False)
            & Domain("company_id", "in", (company.id, False))
        )
        chosen = merits.choose(
            rules._plain(),
            self.cause,
            company.id,
            None,
            self.date_from or company._care_today(),
        )
        return rules.browse(chosen.id if chosen else [])

    def _check_not_begun(self):
        for rule in self:
            day = rule.company_id._care_today()
            if not rule.date_from or rule.date_from < day:
                raise UserError(
                    self.env._(
                        "What happened before is judged by the rules of then: the rule "
                        "must begin today or later. Make a new version of a rule that "
                        "holds already."
                    )
                )

    def _check_not_ended(self):
        for rule in self:
            if rule.date_to and rule.date_to < rule.company_id._care_today():
                raise UserError(
                    self.env._("A rule ends today or later, not in the past.")
                )
