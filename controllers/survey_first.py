from odoo import http
from odoo.http import request

from .survey import CareSurvey


class CareSurveyFirst(CareSurvey):
    """The first question of a survey, chosen in the mail"""

    @http.route(
        "/care/first/<string:token>/<int:question_id>/<int:value>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def care_first(self, token, question_id, value, choice=None, short=False, **post):
        """Show the choice made in the mail. Nothing is saved before it is confirmed
        here, as mail programs and scanners open the links of mails."""
        answer = (
            request.env["survey.user_input"]
            .sudo()
            .search([("access_token", "=", token)], limit=1)
        )
        lang = answer.lang_id.code or request.env.lang
        request.update_context(lang=lang)
        answer = answer.with_context(lang=lang)
        question = answer.survey_id._care_first_question()
        state = self._first_state(answer)
        if state == "ask" and not question and short is not True:
            return request.redirect(answer.get_start_url())
        values = {"answer": answer, "question": question, "state": state}
        if state == "ask" and short is True:
            values["stop"] = self._stop_link(answer)
        if state == "ask" and question:
            if request.httprequest.method == "POST":
                chosen = question._care_choice(choice)
                if chosen is not None:
                    return self._save_first(answer, chosen)
                values["missing"] = True
            values["choices"] = question._care_choices()
            if question.id == question_id:
                values["chosen"] = question._care_choice(value)
        return request.render("customer_care.survey_first", values)

    @http.route(
        "/care/a/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def care_short(self, token, choice=None, **post):
        """The short link of text messages: the first question with nothing chosen, and
        a link to stop further surveys."""
        return self.care_first(token, 0, 0, choice=choice, short=True)

    def _first_state(self, answer):
        if not answer.care_company_id or answer.care_anonymous:
            return "unknown"
        if answer.state == "done":
            return "done"
        survey = answer.survey_id
        code = self._check_validity(survey, answer, answer.access_token)
        if code is True:
            return "ask"
        return "stranger" if code == "answer_wrong_user" else "closed"

    def _stop_link(self, answer):
        invitation = (
            request.env["care.invitation"]
            .sudo()
            .search([("user_input_id", "=", answer.id)], limit=1)
        )
        return invitation and invitation._stop_link()

    def _save_first(self, answer, value):
        answer._care_note_caller(request.env.user)
        self._note_origin(answer)
        answer._care_save_first(value)
        return request.redirect(answer.get_start_url())
