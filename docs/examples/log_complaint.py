#!/usr/bin/env python3
"""Log a complaint, and print its number and deadlines."""

import html

from care_api import parser, run

SOURCES = ("phone", "email", "portal", "visit", "letter", "other")


def main(api, arguments):
    [complaint] = api.call(
        "care.complaint",
        "create",
        vals_list=[
            {
                "partner_id": api.customer(arguments.customer),
                "subject": arguments.subject,
                "description": html.escape(arguments.description),
                "source": arguments.source,
            }
        ],
    )
    [result] = api.call(
        "care.complaint",
        "read",
        ids=[complaint],
        fields=[
            "name",
            "subject",
            "partner_id",
            "tier_id",
            "priority",
            "team_id",
            "user_id",
            "sla_reply_deadline",
            "sla_resolve_deadline",
        ],
    )
    return result


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("customer", help="id, e-mail address or exact name")
    options.add_argument("subject")
    options.add_argument("--description", default="", help="in the customer's words")
    options.add_argument("--source", choices=SOURCES, default="other")
    run(main, options.parse_args())
