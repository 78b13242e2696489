from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.care_job import attempt_each, single


class CareTierReview(models.Model):
    """The monthly job."""

    _inherit = "care.tier.review"

    @api.model
    @single
    def _cron_review(self):
        """Make the review of this month for each company that has customers; one
        company is one batch. It runs every day, as months begin at different times in
        different places and a company whose review exists is done: what a kill, a lock
        or an error left out is made up for on the next day."""
        companies = self.env["res.company"].search(Domain.TRUE)
        attempt_each(companies, self._review_month)

    @api.model
    def _review_month(self, company):
        """Compute and, by setting, apply the monthly review of ``company`` unless
        there is one; tell the manager. A wrong configuration is told, not raised.

        :return: the review, empty if there was nothing to do
        """
        reader = company._care_manager() or company.partner_id
        self = self.with_company(company)._care_in_language_of(reader)  # noqa: PLW0642
        if not company.try_lock_for_update(allow_referencing=True):
            return self.browse()
        today = company._care_today()
        month = Domain("date", ">=", today.replace(day=1)) & Domain("date", "<=", today)
        if self.search_count(
            month
            & Domain("company_id", "=", company.id)
            & Domain("is_automatic", "=", 1),
            limit=1,
        ):
            return self.browse()
        review = self.sudo().create(
            {"date": today, "company_id": company.id, "is_automatic": True}
        )
        try:
            with self.env.cr.savepoint():
                review.action_compute()
            if not review.line_count:
                review.unlink()
                return self.browse()
            with self.env.cr.savepoint():
                if company.care_review_auto_apply:
                    review.action_apply()
        except UserError as error:
            review._notify_manager(str(error))
        else:
            review._notify_manager(review._summary_text())
        return review

    def _summary_text(self):
        self.ensure_one()
        return self.env._(
            "Customers: %(customers)s. First tier: %(new)s, up: %(up)s, "
            "down: %(down)s, held: %(held)s, locked: %(locked)s.",
            customers=self.line_count,
            new=self.new_count,
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
