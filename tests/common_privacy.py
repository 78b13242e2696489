from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common_satisfaction import SatisfactionCase

PICTURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)
LONG_AGO = "2020-03-02 09:00:00"


class PrivacyCase(SatisfactionCase):
    """Livia is a private customer, Rosa buys for the company Garden. Both have all that
    the app keeps; what is of 2020 is old, the rest is of today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.livia = cls.env["res.partner"].create(
            {
                "name": "Livia Zq-Secret",
                "email": "livia@zq-secret.example.com",
                "phone": "+49 30 7776665",
                "street": "Zq-Secret Lane 5",
                "user_id": cls.rep.id,
                "care_preferences": "Zq-Secret likes tea",
                "image_1920": PICTURE,
                "care_family_ids": [
                    Command.create({"relation": "child", "name": "Zq-Secret junior"})
                ],
            }
        )
        cls.garden = cls.customers(1, "Garden", user_id=cls.rep.id)
        cls.rosa = cls.env["res.partner"].create(
            {
                "name": "Rosa Zq-Thorn",
                "parent_id": cls.garden.id,
                "email": "rosa@garden.example.com",
            }
        )
        cls.retention = cls.env["care.retention"]
        cls.data = cls.env["care.personal.data"]

    @classmethod
    def keep(cls, **months):
        cls.company.write({f"care_keep_{kind}": n for kind, n in months.items()})

    @classmethod
    def old(cls, records, *names, moment=LONG_AGO):
        """Move records into the past, behind the guards."""
        cls.env.flush_all()
        for name in names:
            cls.env.cr.execute(
                f"UPDATE {records._table} SET {name} = %s WHERE id = ANY(%s)",
                (moment, records.ids),
            )
        records.invalidate_recordset()
        return records

    @classmethod
    def closed_complaint(cls, partner, moment=LONG_AGO, **values):
        complaint = cls.complain(
            partner_id=partner.id,
            subject="Zq-Secret is angry",
            description="<p>Zq-Secret waited</p>",
            wanted="Zq-Secret wants it new",
            **values,
        )
        complaint.with_user(cls.manager)._add_event_by_hand(
            "replied", fields.Datetime.now(), "Called Zq-Secret"
        )
        complaint.message_post(body="Dear Zq-Secret", message_type="comment")
        cls.attach(complaint, "Zq-Secret.txt", b"Zq-Secret")
        complaint.solution = "Zq-Secret got a new one"
        complaint.action_close()
        cls.env.flush_all()
        if moment:
            complaint = cls.old(complaint, "closed_at", moment=moment)
        return complaint

    @classmethod
    def attach(cls, record, name, raw):
        return cls.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id}
        )

    @classmethod
    def visit(cls, partner, moment=LONG_AGO, **values):
        report = cls.env["care.interaction"].create(
            {
                "partner_id": partner.id,
                "user_id": cls.rep.id,
                "company_id": cls.company.id,
                "channel": "visit",
                "state": "done",
                "date_start": moment,
                "summary": "Zq-Secret has two children",
                **values,
            }
        )
        cls.env["ir.attachment"].create(
            {
                "name": "Zq-Secret.png",
                "datas": PICTURE,
                "res_model": report._name,
                "res_id": report.id,
            }
        )
        return report

    def answered(self, customers, moment=LONG_AGO):
        """Answers of a campaign that is over"""
        campaign = self.started(customers, quarantine_days=0)
        answers = campaign.invitation_ids.user_input_id.sudo()
        for mark, answer in enumerate(answers):
            self.fill(answer, mark % 5, 4, 3, nps=mark % 11, words="Zq-Secret says no")
        campaign.action_close()
        self.env.flush_all()
        if moment:
            self.old(answers, "create_date", "end_datetime", moment=moment)
        return campaign, answers

    @classmethod
    def call(cls, moment=LONG_AGO, **values):
        system = cls.env["care.call.system"].create(
            {"name": "Asterisk", "company_id": cls.company.id}
        )
        call = cls.env["care.call"].create(
            {
                "system_id": system.id,
                "company_id": cls.company.id,
                "reference": "Zq-Secret-1",
                "number": "+49307776665",
                "state": "ended",
                "pick_up_seconds": 9,
                "in_time": 1,
                "talk_minutes": 3.5,
                **values,
            }
        )
        return cls.old(call, "create_date", moment=moment) if moment else call

    @classmethod
    def make_admin(cls, login, *companies):
        ids = [company.id for company in companies]
        return new_test_user(
            cls.env,
            login,
            groups="sales_team.group_sale_manager,base.group_partner_manager",
            company_id=ids[0],
            company_ids=[Command.set(ids)],
        )

    def run_retention(self):
        with self.enter_registry_test_mode():
            self.trigger()
        self.env.invalidate_all()

    def trigger(self):
        job = self.env.ref("customer_care.ir_cron_retention").with_user(1)
        job.method_direct_trigger()

    def words_left(self, word):
        """[(table, column)] of all tables that hold a word"""
        self.env.flush_all()
        columns = self.env.execute_query_dict(
            SQL(
                """
                SELECT c.relname AS "table", a.attname AS "column"
                  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                  JOIN pg_type t ON t.oid = a.atttypid
                 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                   AND a.attnum > 0 AND NOT a.attisdropped
                   AND t.typname IN ('text', 'varchar', 'jsonb')
                   AND (c.relname LIKE 'care_%%' OR c.relname IN (
                        'res_partner', 'mail_message', 'mail_tracking_value',
                        'mail_activity', 'ir_attachment', 'survey_user_input',
                        'survey_user_input_line', 'rating_rating'))
                """
            )
        )
        found = []
        for row in columns:
            self.env.cr.execute(
                f'SELECT 1 FROM "{row["table"]}" WHERE "{row["column"]}"::text'
                " ILIKE %s LIMIT 1",
                (f"%{word}%",),
            )
            if self.env.cr.fetchone():
                found.append((row["table"], row["column"]))
        return found
