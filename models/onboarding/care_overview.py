from odoo import api, models
from odoo.exceptions import AccessError

OVERVIEW = (
    # name, model, domain, action, feature
    (
        "reviews",
        "care.tier.review",
        [("state", "=", "computed")],
        "tier_review_action",
        None,
    ),
    (
        "late",
        "care.complaint",
        [("closed_at", "=", False), ("sla_state", "=", "missed")],
        "complaint_action",
        "complaint",
    ),
    (
        "handler",
        "care.complaint",
        [("closed_at", "=", False), ("user_id", "=", False)],
        "complaint_action",
        "complaint",
    ),
    (
        "mails",
        "care.incoming.mail",
        [("state", "=", "aside")],
        "incoming_mail_action",
        "complaint",
    ),
    (
        "unassigned",
        "care.plan.target",
        [("state", "=", "open"), ("user_id", "=", False)],
        "unassigned_target_action",
        "visit",
    ),
    (
        "missed",
        "care.plan.target",
        [("state", "=", "missed")],
        "missed_target_action",
        "visit",
    ),
    (
        "cards",
        "res.partner",
        [("care_card_stale", "=", True)],
        "customer_card_action",
        None,
    ),
    (
        "calls",
        "care.invitation",
        [
            ("state", "=", "to_call"),
            "|",
            ("campaign_id", "=", False),
            ("campaign_id.state", "=", "running"),
        ],
        "call_action",
        "satisfaction",
    ),
    (
        "follow_ups",
        "care.follow.up",
        [("done_at", "=", False)],
        "follow_up_action",
        "satisfaction",
    ),
    (
        "risk_cases",
        "care.risk.case",
        [("closed_at", "=", False)],
        "risk_case_action",
        "outlook",
    ),
    (
        "reorders",
        "care.outlook.category",
        [
            ("ordered_on", "=", False),
            ("due_date", "<=", "+6d"),
            ("due_until", ">=", "today"),
        ],
        "outlook_reorder_action",
        "outlook",
    ),
)


class CareOverview(models.AbstractModel):
    """What needs attention today, each figure with the list it counts."""

    _name = "care.overview"
    _description = "Overview"

    @api.model
    @api.readonly
    def get_values(self):
        """:return: [{"name", "count"}] of what the user may see in the current company
        :raise AccessError: the user does not use the app
        """
        self._check_user()
        return [
            {"name": name, "count": self.env[model].search_count(domain)}
            for name, model, domain in self._entries()
        ]

    @api.model
    @api.readonly
    def open_entry(self, name):
        """:return: action that lists exactly the records counted"""
        self._check_user()
        for entry, _model, domain in self._entries():
            if entry == name:
                action_name = next(row[3] for row in OVERVIEW if row[0] == name)
                action = self.env["ir.actions.act_window"]._for_xml_id(
                    f"customer_care.{action_name}"
                )
                return action | {"domain": domain, "context": {}}
        return False

    @api.model
    def _entries(self):
        has = self.env["res.groups"]._has_care_feature
        for name, model, domain, _action, feature in OVERVIEW:
            Model = self.env[model]
            if (feature is None or has(feature)) and Model.has_access("read"):
                of_company = [("company_id", "=", self.env.company.id)]
                shared = model == "res.partner" or "company_id" not in Model._fields
                yield name, model, domain if shared else [*domain, *of_company]

    @api.model
    def _check_user(self):
        if not self.env.user.has_group("customer_care.group_user"):
            raise AccessError(self.env._("You have no access to Customer Care."))
