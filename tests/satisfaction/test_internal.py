import random
import re
from collections import Counter

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.department_matrix import shown_cells
from ..common_satisfaction import SatisfactionCase


class TestShownCells(BaseCase):
    """An attacker subtracts what is shown from the totals that are shown."""

    def rests(self, counts, cells, totals):
        """Answers that remain of each total shown after all parts shown"""
        grand = sum(counts.values())
        sums = Counter()
        for (_asking, rated), count in counts.items():
            sums[rated] += count
        yield grand - sum(sums[rated] for rated in totals)
        for total in totals:
            yield sums[total] - sum(
                count
                for (asking, rated), count in counts.items()
                if rated == total and (asking, rated) in cells
            )

    def test_nothing_below_five_can_be_worked_out(self):
        draw = random.Random(20)
        for _case in range(3000):
            teams = range(draw.randint(2, 6))
            counts = {
                (asking, rated): draw.choice((0, 1, 2, 4, 5, 6, 9, 20))
                for asking in teams
                for rated in teams
                if asking != rated and draw.random() < 0.8
            }
            cells, totals = shown_cells(counts)
            self.assertTrue(all(counts[cell] >= 5 for cell in cells), counts)
            self.assertTrue({rated for _asking, rated in cells} <= totals, counts)
            if sum(counts.values()) < 5:
                self.assertFalse(cells or totals)
                continue
            for rest in self.rests(counts, cells, totals):
                self.assertTrue(rest == 0 or rest >= 5, (counts, cells, totals))

    def test_large_cells_are_shown(self):
        counts = {("A", "B"): 5, ("A", "C"): 8, ("B", "C"): 6, ("C", "A"): 5}
        self.assertEqual(shown_cells(counts), (set(counts), {"A", "B", "C"}))

    def test_a_second_cell_is_hidden(self):
        cells, totals = shown_cells({("A", "C"): 9, ("B", "C"): 7, ("D", "C"): 2})
        self.assertEqual(cells, {("A", "C")})
        self.assertEqual(totals, {"C"})


