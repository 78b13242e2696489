from odoo.tests import tagged
from odoo.tools import file_open

from .common_complaint import ComplaintCase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@tagged("post_install", "-at_install")
class TestImportTemplates(ComplaintCase):
    """Each template goes in as it is, after the customers of the first one."""

    def load(self, model):
        Model = self.env[model].with_user(self.manager).with_company(self.company)
        template = Model.get_import_templates()[-1]["template"].removeprefix("/")
        with file_open(template, "rb") as file:
            wizard = Model.env["base_import.import"].create(
                {
                    "res_model": model,
                    "file": file.read(),
                    "file_type": XLSX,
                    "file_name": "template.xlsx",
                }
            )
        preview = wizard.parse_preview(
            {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
        )
        self.assertFalse(preview.get("error"), preview)
        columns = preview["headers"]
        fields = [
            "/".join(preview["matches"][place])
            if place in preview["matches"]
            else False
            for place in range(len(columns))
        ]
        self.assertNotIn(False, fields, "every column finds its field")
        result = wizard.execute_import(fields, columns, preview["options"])
        self.assertFalse(result["messages"], result)
        return Model.browse(result["ids"])

    def test_each_goes_in_unchanged(self):
        self.make_user("Orla", "sales_team.group_sale_salesman").name = "Orla Fennwick"
        customers = self.load("res.partner")
        self.assertEqual(customers.mapped("care_tier_id"), self.A | self.C)
        self.assertEqual(customers.mapped("care_potential"), ["high", "low"])
        members = self.load("care.account.member")
        self.assertEqual(members.partner_id, customers)
        complaints = self.load("care.complaint")
        self.assertEqual(complaints.mapped("source"), ["phone", "letter"])
        self.assertEqual(str(complaints[0].received_at), "2026-11-02 08:30:00")
        self.assertTrue(all(complaints.mapped("team_id")))
        contacts = self.load("care.interaction")
        self.assertEqual(contacts.mapped("state"), ["done", "done"])
        self.assertEqual(contacts.partner_id, customers)

    def test_working_days(self):
        self.calendar.name = "Shanghai Office"
        days = self.load("care.working.day")
        self.assertEqual(days.calendar_id, self.calendar)
        self.assertEqual(
            days.sorted("date").mapped(
                lambda day: (
                    str(day.date),
                    day.like_weekday,
                    day.hour_from,
                    day.hour_to,
                )
            ),
            [("2026-10-10", "3", 0, 0), ("2026-12-24", False, 9, 12)],
        )

    def test_contacts_keep_odoo_s_own_template(self):
        self.assertGreater(len(self.env["res.partner"].get_import_templates()), 1)
