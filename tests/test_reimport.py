from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_records import RecordsCase, own_models

SIDE_EFFECTS = (
    "res_partner",
    "mail_message",
    "mail_activity",
    "mail_mail",
    "calendar_event",
)


@tagged("post_install", "-at_install")
class TestReimport(RecordsCase):
    """What is exported to update data and loaded again unchanged passes and writes
    nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer(
            "Salon", user_id=cls.rep.id, care_kind="company", care_preferences="Tea"
        )
        cls.salon.with_user(cls.manager).care_tier_id = cls.B
        cls.salon.care_manager_id = cls.manager
        cls.complaint = cls.make(
            "care.complaint",
            partner_id=cls.salon.id,
            contact_id=cls.salon.id,
            user_id=cls.rep.id,
            description="<p>Leaks</p>",
            responsible_id=cls.all.id,
            promise="We call",
            promise_date="2026-12-01",
            compensation_amount=10,
        )
        cls.complaint.co_responsible_ids = cls.manager
        stages = cls.env["care.complaint.stage"].search([])
        cls.closed = cls.make("care.complaint", partner_id=cls.salon.id)
        cls.closed.write({"solution": "New jar", "user_id": cls.rep.id})
        for phase in ("solve", "closed"):
            cls.closed.stage_id = stages.filtered_domain([("phase", "=", phase)])[:1]
        cls.merged = cls.make("care.complaint", partner_id=cls.salon.id)
        (cls.complaint | cls.merged)._merge()
        cls.contacts = cls.env["care.interaction"]
        for state in ("done", "planned"):
            cls.contacts += cls.make(
                "care.interaction",
                partner_id=cls.salon.id,
                user_id=cls.rep.id,
                state=state,
                summary="Seen",
                next_topic="Colours",
            )
        cls.env.flush_all()

    def columns(self, records, readonly=False):
        """What an import-compatible export offers; with ``readonly`` also what only a
        full one has."""
        columns = []
        for name, field in records.fields_get().items():
            if (
                field["type"] in ("one2many", "properties", "binary", "json")
                or name
                in ("id", "create_uid", "create_date", "write_uid", "write_date")
                or (field.get("readonly") and not (readonly and field.get("store")))
                or not field.get("exportable", True)
            ):
                continue
            related = field["type"] in ("many2one", "many2many")
            columns.append(f"{name}/id" if related else name)
        return columns

    def stored(self):
        """Contents of all tables that a write may reach"""
        self.env.flush_all()
        tables = [self.env[model]._table for model in own_models(self.env)]
        result = {}
        for table in (*tables, *SIDE_EFFECTS):
            [(result[table],)] = self.env.execute_query(
                SQL(
                    """
                    SELECT ARRAY_AGG(content ORDER BY content) FROM (
                        SELECT (SELECT STRING_AGG(key || value, ', ' ORDER BY key)
                                  FROM JSONB_EACH(TO_JSONB(t))
                                 WHERE value NOT IN ('null', 'false', '""', '0')
                                   AND key NOT IN ('write_date', 'write_uid',
                                                   'indexed_at')
                               ) AS content
                          FROM %s t) AS rows""",
                    SQL.identifier(table),
                )
            )
        return result

    def load_again(self, records, columns, user):
        records = records.with_user(user).with_context(import_compat=True)
        columns = ["id", *columns]
        rows = records.sudo().export_data(columns)["datas"]
        rows = [["" if cell is False else str(cell) for cell in row] for row in rows]
        before = self.stored()
        result = records.with_context(import_file=True).load(columns, rows)
        self.assertTrue(result["ids"], (user.login, columns, result["messages"]))
        after = self.stored()
        for table, content in after.items():
            changed = set(content or ()) ^ set(before[table] or ())
            self.assertFalse(changed, (table, user.login, columns))

    def records(self):
        yield self.complaint
        yield self.closed
        yield self.merged
        yield from self.contacts
        yield self.salon

    def test_each_column(self):
        for column in self.columns(self.complaint.with_user(self.rep)):
            self.load_again(self.complaint, [column], self.rep)

    def test_all_columns(self):
        for records in self.records():
            for user in (self.rep, self.manager):
                columns = self.columns(records.with_user(user))
                if records == self.salon:
                    # Odoo itself tells the salesperson once more
                    columns = [name for name in columns if name.startswith("care_")]
                self.load_again(records, columns, user)

    def test_protected_columns(self):
        """Who exported more than is his to change may load it all the same."""
        for user in (self.rep, self.manager):
            changeable = self.columns(self.complaint.with_user(user))
            columns = self.columns(self.complaint.with_user(user), readonly=True)
            for column in set(columns) - set(changeable):
                self.load_again(self.complaint, [column], user)

    def test_members(self):
        columns = self.columns(self.env["care.account.member"])
        self.load_again(self.salon.care_member_ids, columns, self.manager)

    def test_a_change_is_still_refused(self):
        for name, value in (
            ("name", "X"),
            ("outcome", "satisfied"),
            ("tier_id", self.A.id),
        ):
            for user in (self.rep, self.manager):
                with self.assertRaises(AccessError):
                    self.complaint.with_user(user).write({name: value})
