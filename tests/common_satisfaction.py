from odoo.tests import new_test_user

from .common_complaint import ComplaintCase


class SatisfactionCase(ComplaintCase):
    """A short survey that measures all there is, and a campaign of Care Test Ltd.

    | question                | measures                  |
    | ----------------------- | ------------------------- |
    | all in all, five levels | satisfaction              |
    | expected, 1 to 5        | expectation of service    |
    | perceived, 1 to 5       | perception of service     |
    | recommend, 0 to 10      | nps                       |
    | words                   |                           |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.make_survey()
        cls.overall, cls.expected, cls.perceived, cls.recommend, cls.words = (
            cls.survey.question_ids
        )
        cls.surveyor = new_test_user(
            cls.env,
            "care_surveyor",
            groups="survey.group_survey_manager,base.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def make_surveying_admin(cls):
        """An administrator of Odoo with all rights to surveys and to the app"""
        return new_test_user(
            cls.env,
            "care_root_admin",
            groups="base.group_system,survey.group_survey_manager,"
            "customer_care.group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def make_survey(cls, **values):
        scale = {
            "question_type": "scale",
            "scale_min": 1,
            "scale_max": 5,
            "care_dimension": "service",
        }
        questions = [
            {
                "title": "All in all?",
                "question_type": "simple_choice",
                "care_measure": "satisfaction",
                "suggested_answer_ids": [
                    (0, 0, {"value": word, "sequence": place})
                    for place, word in enumerate(
                        ("Very good", "Good", "So so", "Bad", "Very bad")
                    )
                ],
            },
            scale | {"title": "Expected", "care_measure": "expectation"},
            scale | {"title": "Perceived", "care_measure": "perception"},
            {
                "title": "Recommend",
                "question_type": "scale",
                "scale_min": 0,
                "scale_max": 10,
                "care_measure": "nps",
            },
            {"title": "Words", "question_type": "text_box"},
        ]
        return cls.env["survey.survey"].create(
            {
                "title": "How are we?",
                "access_mode": "token",
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    (0, 0, question | {"sequence": place})
                    for place, question in enumerate(questions)
                ],
                **values,
            }
        )

    @classmethod
    def customers(cls, count, prefix="Shop", tier=None, **values):
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"{prefix} {number}",
                    "is_company": True,
                    "email": f"{prefix.lower()}{number}@example.com",
                    **values,
                }
                for number in range(count)
            ]
        )
        if tier:
            partners.care_tier_id = tier
        return partners

    @classmethod
    def campaign(cls, customers=None, **values):
        if customers is not None:
            values["domain"] = str([("id", "in", customers.ids)])
        return cls.env["care.campaign"].create(
            {
                "name": "Autumn",
                "survey_id": cls.survey.id,
                "company_id": cls.company.id,
                "seed": "autumn",
                **values,
            }
        )

    def run_job(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("customer_care.ir_cron_campaign").with_user(1)
            job.method_direct_trigger()
        self.env.invalidate_all()

    def publish(self):
        """Run the job that lets anonymous answers into the results"""
        with self.enter_registry_test_mode():
            job = self.env.ref("customer_care.ir_cron_publish").with_user(1)
            job.method_direct_trigger()
        self.env.invalidate_all()

    def published(self, campaign):
        return (
            self.env["survey.user_input"]
            .sudo()
            .search([("care_campaign_id", "=", campaign.id)], order="id")
        )

    def started(self, customers, **values):
        """A campaign whose invitations have been sent"""
        campaign = self.campaign(customers, **values)
        campaign.action_sample()
        campaign.action_send()
        self.run_job()
        return campaign

    def fill(
        self, answer, mark=None, expected=None, perceived=None, nps=None, words=""
    ):
        """Answer as the customer's browser does: as superuser in the controller.

        :param mark: place of the option chosen, 0 is the best
        """
        answer = answer.sudo()
        answer._mark_in_progress()
        for question, value in (
            (
                self.overall,
                None
                if mark is None
                else str(self.overall.suggested_answer_ids[mark].id),
            ),
            (self.expected, expected),
            (self.perceived, perceived),
            (self.recommend, nps),
            (self.words, words),
        ):
            answer._save_lines(question, "" if value is None else str(value))
        answer._mark_done()
        return answer

    def answer_of(self, campaign, partner):
        return campaign.invitation_ids.filtered(
            lambda row: row.partner_id == partner
        ).user_input_id.sudo()
