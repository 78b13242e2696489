from odoo import api, fields, models

REQUIREMENTS = [
    ("none", "Nothing"),
    ("either", "Findings or result"),
    ("summary", "Findings"),
    ("outcome", "Result"),
    ("both", "Findings and result"),
]
REQUIREMENT_BY_CHANNEL = {
    "onsite": "visit",
    "visit": "visit",
    "phone": "phone",
    "online": "online",
}


class ResCompany(models.Model):
    """What a report must contain to count, by channel."""

    _inherit = "res.company"

    care_required_visit = fields.Selection(
        REQUIREMENTS,
        "For Visits and Stays",
        default="summary",
        required=True,
        help="What the report of a visit or on-site stay must contain to count.",
        prefetch="care",
    )
    care_required_phone = fields.Selection(
        REQUIREMENTS,
        "For Calls",
        default="either",
        required=True,
        help="What the report of a call must contain to count.",
        prefetch="care",
    )
    care_required_online = fields.Selection(
        REQUIREMENTS,
        "For Messages",
        default="none",
        required=True,
        help="What the report of a message must contain to count.",
        prefetch="care",
    )
    care_purpose_visit = fields.Boolean(
        "Purpose of Visits",
        prefetch="care",
    )
    care_purpose_phone = fields.Boolean(
        "Purpose of Calls",
        prefetch="care",
    )
    care_purpose_online = fields.Boolean(
        "Purpose of Messages",
        prefetch="care",
    )

    @api.constrains(
        "care_required_visit",
        "care_required_phone",
        "care_required_online",
        "care_purpose_visit",
        "care_purpose_phone",
        "care_purpose_online",
    )
    def _recount_incomplete_reports(self):
        """Refuses nothing: after a change, reports that lack nothing any more count."""
        self.env["care.interaction"]._recount_incomplete(self)

    def _care_required_items(self, channel):
        """(one of REQUIREMENTS, is a purpose required?)"""
        self.ensure_one()
        name = REQUIREMENT_BY_CHANNEL.get(channel)
        if not name:
            return "none", False
        return self[f"care_required_{name}"], self[f"care_purpose_{name}"]
