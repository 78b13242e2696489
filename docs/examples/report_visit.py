#!/usr/bin/env python3
"""Report a visit, call or message that was made, and print what it counts for."""

from datetime import datetime, timezone

from care_api import ApiError, parser, run


def utc(text):
    """A time with its offset, as Odoo wants it: in UTC and without one"""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(f"“{text}” is no time such as 2026-11-28T14:30+01:00.") from None
    if not moment.tzinfo:
        raise ApiError(f"“{text}” has no offset: write 2026-11-28T14:30+01:00.")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def main(api, arguments):
    values = {
        "partner_id": api.customer(arguments.customer),
        "channel": arguments.channel,
        "state": "done",
        "summary": arguments.findings,
        "outcome": arguments.result,
    }
    if arguments.start:
        values["date_start"] = utc(arguments.start)
    if arguments.satisfaction:
        values["satisfaction"] = arguments.satisfaction
    if arguments.made_by:
        values["user_id"] = api.user(arguments.made_by)
    if arguments.purpose:
        values["purpose_ids"] = purposes(api, arguments.purpose)
    [contact] = api.call("care.interaction", "create", vals_list=[values])
    [result] = api.call(
        "care.interaction",
        "read",
        ids=[contact],
        fields=[
            "display_name",
            "partner_id",
            "user_id",
            "role_id",
            "date_start",
            "target_id",
            "uncounted_reason",
        ],
    )
    return result


def purposes(api, name):
    found = api.call("care.interaction.purpose", "search", domain=[["name", "=", name]])
    if not found:
        raise ApiError(f"There is no purpose “{name}”.")
    return found


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("customer", help="id, e-mail address or exact name")
    options.add_argument("findings", help="what was found")
    options.add_argument("result", help="what came of it")
    options.add_argument(
        "--channel", choices=("onsite", "visit", "phone", "online"), default="visit"
    )
    options.add_argument("--start", help="2026-11-28T14:30+01:00; without it, now")
    options.add_argument(
        "--satisfaction",
        choices=("1", "2", "3", "4", "5"),
        help="from 1, very dissatisfied, to 5, highly satisfied",
    )
    options.add_argument("--purpose", help="name of a contact purpose")
    options.add_argument("--made-by", help="log-in of who made it; without it, yours")
    run(main, options.parse_args())
