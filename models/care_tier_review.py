from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import tiers as tier_tools
from .res_company import MAX_REVIEW_MONTHS, REVIEW_METHODS, REVIEW_SOURCES

MOVERS = 8


class CareTierReview(models.Model):
    """Simulation, approval, application and history of one classification of all
    customers of a company.

    ``draft`` → ``action_compute`` → ``computed`` → ``action_apply`` → ``applied``;
    ``action_undo`` goes back to ``computed``. How lines come about is in
    ``care_tier_review_compute.py``, what applying does in ``care_tier_review_apply.py``.
    """

    _name = "care.tier.review"
    _description = "Tier Review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The review looks at the whole calendar months before the month of "
        "this date.",
    )
    months = fields.Integer(
        required=True,
        default=lambda self: self.env.company.care_review_months,
        string="Window (months)",
    )
    date_from = fields.Date("From", compute="_compute_window")
    date_to = fields.Date("To", compute="_compute_window")
    source = fields.Selection(
        REVIEW_SOURCES,
        "Amounts from",
        required=True,
        default=lambda self: self.env.company.care_review_source,
    )
    method = fields.Selection(
        REVIEW_METHODS,
        "Classify by",
        required=True,
        default=lambda self: self.env.company.care_review_method,
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
    applied_by_id = fields.Many2one("res.users", "Applied by", readonly=True, copy=False)
    amount_total = fields.Monetary(
        "Sales in Window", readonly=True, copy=False, help="Untaxed, of all customers."
    )
    summary = fields.Json(compute="_compute_summary")
    matrix = fields.Json(compute="_compute_summary", string="Migration")
    line_count = fields.Integer("Customers", compute="_compute_summary")
    upgrade_count = fields.Integer("Upgrades", compute="_compute_summary")
    downgrade_count = fields.Integer("Downgrades", compute="_compute_summary")
    held_count = fields.Integer("Held", compute="_compute_summary")
    locked_count = fields.Integer("Locked", compute="_compute_summary")
    excluded_count = fields.Integer("Excluded", compute="_compute_summary")
    mover_ids = fields.Many2many(
        "care.tier.review.line",
        string="Biggest Movers",
        compute="_compute_mover_ids",
        help="The customers with the largest monthly amounts whose tier changes.",
    )

    _company_date_idx = models.Index("(company_id, date) WHERE state = 'applied'")

    @api.depends("date", "method", "source")
    def _compute_name(self):
        methods = dict(self._fields["method"]._description_selection(self.env))
        for review in self:
            parts = [review.date and f"{review.date:%Y-%m}", methods.get(review.method)]
            review.name = " · ".join(filter(None, parts))

    @api.depends("date", "months")
    def _compute_window(self):
        for review in self:
            review.date_from = review.date_to = False
            if review.date and 1 <= review.months <= MAX_REVIEW_MONTHS:
                review.date_from, review.date_to = tier_tools.months_before(
                    review.date, review.months
                )

    @api.depends("line_ids.excluded", "state")
    def _compute_summary(self):
        groups = defaultdict(list)
        for review, *group in self.env["care.tier.review.line"]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "current_tier_id", "proposed_tier_id", "decision", "excluded"],
            ["__count", "monthly_amount:sum"],
        ):
            groups[review.id].append(group)
        for review in self:
            counts = defaultdict(int)
            for _old, _new, decision, excluded, count, _amount in groups[review.id]:
                counts["all"] += count
                counts["excluded" if excluded else decision] += count
            review.line_count = counts["all"]
            review.upgrade_count = counts["upgrade"]
            review.downgrade_count = counts["downgrade"]
            review.held_count = counts["held"]
            review.locked_count = counts["locked"]
            review.excluded_count = counts["excluded"]
            review.summary = dict(counts)
            review.matrix = review._matrix(groups[review.id])

    def _matrix(self, groups):
        """Migration from × to, for the widget: excluded customers stay where they are.

        :param groups: (old tier, new tier, decision, excluded, count, amount)
        """
        cells = defaultdict(lambda: [0, 0.0])
        for old, new, _decision, excluded, count, amount in groups:
            cell = cells[old.id, (old if excluded else new).id]
            cell[0] += count
            cell[1] += amount
        ids = {tier_id for pair in cells for tier_id in pair if tier_id}
        tiers = self.env["care.tier"].browse(ids).sorted()
        if self.state != "applied" and self.company_id:
            scale = self.env["care.tier"].sudo().search(
                [("company_id", "in", (self.company_id.id, False))]
            )
            own = scale.filtered("company_id") or scale
            tiers = (tiers | own).sorted()
        return {
            "tiers": [
                {"id": t.id, "code": t.code, "name": t.name, "color": t.color}
                for t in tiers
            ],
            "cells": [
                {"from": old or False, "to": new or False, "count": n, "amount": amount}
                for (old, new), (n, amount) in cells.items()
            ],
            "currency_id": self.currency_id.id,
        }

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
                limit=MOVERS,
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
        if {"state", "is_automatic", "amount_total"} & set(vals) and not self.env.su:
            raise UserError(
                self.env._("Use the buttons of the review to change its state.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for field in ("state", "is_automatic", "amount_total"):
                    vals.pop(field, None)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        History = self.env["care.tier.history"].sudo()
        if any(review.state == "applied" for review in self) or History.search_count(
            [("review_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "The history of customers refers to this review. "
                    "Cancel it instead of deleting it."
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
        one of ``states``. The lock makes a second worker wait, then see the result.
        """
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        labels = dict(self._fields["state"]._description_selection(self.env))
        for review in self:
            if review.state not in states:
                raise UserError(
                    self.env._(
                        "The review “%(review)s” is in state “%(state)s”, "
                        "so this is not possible any more.",
                        review=review.display_name,
                        state=labels[review.state],
                    )
                )

    # ------------------------------------------------------------
    # Monthly review
    # ------------------------------------------------------------

    @api.model
    def _cron_review(self):
        """Make the review of this month for each company that has customers; one
        company is one batch. A company whose review exists is done, so a job killed
        midway goes on where it stopped."""
        companies = self.env["res.company"].search([])
        done = self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            if not done:
                break
            self._review_month(company)
            done = self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _review_month(self, company):
        """Compute and, by setting, apply the monthly review of ``company`` unless
        there is one; tell the manager. A wrong configuration is told, not raised.

        :return: the review, empty if there was nothing to do
        """
        self = self.with_company(company).with_context(  # noqa: PLW0642
            lang=company.partner_id.lang or self.env.lang
        )
        if not company.try_lock_for_update(allow_referencing=True):
            return self.browse()
        today = fields.Date.context_today(self.with_context(tz=company._care_tz().zone))
        month = Domain("date", ">=", today.replace(day=1)) & Domain("date", "<=", today)
        if self.search_count(
            month & Domain("company_id", "=", company.id) & Domain("is_automatic", "=", 1),
            limit=1,
        ):
            return self.browse()
        review = self.create(
            {"date": today, "company_id": company.id, "is_automatic": True}
        )
        try:
            with self.env.cr.savepoint():
                review.action_compute()
        except UserError as error:
            review._notify_manager(str(error))
            return review
        if not review.line_count:
            review.unlink()
            return self.browse()
        if company.care_review_auto_apply:
            review.action_apply()
        review._notify_manager(review._summary_text())
        return review

    def _summary_text(self):
        self.ensure_one()
        return self.env._(
            "%(customers)s customers: %(up)s up, %(down)s down, %(held)s held, "
            "%(locked)s locked.",
            customers=self.line_count,
            up=self.upgrade_count,
            down=self.downgrade_count,
            held=self.held_count,
            locked=self.locked_count,
        )

    def _notify_manager(self, note):
        """Give the manager an activity: to approve, or to read what was applied."""
        self.ensure_one()
        if manager := self.company_id._care_manager():
            self.activity_schedule(
                "customer_care.mail_activity_type_tier_review",
                user_id=manager.id,
                summary=self.env._("Tier review %s", self.name),
                note=note,
            )
        else:
            self.message_post(body=note)
