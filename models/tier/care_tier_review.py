from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain

from ...tools import tiers as tier_tools
from ..core.care_named_tree import search_words
from ..core.care_reference import CareReferenceMixin
from .care_reason import review_name
from .res_company import MAX_REVIEW_MONTHS, REVIEW_METHODS, REVIEW_SOURCES

BIGGEST_MOVERS_LIMIT = 8
REVIEW_RESULT_FIELDS = {
    "state",
    "is_automatic",
    "amount_total",
    "computed_at",
    "applied_at",
    "applied_by_id",
}
"""Fields that only the actions write, whatever a caller or a context says."""


class CareTierReview(models.Model):
    """Simulation, approval, application and history of one classification of all
    customers of a company.

    ``draft`` → ``action_compute`` → ``computed`` → ``action_apply`` → ``applied``;
    ``action_undo`` goes back to ``computed``. Computing and applying have files of
    their own.
    """

    _name = "care.tier.review"
    _description = "Tier Review"
    _inherit = ["mail.thread", "mail.activity.mixin", CareReferenceMixin._name]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", search="_search_name")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The review covers the full calendar months before the month of this "
        "date.",
    )
    months = fields.Integer(
        "Window (months)",
        compute="_compute_settings",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        aggregator=None,
    )
    date_from = fields.Date("Window Start", compute="_compute_window")
    date_to = fields.Date("Window End", compute="_compute_window")
    source = fields.Selection(
        REVIEW_SOURCES,
        "Amount Source",
        compute="_compute_settings",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    method = fields.Selection(
        REVIEW_METHODS,
        "Classify by",
        compute="_compute_settings",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "To Approve"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    is_automatic = fields.Boolean("Monthly", readonly=True, copy=False)
    line_ids = fields.One2many(
        "care.tier.review.line", "review_id", readonly=True, copy=False
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    applied_at = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        "res.users", "Applied by", readonly=True, copy=False
    )
    amount_total = fields.Monetary(
        "Sales in Window",
        readonly=True,
        copy=False,
        help="Untaxed sales to all customers.",
    )
    line_count = fields.Integer("Customers", compute="_compute_counts", store=True)
    new_count = fields.Integer("First Tier", compute="_compute_counts", store=True)
    upgrade_count = fields.Integer("Upgrades", compute="_compute_counts", store=True)
    downgrade_count = fields.Integer(
        "Downgrades", compute="_compute_counts", store=True
    )
    held_count = fields.Integer("Held", compute="_compute_counts", store=True)
    locked_count = fields.Integer("Locked", compute="_compute_counts", store=True)
    excluded_count = fields.Integer("Excluded", compute="_compute_counts", store=True)
    matrix = fields.Json("Migration", compute="_compute_matrix")
    mover_ids = fields.Many2many(
        "care.tier.review.line",
        string="Biggest Movers",
        compute="_compute_mover_ids",
        help="The customers with the largest monthly amounts whose tier changes.",
    )

    _company_date_idx = models.Index("(company_id, date) WHERE state = 'applied'")

    @api.depends_context("lang")
    @api.depends("date", "method")
    def _compute_name(self):
        for review in self:
            month = review.date and f"{review.date:%Y-%m}"
            review.name = review_name(self.env, month, review.method)

    @api.depends_context("lang")
    @api.depends("name")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.name

    def _search_name(self, operator, value):
        """There is about one review a month, so names are compared one by one."""
        return search_words(self, "name", operator, value)

    @api.depends("date", "months")
    def _compute_window(self):
        for review in self:
            review.date_from = review.date_to = False
            if review.date and 1 <= review.months <= MAX_REVIEW_MONTHS:
                review.date_from, review.date_to = tier_tools.months_before(
                    review.date, review.months
                )

    @api.depends("company_id")
    def _compute_settings(self):
        for review in self:
            company = review.company_id
            review.months = company.care_review_months
            review.source = company.care_review_source
            review.method = company.care_review_method

    @api.depends("line_ids.excluded")
    def _compute_counts(self):
        """Stored: a list of reviews would count millions of lines. Who writes lines
        by SQL calls ``modified(["line_ids"])``."""
        counts = defaultdict(int)
        for review, tier, decision, excluded, count in self.env[
            "care.tier.review.line"
        ]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "current_tier_id", "decision", "excluded"],
            ["__count"],
        ):
            kind = "new" if decision == "upgrade" and not tier else decision
            counts[review.id, "all"] += count
            counts[review.id, "excluded" if excluded else kind] += count
        for review in self:
            review.line_count = counts[review.id, "all"]
            review.new_count = counts[review.id, "new"]
            review.upgrade_count = counts[review.id, "upgrade"]
            review.downgrade_count = counts[review.id, "downgrade"]
            review.held_count = counts[review.id, "held"]
            review.locked_count = counts[review.id, "locked"]
            review.excluded_count = counts[review.id, "excluded"]

    @api.depends("line_ids.excluded")
    def _compute_matrix(self):
        """Migration from × to for the widget; excluded customers stay where they are.
        All tiers of the company have a row and a column, even if nobody is there."""
        Line = self.env["care.tier.review.line"]
        Tier = self.env["care.tier"].sudo()
        for review in self:
            cells = defaultdict(lambda: [0, 0.0])
            for old, new, excluded, count, amount in Line._read_group(
                [("review_id", "in", review._origin.ids)],
                ["current_tier_id", "proposed_tier_id", "excluded"],
                ["__count", "monthly_amount:sum"],
            ):
                cell = cells[old, old if excluded else new]
                cell[0] += count
                cell[1] += amount
            tiers = Tier.union(*(tier for pair in cells for tier in pair))
            tiers |= review._scale()
            review.matrix = {
                "tiers": tiers.sorted().read(["code", "name", "color"]),
                "cells": [
                    {"from": old.id, "to": new.id, "count": count, "amount": amount}
                    for (old, new), (count, amount) in cells.items()
                ],
                "currency_id": review.currency_id.id,
            }

    def _scale(self):
        """Tiers of the company, best first, even if they are not consistent yet"""
        Tier = self.env["care.tier"].sudo()
        own = Tier.search([("company_id", "=", self.company_id.id)])
        return own or Tier.search([("company_id", "=", False)])

    @api.depends("line_ids.excluded")
    def _compute_mover_ids(self):
        Line = self.env["care.tier.review.line"]
        for review in self:
            review.mover_ids = Line.search(
                [
                    ("review_id", "in", review._origin.ids),
                    ("decision", "in", ("upgrade", "downgrade")),
                    ("current_tier_id", "!=", False),
                ],
                order="monthly_amount desc, id",
                limit=BIGGEST_MOVERS_LIMIT,
            )

    @api.constrains("months")
    def _check_months(self):
        if any(not 1 <= review.months <= MAX_REVIEW_MONTHS for review in self):
            raise ValidationError(
                self.env._(
                    "The review window must be between 1 and %s months.",
                    MAX_REVIEW_MONTHS,
                )
            )

    def write(self, vals):
        frozen = {"date", "months", "source", "method", "company_id"} & set(vals)
        if frozen and any(review.state != "draft" for review in self):
            raise UserError(
                self.env._("Set the review back to draft before changing its settings.")
            )
        if REVIEW_RESULT_FIELDS & set(vals) and not self.env.su:
            raise UserError(
                self.env._("Use the buttons of the review to change its state.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            guarded = dict.fromkeys(REVIEW_RESULT_FIELDS, False) | {"state": "draft"}
            vals_list = [vals | guarded for vals in vals_list]
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        History = self.env["care.tier.history"].sudo()
        if any(review.state == "applied" for review in self) or History.search_count(
            [("review_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "The tier history of customers refers to this review. Cancel it "
                    "instead of deleting it."
                )
            )

    def action_draft(self):
        """Throw the computed lines away and unlock the settings."""
        self._check_state("computed", "cancelled")
        self._delete_lines()
        self.sudo().write({"state": "draft", "amount_total": 0})

    def action_cancel(self):
        self._check_state("draft", "computed")
        self.sudo().write({"state": "cancelled"})
        self.activity_unlink(["customer_care.mail_activity_type_tier_review"])

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.tier_review_line_action"
        )
        return action | {
            "display_name": self.name,
            "domain": [("review_id", "=", self.id)],
            "context": {
                f"search_default_{name}": 1
                for name in self.env.context.get("line_filters", ())
            },
        }

    @api.readonly
    def action_open_cell(self, from_tier_id, to_tier_id):
        """Lines behind one cell of the matrix. Excluded customers stay where they are,
        so they count on the diagonal.

        :param from_tier_id: present tier, False for none
        :param to_tier_id: proposed tier, False for none
        """
        self.ensure_one()
        stay = Domain("excluded", "=", True)
        cell = Domain("excluded", "=", False) & Domain(
            "proposed_tier_id", "=", to_tier_id
        )
        if from_tier_id == to_tier_id:
            cell |= stay
        domain = (
            Domain("review_id", "=", self.id)
            & Domain("current_tier_id", "=", from_tier_id)
            & cell
        )
        return self.action_open_lines() | {"domain": list(domain)}

    def _check_state(self, *states):
        """Lock the reviews and raise unless the user may change them and each is in
        one of ``states``, so that two workers never do the same thing twice."""
        self.check_access("write")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Another user is working on this review. Try again in a moment."
                )
            ) from error
        self.invalidate_recordset(["state"])
        labels = dict(self._fields["state"]._description_selection(self.env))
        for review in self:
            if review.state not in states:
                raise UserError(
                    self.env._(
                        "This is not possible because the review “%(review)s” is in "
                        "the state “%(state)s”.",
                        review=review.display_name,
                        state=labels[review.state],
                    )
                )
