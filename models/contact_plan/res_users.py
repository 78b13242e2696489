from datetime import timedelta

from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """The days on which people work."""

    _inherit = "res.users"

    def _care_working_days(self, company, start, end):
        """Days on which users work, by the hours of their resource, else of the
        company; public holidays and leave for the whole day left out.

        :return: {id of a user, and False for nobody: sorted days}
        """
        resources = (
            self.env["resource.resource"]
            .sudo()
            .search(
                Domain("user_id", "in", self.ids)
                & Domain("company_id", "in", (company.id, False))
            )
            .grouped("user_id")
        )
        leaves = self._care_leaves(resources, start, end)
        days = {}
        for user in [False, *self]:
            resource = resources.get(user)
            calendar = (
                resource and resource[:1].calendar_id
            ) or company.sudo().resource_calendar_id
            working = (
                calendar._care_working_days(company, start, end) if calendar else {}
            )
            mine = leaves.get(resource[:1].id, ()) if resource else ()
            days[user and user.id] = sorted(
                day
                for day, intervals in working.items()
                if not all(_is_covered(interval, mine) for interval in intervals)
            )
        return days

    def _care_leaves(self, resources, start, end):
        """{id of a resource: its leaves, from and to in UTC}"""
        ids = [resource.id for rows in resources.values() for resource in rows]
        leaves = {}
        if ids:
            for leave in (
                self.env["resource.calendar.leaves"]
                .sudo()
                .search(
                    [
                        ("resource_id", "in", ids),
                        ("date_from", "<=", end + timedelta(days=1)),
                        ("date_to", ">=", start),
                        ("time_type", "=", "leave"),
                    ]
                )
            ):
                leaves.setdefault(leave.resource_id.id, []).append(
                    (leave.date_from, leave.date_to)
                )
        return leaves


def _is_covered(interval, leaves):
    start, end = interval
    return any(first <= start and end <= last for first, last in leaves)
