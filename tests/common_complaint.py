from odoo import fields
from odoo.fields import Command

from .common_plan import PlanCase

WEEK = range(5)


class ComplaintCase(PlanCase):
    """A team that works Monday to Friday, 8–12 and 13–17 in Shanghai, without the
    policies that the app brings. In UTC, as in tests, the working day is 0–4, 5–9."""

    ZONE = "Asia/Shanghai"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.sla.policy"].search([]).active = False
        cls.calendar = cls.make_calendar(cls.ZONE)
        cls.team = cls.env["care.complaint.team"].create(
            {
                "name": "Hotline",
                "company_id": cls.company.id,
                "calendar_id": cls.calendar.id,
                "manager_id": cls.manager.id,
                "member_ids": [Command.link(cls.all.id)],
            }
        )
        cls.salon = cls.customer("Salon", user_id=cls.rep.id)
        Stage = cls.env["care.complaint.stage"]
        cls.stages = {
            phase: Stage._first(phase)
            for phase, _label in Stage._fields["phase"].selection
        }
        cls.waiting = Stage.search([("pauses_sla", "=", True)], limit=1)

    @classmethod
    def make_calendar(cls, zone, days=WEEK):
        return cls.env["resource.calendar"].create(
            {
                "name": zone,
                "tz": zone,
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Work",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for day in days
                    for start, end, period in (
                        (8, 12, "morning"),
                        (13, 17, "afternoon"),
                    )
                ],
            }
        )

    @classmethod
    def policy(cls, target="resolve", hours=4, **values):
        return cls.env["care.sla.policy"].create(
            {
                "name": f"{target} {hours}",
                "company_id": cls.company.id,
                "target": target,
                "hours": hours,
                **values,
            }
        )

    @classmethod
    def kinds(cls, *codes):
        """Kinds of complaints, as a value for a policy"""
        kinds = cls.env["care.complaint.kind"].search([("code", "in", codes)])
        return [Command.set(kinds.ids)]

    @classmethod
    def complain(cls, **values):
        return cls.env["care.complaint"].create(
            {
                "subject": "Broken",
                "partner_id": cls.salon.id,
                "team_id": cls.team.id,
                **values,
            }
        )

    @staticmethod
    def at(text):
        return fields.Datetime.to_datetime(text)