class InternalCase(SatisfactionCase):
    """Three departments: seven colleagues in Sales, six in Logistics, two in Legal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["survey.survey"]._care_make_ready_surveys()
        cls.ready = cls.env["survey.survey"]._care_ready_survey("departments")
        cls.teams = cls.env["crm.team"].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Field sales", "Logistics", "Legal")
            ]
        )
        cls.sales, cls.logistics, cls.legal = cls.teams
        cls.colleagues = {
            team: cls.members(team, count)
            for team, count in zip(cls.teams, (7, 6, 2), strict=True)
        }

    @classmethod
    def members(cls, team, count):
        word = team.name.lower().replace(" ", "_")
        users = cls.env["res.users"].union(
            *(
                cls.make_user(
                    f"{word}_{number}",
                    "sales_team.group_sale_salesman",
                    email=f"{word}.{number}@example.com",
                )
                for number in range(count)
            )
        )
        cls.env["crm.team.member"].create(
            [{"crm_team_id": team.id, "user_id": user.id} for user in users]
        )
        return users

    def internal(self, **values):
        return self.campaign(
            **{
                "name": "Departments",
                "audience": "colleagues",
                "survey_id": self.ready.id,
                "department_ids": [(6, 0, self.teams.ids)],
                "rated_department_ids": [(6, 0, self.teams.ids)],
                **values,
            }
        )

    def asked(self, **values):
        campaign = self.internal(**values)
        campaign.action_sample()
        campaign.action_send()
        self.run_job()
        return campaign

    def hand_in(self, invitation, mark):
        secret = invitation._survey_token()
        answer = self.env["care.survey.token"]._find(secret)._hand_in("en_US", secret)
        answer._mark_in_progress()
        for question in answer.survey_id.question_ids:
            answer._save_lines(question, str(mark))
        answer._mark_done()
        return answer

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "care.invitation")])


@tagged("post_install", "-at_install")
class TestInternal(InternalCase):
    def pairs(self, campaign):
        return Counter(
            (row.asking_team_id.name, row.rated_team_id.name)
            for row in campaign.invitation_ids
        )

    # ------------------------------------------------------------
    # Whom
    # ------------------------------------------------------------

    def test_each_colleague_rates_the_other_departments(self):
        campaign = self.internal()
        self.assertTrue(campaign.anonymous)
        campaign.action_sample()
        self.assertEqual(campaign.audience_count, 15)
        self.assertEqual(
            self.pairs(campaign),
            {
                ("Field sales", "Logistics"): 7,
                ("Field sales", "Legal"): 7,
                ("Logistics", "Field sales"): 6,
                ("Logistics", "Legal"): 6,
                ("Legal", "Field sales"): 2,
                ("Legal", "Logistics"): 2,
            },
        )
        self.assertFalse(
            campaign.invitation_ids.filtered(
                lambda row: row.contact_id
                not in self.env["res.users"].union(*self.colleagues.values()).partner_id
            )
        )

    def test_drawn_departments_follow_the_seed(self):
        first = self.internal(departments_each=1)
        first.action_sample()
        chosen = {row.contact_id: row.rated_team_id for row in first.invitation_ids}
        again = first.copy({"seed": first.seed})
        again.action_sample()
        self.assertEqual(
            {row.contact_id: row.rated_team_id for row in again.invitation_ids},
            chosen,
        )
        self.assertEqual(len(first.invitation_ids), len(chosen))

    def test_a_department_that_too_few_rate_is_not_asked_about(self):
        campaign = self.internal(department_ids=[(6, 0, self.legal.ids)])
        campaign.action_sample()
        self.assertFalse(campaign.invitation_ids)
        with self.assertRaisesRegex(UserError, "No colleague"):
            campaign.action_send()

    def test_leaders_do_not_rate_their_department(self):
        self.logistics.user_id = self.colleagues[self.sales][0]
        campaign = self.internal()
        campaign.action_sample()
        self.assertEqual(self.pairs(campaign)["Field sales", "Logistics"], 6)

    def test_left_out(self):
        one, two, three = self.colleagues[self.sales][:3]
        one.partner_id.care_survey_opt_out = True
        two.partner_id.email = False
        three.active = False
        campaign = self.internal()
        campaign.action_sample()
        self.assertEqual(campaign.left_out, {"opted_out": 1, "no_address": 1})
        self.assertEqual(campaign.audience_count, 14)
        action = campaign.action_view_left_out("opted_out")
        self.assertEqual(action["domain"], [("id", "in", one.partner_id.ids)])

    def test_sample_of_a_number(self):
        campaign = self.internal(sample_mode="count", sample_size=12)
        campaign.action_sample()
        self.assertEqual(len(campaign.invitation_ids.contact_id), 12)

    def test_quarantine_of_its_own(self):
        shops = self.customers(3, "Shop", self.A)
        self.asked()
        later = self.internal()
        later.action_sample()
        self.assertEqual(later.left_out, {"quarantine": 15})
        customers = self.campaign(shops)
        customers.action_sample()
        self.assertEqual(customers.invited_count, 3)
        self.assertFalse(customers.left_out)

    def test_customer_campaigns_leave_colleagues_out(self):
        shop = self.customers(1, "Shop", self.A)
        shop.email = self.colleagues[self.sales][0].email
        campaign = self.campaign(shop)
        campaign.action_sample()
        self.assertEqual(campaign.left_out, {"internal": 1})

    def test_always_anonymous(self):
        with self.assertRaises(ValidationError):
            self.internal(anonymous=False)
        with self.assertRaises(ValidationError):
            self.internal().anonymous = False
        with self.assertRaises(ValidationError):
            self.internal(channel="phone")

    # ------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------

    def test_one_mail_lists_the_departments(self):
        campaign = self.asked()
        mails = self.mails()
        self.assertEqual(len(mails), 15)
        self.assertEqual(set(campaign.invitation_ids.mapped("state")), {"sent"})
        someone = self.colleagues[self.sales][0]
        mail = mails.filtered(lambda one: one.email_to == someone.email)
        rows = campaign.invitation_ids.filtered(
            lambda row: row.contact_id == someone.partner_id
        )
        self.assertEqual(len(rows), 2)
        self.assertIn("Logistics", mail.body_html)
        self.assertIn("Legal", mail.body_html)
        for row in rows:
            self.assertIn(row._survey_token(), mail.body_html)
        self.assertNotIn("Field sales", mail.body_html)

    def test_reminder_and_opt_out(self):
        campaign = self.asked()
        self.mails().unlink()
        campaign.invitation_ids.write(
            {"sent_at": "2026-01-01", "state": "sent", "skip_reason": False}
        )
        gone = self.colleagues[self.sales][0]
        gone.partner_id.care_survey_opt_out = True
        self.run_job()
        self.assertEqual(len(self.mails()), 14)
        self.assertNotIn(gone.email, self.mails().mapped("email_to"))
        reminded = campaign.invitation_ids.filtered("reminded_at")
        self.assertEqual(len(reminded), 28)

    def test_mail_not_delivered(self):
        campaign = self.asked()
        someone = self.colleagues[self.sales][0]
        mail = self.mails().filtered(lambda one: one.email_to == someone.email)
        mail.write({"state": "exception"})
        rows = campaign.invitation_ids.filtered(
            lambda row: row.contact_id == someone.partner_id
        )
        self.assertEqual(rows.mapped("state"), ["failed", "failed"])
        rows[0].action_send_again()
        self.run_job()
        self.assertEqual(rows.mapped("state"), ["sent", "sent"])
        again = self.mails().filtered(lambda one: one.email_to == someone.email)
        self.assertEqual(len(again), 1)
        for row in rows:
            self.assertIn(row._survey_token(), again.body_html)

    def test_left_before_the_mail(self):
        campaign = self.internal()
        campaign.action_sample()
        campaign.action_send()
        gone = self.colleagues[self.sales][0]
        gone.active = False
        self.run_job()
        rows = campaign.invitation_ids.filtered(
            lambda row: row.contact_id == gone.partner_id
        )
        self.assertEqual(set(rows.mapped("skip_reason")), {"archived"})

    def test_test_mail(self):
        campaign = self.internal()
        self.env.user.email = "boss@example.com"
        campaign.action_send_test()
        self.assertFalse(campaign.invitation_ids)

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def rate_all(self, campaign):
        """Sales is rated 5, Logistics 1 and Legal 3"""
        marks = {self.sales: 5, self.logistics: 1, self.legal: 3}
        for row in campaign.invitation_ids:
            self.hand_in(row, marks[row.rated_team_id])

    def test_matrix(self):
        campaign = self.asked()
        self.rate_all(campaign)
        self.publish()
        self.assertFalse(self.published(campaign), "only after the end")
        campaign.action_close()
        self.publish()
        answers = self.published(campaign)
        self.assertEqual(len(answers), 30)
        self.assertFalse(answers.partner_id or answers.care_partner_id)
        self.assertNotIn(self.legal, answers.care_asking_team_id)
        found = campaign.with_user(self.manager).results["departments"]
        self.assertEqual(
            {column["name"] for column in found["columns"]},
            {"Field sales", "Logistics", "Legal"},
        )
        rows = {row["name"]: row for row in found["rows"]}
        means = {
            (other["name"], row["name"]): cell["mean"] and cell["mean"]["value"]
            for row in found["rows"]
            for other, cell in zip(found["columns"], row["cells"], strict=True)
            if not cell["own"]
        }
        # Two of Legal answered: to hide them, a second cell of the row is hidden.
        self.assertEqual(
            means,
            {
                ("Logistics", "Field sales"): False,
                ("Legal", "Field sales"): False,
                ("Field sales", "Logistics"): False,
                ("Legal", "Logistics"): False,
                ("Field sales", "Legal"): 50.0,
                ("Logistics", "Legal"): 50.0,
            },
        )
        self.assertEqual(rows["Field sales"]["total"]["value"], 100)
        self.assertEqual(rows["Field sales"]["total"]["count"], 8)
        self.assertEqual(rows["Logistics"]["total"]["value"], 0)
        printed, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "customer_care.report_campaign_results", campaign.ids
        )
        self.assertIn("hidden", printed.decode())
        self.assertFalse(campaign.results["groups"])
        self.assertIsNone(campaign.results["population"])
        self.assertLess(campaign.results["score"]["low"], 40)
        self.assertGreater(campaign.results["score"]["high"], 60)
        self.assertLess(rows["Logistics"]["total"]["low"], 1)
        self.assertGreater(rows["Logistics"]["total"]["high"], 0)

        exported = campaign.with_user(self.manager)._export_figures()
        place = exported.index(("How departments rate each other",))
        head, *lines = exported[place + 1 : place + 5]
        lines = {line[0]: line for line in lines}
        self.assertEqual(lines.keys(), rows.keys())
        self.assertEqual(lines["Field sales"][1:3], (100, 8))
        sales, logistics = head.index("Field sales"), head.index("Logistics")
        self.assertEqual(lines["Legal"][sales], 50)
        self.assertEqual(lines["Field sales"][sales], "–")
        self.assertEqual(
            lines["Field sales"][logistics : logistics + 2], ("hidden", None)
        )

    def test_too_few_are_deleted(self):
        campaign = self.asked()
        for row in campaign.invitation_ids[:4]:
            self.hand_in(row, 1)
        campaign.action_close()
        self.publish()
        self.assertFalse(self.published(campaign))
        found = campaign.results["departments"]
        self.assertFalse(any(row["total"] for row in found["rows"]))

    def test_they_never_count_as_customer_satisfaction(self):
        shops = self.customers(6, "Shop", self.A, user_id=self.rep.id)
        customers = self.started(shops)
        for shop in shops:
            self.fill(self.answer_of(customers, shop), 0, 4, 5, 10, "Fine")
        before = self.figures(customers, shops)
        self.assertEqual(before["answers"][0][0], 6)
        campaign = self.asked()
        for row in campaign.invitation_ids:
            self.hand_in(row, 1)
        self.assertEqual(self.figures(customers, shops), before)
        campaign.action_close()
        self.publish()
        self.assertEqual(len(self.published(campaign)), 30)
        self.assertEqual(campaign.results["score"]["value"], 0)
        self.assertEqual(self.figures(customers, shops), before)
        everybody = self.env["res.users"].union(*self.colleagues.values()).partner_id
        self.assertFalse(any(everybody.mapped("care_satisfaction")))
        self.assertFalse(any(everybody.mapped("care_nps")))

    def figures(self, customers, shops):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            "answers": self.env["care.answer"]._read_group(
                [], [], ["__count", "score:avg", "nps:avg"]
            ),
            "report": self.env["care.satisfaction.report"]._read_group(
                [], [], ["__count", "score:avg", "nps:avg"]
            ),
            "walk_ins": self.env["care.walk.in"].search_count([]),
            "follow_ups": self.env["care.follow.up"].search_count([]),
            "activities": self.env["mail.activity"].search_count([]),
            "partners": shops.read(
                [
                    "care_satisfaction",
                    "care_nps",
                    "care_satisfaction_trend",
                ]
            ),
            "spreads": customers._spreads(),
            "results": customers.results,
            "help": customers._sample_help(),
            "complaints": self.env["care.complaint"].search_count([]),
        }

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def test_access(self):
        campaign = self.asked()
        colleague = self.colleagues[self.sales][0]
        invitations = self.env["care.invitation"].with_user(colleague)
        self.assertFalse(invitations.search([("campaign_id", "=", campaign.id)]))
        for user in (colleague, self.manager):
            with self.assertRaises(AccessError):
                self.env["care.survey.token"].with_user(user).search([])
            with self.assertRaises(AccessError):
                invitations.with_user(user).create(
                    {
                        "campaign_id": campaign.id,
                        "company_id": self.company.id,
                        "partner_id": colleague.partner_id.id,
                        "rated_team_id": self.sales.id,
                        "channel": "email",
                        "state": "sent",
                    }
                )
            with self.assertRaises(AccessError):
                campaign.invitation_ids[0].with_user(user).write(
                    {"rated_team_id": self.legal.id}
                )
            mails = self.env["mail.mail"].with_user(user)
            with self.assertRaises(AccessError):
                mails.browse(self.mails()[0].id).read(["body_html"])
        with self.assertRaises(AccessError):
            campaign.with_user(colleague).read(["results"])
        with self.assertRaises(AccessError):
            self.internal().with_user(self.all).write({"audience": "customers"})
        self.assertTrue(campaign.with_user(self.all).results["departments"])

    def test_nobody_reads_answers_of_colleagues(self):
        admin = self.make_surveying_admin()
        campaign = self.asked()
        answer = self.hand_in(campaign.invitation_ids[0], 1)
        found = self.env["survey.user_input"].with_user(admin)
        self.assertFalse(found.search([("id", "=", answer.id)]))
        self.assertFalse(answer.partner_id)

    @mute_logger("odoo.sql_db")
    def test_nobody_rates_the_own_department(self):
        campaign = self.asked()
        row = campaign.invitation_ids[0].sudo()
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            row.rated_team_id = row.asking_team_id
            self.env.flush_all()

    def test_audience_stays_once_started(self):
        campaign = self.asked()
        with self.assertRaises(UserError):
            campaign.audience = "customers"
        with self.assertRaises(UserError):
            campaign.rated_department_ids = self.sales

    def test_ready_survey(self):
        self.assertEqual(len(self.ready.question_ids), 4)
        self.assertEqual(
            set(self.ready.question_ids.mapped("care_measure")), {"satisfaction"}
        )
        chosen = self.env["care.campaign"].new({"audience": "colleagues"})
        chosen._onchange_audience()
        self.assertEqual(chosen.survey_id._origin, self.ready)
        self.assertTrue(chosen.anonymous)


@tagged("post_install", "-at_install")
class TestInternalWeb(HttpCase, InternalCase):
    def test_the_page_names_the_department(self):
        campaign = self.asked()
        row = campaign.invitation_ids.filtered(
            lambda row: row.rated_team_id == self.logistics
        )[0]
        url = f"/care/survey/{row._survey_token()}"
        page = self.url_open(url)
        self.assertIn("Logistics", page.text)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        page = self.url_open(url, data={"csrf_token": token})
        self.assertIn("Service between Departments", page.text)
        self.assertIn("Logistics", page.text)
        self.assertNotIn("Field sales", page.text)
        waiting = self.env["survey.user_input"].search(
            [("care_waiting_campaign_id", "=", campaign.id)]
        )
        self.assertEqual(waiting.care_rated_team_id, self.logistics)
        self.assertEqual(waiting.care_asking_team_id, row.asking_team_id)
        self.assertFalse(waiting.partner_id or waiting.care_partner_id)

    def test_a_manager_asks_and_reads(self):
        url = "/odoo/action-customer_care.campaign_action"
        self.start_tour(url, "customer_care_departments_start", login="care_manager")
        campaign = self.env["care.campaign"].search([("name", "=", "Tour departments")])
        self.assertEqual(campaign.audience, "colleagues")
        self.assertTrue(campaign.anonymous)
        self.assertEqual(campaign.survey_id, self.ready)
        self.assertLessEqual(self.teams, campaign.invitation_ids.rated_team_id)
        campaign.unlink()
        campaign = self.asked()
        for row in campaign.invitation_ids:
            self.hand_in(row, 4)
        campaign.action_close()
        self.publish()
        self.start_tour(url, "customer_care_departments_results", login="care_manager")
