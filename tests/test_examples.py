import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from odoo.fields import Command
from odoo.tests import HttpCase, get_db_name, tagged

from .common_complaint import ComplaintCase

EXAMPLES = Path(__file__).parents[1] / "docs/examples"
TIMEOUT = 60


@tagged("post_install", "-at_install")
class TestExamples(HttpCase, ComplaintCase):
    """Runs what ``docs/developers.md`` shows, as another system would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon.write({"email": "owner@salon.example.com", "care_tier_id": cls.A.id})
        cls.key = cls.key_of(cls.rep)

    @classmethod
    def key_of(cls, user):
        return (
            cls.env(user=user)["res.users.apikeys"].sudo()._generate(None, "Test", None)
        )

    def example(self, name, *arguments, key=None, url=None, db=None):
        """:return: the process, after it has ended"""
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            done = subprocess.run(
                [sys.executable, EXAMPLES / f"{name}.py", *arguments],
                env={
                    "ODOO_URL": url or self.base_url(),
                    "ODOO_DB": db or get_db_name(),
                    "ODOO_KEY": key or self.key,
                    "PATH": os.environ["PATH"],
                    "PYTHONIOENCODING": "utf-8",
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                capture_output=True,
                encoding="utf-8",
                timeout=TIMEOUT,
                check=False,
            )
        self.env.invalidate_all()
        return done

    def answer(self, name, *arguments, **options):
        done = self.example(name, *arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def assertRefused(self, done, reason):
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, f"^error: .*{reason}")
        self.assertNotIn("Traceback", done.stderr)

    def test_log_complaint(self):
        person = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com", "parent_id": self.salon.id}
        )
        answer = self.answer(
            "log_complaint",
            "Ann@Example.com",
            "Jar <b>broken</b>",
            "--description",
            "It was <open>",
        )
        complaint = self.env["care.complaint"].browse(answer["id"])
        self.assertEqual(complaint.name, answer["name"])
        self.assertEqual(complaint.subject, "Jar <b>broken</b>")
        self.assertEqual(complaint.description, "<p>It was &lt;open&gt;</p>")
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, person)
        self.assertEqual(complaint.tier_id, self.A)
        self.assertEqual(complaint.source, "other")
        self.assertEqual(complaint.create_uid, self.rep)

    def test_report_visit(self):
        self.generate()
        answer = self.answer(
            "report_visit",
            str(self.salon.id),
            "Shelf is empty",
            "Will order on Friday",
            "--start",
            "2026-11-10T09:30+01:00",
            "--satisfaction",
            "4",
        )
        contact = self.env["care.interaction"].browse(answer["id"])
        self.assertEqual(contact.partner_id, self.salon)
        self.assertEqual(contact.state, "done")
        self.assertEqual(str(contact.date_start), "2026-11-10 08:30:00")
        self.assertEqual(contact.summary, "Shelf is empty")
        self.assertEqual(contact.outcome, "Will order on Friday")
        self.assertEqual(contact.satisfaction, "4")
        self.assertEqual(contact.user_id, self.rep)
        self.assertTrue(contact.target_id)
        self.assertEqual(answer["target_id"][0], contact.target_id.id)
        self.assertEqual(contact.target_id.rule_id, self.visits)

    def test_a_report_for_a_colleague(self):
        answer = self.answer(
            "report_visit",
            "Salon",
            "Training",
            "Done",
            "--made-by",
            self.rep.login,
            key=self.key_of(self.all),
        )
        contact = self.env["care.interaction"].browse(answer["id"])
        self.assertEqual(contact.user_id, self.rep)
        self.assertEqual(contact.create_uid, self.all)

    def test_a_time_needs_an_offset(self):
        count = self.env["care.interaction"].search_count([])
        done = self.example(
            "report_visit", "Salon", "a", "b", "--start", "2026-11-10T09:30"
        )
        self.assertRefused(done, "no offset")
        self.assertEqual(self.env["care.interaction"].search_count([]), count)

    def test_customer_state(self):
        self.generate()
        complaint = self.env["care.complaint"].create(
            {"partner_id": self.salon.id, "subject": "Late", "team_id": self.team.id}
        )
        answer = self.answer("customer_state", "owner@salon.example.com")
        self.assertEqual(answer["id"], self.salon.id)
        self.assertEqual(answer["care_tier_id"][0], self.A.id)
        self.assertEqual(
            [row["name"] for row in answer["open_complaints"]], [complaint.name]
        )
        self.assertEqual(
            {row["id"] for row in answer["next_contacts"]},
            set(self.targets(self.salon, state="open").ids),
        )
        self.assertTrue(answer["next_contacts"])

    def test_rights_of_the_key_apply(self):
        done = self.example("customer_state", "Salon", key=self.key_of(self.employee))
        self.assertRefused(done, r"\(403\)")

    def test_errors_are_told(self):
        refused = self.example("customer_state", "Salon", key="0" * 40)
        self.assertRefused(refused, "The API key was refused")
        self.assertRefused(self.example("customer_state", "Nix"), "no customer “Nix”")
        self.customer("Salon")
        self.assertRefused(
            self.example("customer_state", "Salon"), "Several customers match"
        )
        unreachable = self.example("customer_state", "Salon", url="http://127.0.0.1:9")
        self.assertRefused(unreachable, "cannot be reached")

    def test_webhook(self):
        fields = self.env["ir.model.fields"]
        action = self.env["ir.actions.server"].create(
            {
                "name": "Tell the ERP",
                "model_id": self.env["ir.model"]._get_id("care.complaint"),
                "state": "webhook",
                "webhook_field_ids": [
                    Command.set(
                        [
                            fields._get("care.complaint", name).id
                            for name in ("name", "phase")
                        ]
                    )
                ],
            }
        )
        complaint = self.env["care.complaint"].create(
            {"partner_id": self.salon.id, "subject": "Late", "team_id": self.team.id}
        )
        receiver = subprocess.Popen(
            [sys.executable, EXAMPLES / "receive_webhook.py", "--port", "0"],
            env={"CARE_WEBHOOK_SECRET": "s3cret", "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(receiver.communicate)
        self.addCleanup(receiver.terminate)
        address = f"http://{receiver.stderr.readline().split()[-1]}"
        with self.assertRaises(urllib.error.HTTPError) as wrong:
            urllib.request.urlopen(f"{address}/guess", b"{}", timeout=TIMEOUT)
        self.assertEqual(wrong.exception.code, 404)
        wrong.exception.close()
        action.webhook_url = f"{address}/s3cret"
        self.env.cr.postcommit.clear()
        action.with_context(active_model="care.complaint", active_id=complaint.id).run()
        self.env.cr.postcommit.run()
        message = json.loads(receiver.stdout.readline())
        self.assertEqual(message["_model"], "care.complaint")
        self.assertEqual(message["_id"], complaint.id)
        self.assertEqual(message["name"], complaint.name)
        self.assertEqual(message["phase"], complaint.phase)
