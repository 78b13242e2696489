from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STEPS = ("tiers", "review", "team", "plan", "complaint")
STEP_FEATURES = {"plan": "visit", "complaint": "complaint"}
"""Steps that belong to a feature"""
STEP_STATES = [("done", "Done"), ("skipped", "Skipped")]


class CareOnboarding(models.Model):
    """Setup of a company in five steps. Only what cannot be read from the records is
    stored, so that an administrator who returns after a week sees how things stand.

    The methods of the page are public: each begins with :meth:`_open_row`, which only
    administrators of the app pass.
    """

    _name = "care.onboarding"
    _description = "Customer Care Setup"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    review_id = fields.Many2one("care.tier.review", readonly=True, ondelete="set null")
    complaint_id = fields.Many2one(
        "care.complaint", "Test Complaint", readonly=True, ondelete="set null"
    )
    tiers_state = fields.Selection(STEP_STATES, readonly=True)
    review_state = fields.Selection(STEP_STATES, readonly=True)
    team_state = fields.Selection(STEP_STATES, readonly=True)
    plan_state = fields.Selection(STEP_STATES, readonly=True)
    complaint_state = fields.Selection(STEP_STATES, readonly=True)
    dismissed = fields.Boolean(readonly=True)

    _company_uniq = models.UniqueIndex("(company_id)")

    @api.model
    def _open_row(self):
        """The row of the current company, created when missing.

        :raise AccessError: the user is not an administrator of the app
        """
        if not self.env.user.has_group("customer_care.group_manager"):
            raise AccessError(
                self.env._("Only administrators of Customer Care can set up the app.")
            )
        company = self.env.company
        self.env.execute_query(
            SQL(
                """
                INSERT INTO care_onboarding (company_id, create_uid, create_date,
                                             write_uid, write_date)
                VALUES (%(company)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT (company_id) DO NOTHING RETURNING id
                """,
                company=company.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        return self.search([("company_id", "=", company.id)])

    def _steps(self):
        """Names of the steps whose feature is on"""
        has = self.env["res.groups"]._has_care_feature
        return [
            step
            for step in STEPS
            if step not in STEP_FEATURES or has(STEP_FEATURES[step])
        ]

    def _values(self):
        """Plain values of the page"""
        self.ensure_one()
        steps = self._steps()
        return {
            "company": self.company_id.name,
            "currency_id": self.company_id.currency_id.id,
            "dismissed": self.dismissed,
            "complete": all(self[f"{step}_state"] for step in steps),
            "steps": [
                {"name": step, "state": self[f"{step}_state"]}
                | getattr(self, f"_{step}_values")()
                for step in steps
            ],
        }

    def _finish(self, step, state="done"):
        self.sudo()[f"{step}_state"] = state
        return self._values()

    # ------------------------------------------------------------
    # Called by the page
    # ------------------------------------------------------------

    @api.model
    def get_values(self):
        return self._open_row()._values()

    @api.model
    def skip_step(self, step):
        """Leave a step out; it can still be done later."""
        row = self._open_row()
        if step not in row._steps():
            raise UserError(self.env._("This step does not exist. Reload the page."))
        if row[f"{step}_state"]:
            return row._values()
        return row._finish(step, "skipped")

    @api.model
    def dismiss(self, dismissed=True):
        row = self._open_row()
        row.sudo().dismissed = bool(dismissed)
        return row._values()
