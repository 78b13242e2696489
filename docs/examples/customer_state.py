#!/usr/bin/env python3
"""Print a customer's tier, open complaints and next contacts."""

from care_api import parser, run

LIMIT = 20


def main(api, arguments):
    [person] = api.call(
        "res.partner",
        "read",
        ids=[api.customer(arguments.customer)],
        fields=["commercial_partner_id"],
    )
    customer, name = person["commercial_partner_id"]
    [state] = api.call(
        "res.partner",
        "read",
        ids=[customer],
        fields=[
            "care_tier_id",
            "care_tier_reason",
            "care_monthly_amount",
            "care_purchase_state",
            "care_credit_state",
            "care_last_contact_date",
        ],
    )
    return state | {
        "name": name,
        "open_complaints": api.call(
            "care.complaint",
            "search_read",
            domain=[["partner_id", "=", customer], ["closed_at", "=", False]],
            fields=["name", "subject", "user_id", "sla_deadline"],
            limit=LIMIT,
        ),
        "next_contacts": api.call(
            "care.plan.target",
            "search_read",
            domain=[["partner_id", "=", customer], ["state", "=", "open"]],
            fields=["channel", "role_id", "user_id", "date_aim", "date_end"],
            order="date_aim",
            limit=LIMIT,
        ),
    }


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("customer", help="id, e-mail address or exact name")
    run(main, options.parse_args())
