from odoo import http
from odoo.http import request

from .survey_first import CareSurveyFirst


class CareSurveyPlace(CareSurveyFirst):
    """The open link of a feedback point"""

    @http.route(
        "/care/place/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def care_place(self, token, choice=None, **post):
        """Show the first question. An answer is only made when the visitor starts, so
        that scanners make none; each network can start so many in a minute."""
        place = request.env["care.survey.place"]._find(token)
        values = {"place": place, "state": "ask"}
        if not place or not place._is_open():
            values["state"] = "closed"
            return request.render("customer_care.survey_place", values)
        survey = place.survey_id.with_context(lang=request.env.lang)
        question = survey._care_first_question()
        if request.httprequest.method == "POST":
            if self._admit_visitor():
                return self._begin_visit(place, question, choice)
            values["state"] = "busy"
        if question:
            values |= {"question": question, "choices": question._care_choices()}
        return request.render("customer_care.survey_place", values)

    def _admit_visitor(self):
        sender = f"survey {request.httprequest.remote_addr}"
        return request.env["care.complaint.throttle"].sudo()._admit(sender)

    def _begin_visit(self, place, question, choice):
        answer = place._begin(request.env.lang)
        self._note_origin(answer)
        chosen = question and question._care_choice(choice)
        if question and chosen is not None:
            answer._care_note_caller(request.env.user)
            answer._care_save_first(chosen)
        survey = answer.survey_id
        return request.redirect(f"/survey/{survey.access_token}/{answer.access_token}")
