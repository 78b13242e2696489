from odoo import models


class CareInvitation(models.Model):
    """The first question as buttons in the mail. Its links open a page on which the
    choice is confirmed: mail programs and scanners open them too."""

    _inherit = "care.invitation"

    def _first_question(self):
        """The question that the mail shows, may be empty"""
        survey = self._survey().with_context(lang=self.env.lang)
        if self.campaign_id and not self.campaign_id.first_in_mail:
            return survey.question_ids.browse()
        return survey._care_first_question()

    def _first_question_html(self):
        """Tables with inline styles only, as mail programs know nothing else"""
        self.ensure_one()
        question = self._first_question()
        if not question:
            return ""
        choices = question._care_choices()
        return self.env["ir.qweb"]._render(
            "customer_care.survey_first_mail",
            {
                "question": question,
                "is_scale": question.question_type == "scale",
                "choices": choices,
                "links": {
                    choice["value"]: self._first_link(question, choice["value"])
                    for choice in choices
                },
                "width": f"{100 // len(choices)}%",
            },
        )

    def _first_link(self, question, value):
        """URL of an option. That of an anonymous campaign tells the option behind #,
        which browsers do not send, so that no log of the server has it."""
        if not self._shows_links() or self.env.context.get("care_test_mail"):
            return self._link()
        if self.campaign_id.anonymous:
            return f"{self._link()}#{value}"
        token = self.user_input_id.sudo().access_token
        return f"{self.get_base_url()}/care/first/{token}/{question.id}/{value}"
