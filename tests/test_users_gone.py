from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_complaint import ComplaintCase
from .common_records import RecordsCase, own_models


@tagged("post_install", "-at_install")
class TestArchivedUsers(ComplaintCase):
    """Records may name who has left; nothing waits for them."""

    def test_escalation_goes_to_the_manager(self):
        boss = self.make_user("boss", "sales_team.group_sale_salesman_all_leads")
        self.team.manager_id = boss
        policy = self.policy(hours=1)
        for action in ("handler", "user", "reassign"):
            self.env["care.sla.escalation"].create(
                {"policy_id": policy.id, "action": action, "user_id": self.employee.id}
            )
        with freeze_time("2026-11-09 00:00:00"):
            complaint = self.complain(user_id=self.rep.id)
            quiet = self.complain(user_id=self.all.id)
            self.env.flush_all()
            (self.employee | self.rep).active = False
        with freeze_time("2026-11-09 04:00:00"):
            self.env["care.sla.status"]._escalate()
        told = {
            alert.escalation_id.action: alert.user_id
            for alert in complaint.sla_ids.alert_ids
        }
        self.assertEqual(told, {"handler": boss, "user": boss, "reassign": boss})
        told = {
            alert.escalation_id.action: alert.user_id
            for alert in quiet.sla_ids.alert_ids
        }
        self.assertEqual(told["handler"], self.all)
        self.assertEqual((told["user"], told["reassign"]), (boss, boss))
        self.assertEqual(quiet.user_id, self.all, "not given to who has left")
        with Form(complaint) as form:
            self.assertFalse(form.user_id)

    def test_new_complaints_of_a_team(self):
        self.team.member_ids = self.rep | self.all
        self.team.assignment = "round_robin"
        self.rep.active = False
        with_archived = self.team.with_context(active_test=False)
        self.assertEqual(self.team._assign(2), [self.all] * 2)
        self.assertEqual(with_archived._assign(2), [self.all] * 2)


@tagged("post_install", "-at_install")
class TestDeletedUsers(RecordsCase):
    def test_rows_stay(self):
        """Every row that names a user survives, but for the places of teams, absences
        and what the user has looked at, or the user cannot be deleted and the message
        says what to do."""
        places = {
            "care.account.member",
            "care.handover.successor",
            "care.absence",
            "care.brief.view",
        }
        for model in own_models(self.env):
            for field in self.env[model]._fields.values():
                if (
                    field.type != "many2one"
                    or field.comodel_name != "res.users"
                    or not field.store
                    or field.related
                    or field.name in ("create_uid", "write_uid")
                ):
                    continue
                user = self.make_user(
                    f"{model}_{field.name}", "customer_care.group_user"
                )
                row = self.make(model, **{field.name: user.id})
                self.env.flush_all()
                try:
                    with self.env.cr.savepoint():
                        user.unlink()
                        self.env.flush_all()
                except UserError as error:
                    self.assertIn("Archive", str(error), field)
                    continue
                if model not in places:
                    self.assertTrue(row.exists(), field)
                    self.assertFalse(row[field.name], field)
