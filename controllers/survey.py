from odoo import SUPERUSER_ID, http
from odoo.http import STORED_SESSION_BYTES, request

from odoo.addons.survey.controllers.main import Survey

from ..models.satisfaction.care_campaign import OPEN_STATES

CLICK_OUTCOMES = ("satisfied", "unsatisfied")


class CareSurvey(Survey):
    """Surveys as customers see them: personal links, links of anonymous campaigns, two
    clicks after a complaint, and "do not ask me again"."""

    def _fetch_from_access_token(self, survey_token, answer_token):
        """Write anonymous answers as superuser, so that no row has the id of a logged-
        in customer."""
        survey, answer = super()._fetch_from_access_token(survey_token, answer_token)
        if answer.care_anonymous:
            answer = answer.with_user(SUPERUSER_ID)
            survey = survey.with_user(SUPERUSER_ID)
        return survey, answer

    def _check_validity(
        self,
        survey_sudo,
        answer_sudo,
        answer_token,
        ensure_token=True,
        check_partner=True,
    ):
        """Let internal users fill in for a customer, and anybody with the link of an
        anonymous campaign."""
        if answer_sudo.care_company_id and answer_token:
            if not answer_sudo._care_open_to(request.env.user):
                return "answer_wrong_user"
            check_partner = False
            campaign = (
                answer_sudo.care_campaign_id or answer_sudo.care_waiting_campaign_id
            )
            if campaign.state == "closed":
                closed = answer_sudo.state != "done"
                if closed:
                    return "answer_deadline"
        return super()._check_validity(
            survey_sudo,
            answer_sudo,
            answer_token,
            ensure_token=ensure_token,
            check_partner=check_partner,
        )

    @http.route()
    def survey_display_page(self, survey_token, answer_token, **post):
        """Finished anonymous answers have another link, so who loads the last page
        again is thanked here."""
        survey, answer = self._fetch_from_access_token(survey_token, answer_token)
        if survey and not answer and survey._care_asks_customers():
            return request.render("customer_care.survey_over", {"survey": survey})
        result = super().survey_display_page(survey_token, answer_token, **post)
        self._leave_no_name(survey_token, answer_token)
        return result

    @http.route()
    def survey_begin(self, survey_token, answer_token, **post):
        result = super().survey_begin(survey_token, answer_token, **post)
        self._leave_no_name(survey_token, answer_token)
        return result

    @http.route()
    def survey_submit(self, survey_token, answer_token, **post):
        _survey, answer = self._fetch_from_access_token(survey_token, answer_token)
        if answer.care_company_id:
            answer._care_note_caller(request.env.user)
            self._note_origin(answer)
        result = super().survey_submit(survey_token, answer_token, **post)
        if answer.care_anonymous:
            answer._care_unsign()
        return result

    def _note_origin(self, answer):
        """The network and the session, of which only fingerprints are kept."""
        answer._care_note_origin(
            request.httprequest.remote_addr,
            request.session.sid[:STORED_SESSION_BYTES],
        )

    def _leave_no_name(self, survey_token, answer_token):
        """Remove the logged-in user, whom the ORM records on computed values."""
        _survey, answer = self._fetch_from_access_token(survey_token, answer_token)
        if answer.care_anonymous:
            answer._care_unsign()

    @http.route()
    def survey_retry(self, survey_token, answer_token, **post):
        """Refuse a second attempt, which would belong to no customer."""
        survey, _answer = self._fetch_from_access_token(survey_token, answer_token)
        if survey._care_asks_customers():
            return request.redirect("/")
        return super().survey_retry(survey_token, answer_token, **post)

    # ------------------------------------------------------------
    # Anonymous campaigns
    # ------------------------------------------------------------

    @http.route(
        "/care/survey/<string:secret>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def care_anonymous(self, secret, **post):
        """Explain the survey and start it with a click, so that link scanners in mail
        programs do not use up the token. Until the survey is finished, the link leads
        back to it, on any device."""
        tokens = request.env["care.survey.token"].with_user(SUPERUSER_ID)
        token, answer = tokens._find(secret), tokens._begun(secret)
        campaign = token.campaign_id or answer.care_waiting_campaign_id
        values = {"campaign": campaign, "state": "ready", "secret": secret}
        if not campaign:
            values["state"] = "used"
        elif campaign.state not in OPEN_STATES:
            values["state"] = "closed"
        elif answer:
            values["state"] = "begun"
        department = token.rated_team_id or answer.care_rated_team_id
        values["department"] = department.name
        if values["state"] in ("ready", "begun") and (
            request.httprequest.method == "POST"
        ):
            answer = answer or token._hand_in(request.env.lang, secret)
            if answer:
                survey = answer.survey_id
                self._save_anonymous_first(answer, post.get("choice"))
                return request.redirect(
                    f"/survey/{survey.access_token}/{answer.access_token}"
                )
            values["state"] = "used"
        if values["state"] == "ready" and campaign.first_in_mail:
            survey = campaign.survey_id.with_context(lang=request.env.lang)
            values["question"] = question = survey._care_first_question()
            values["choices"] = question and question._care_choices()
        return request.render("customer_care.survey_anonymous", values)

    def _save_anonymous_first(self, answer, choice):
        """Save what was chosen at the start, if it was."""
        question = answer.survey_id._care_first_question()
        chosen = question and question._care_choice(choice)
        if answer.state == "new" and chosen is not None and question:
            answer._care_save_first(chosen)
            answer._care_unsign()

    # ------------------------------------------------------------
    # After a complaint
    # ------------------------------------------------------------

    @http.route(
        "/care/outcome/<string:token>/<string:choice>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def care_outcome(self, token, choice, outcome=None, comment=None, **post):
        """The first click was in the mail; the second is on this page, where one may
        choose otherwise."""
        choice = outcome or choice
        answer = (
            request.env["survey.user_input"]
            .sudo()
            .search([("access_token", "=", token)], limit=1)
        )
        if not answer.care_complaint_id or choice not in CLICK_OUTCOMES:
            return request.redirect("/")
        lang = answer.lang_id.code or request.env.lang
        values = {"answer": answer, "choice": choice, "state": "ask"}
        if answer.state == "done":
            values["state"] = "done"
        elif not answer._care_open_to(request.env.user):
            return request.redirect("/")
        elif request.httprequest.method == "POST":
            self._note_origin(answer)
            answer._care_choose(choice, (comment or "").strip()[:4000])
            values["state"] = "thanks"
        request.update_context(lang=lang)
        return request.render("customer_care.survey_outcome", values)

    # ------------------------------------------------------------
    # Not again
    # ------------------------------------------------------------

    @http.route(
        "/care/stop/<int:invitation_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
        csrf=False,
    )
    def care_stop(self, invitation_id, token, **post):
        """Opt out of surveys. Mail programs post here without a session (RFC 8058), so
        the token in the link authorizes it. A GET request, as link scanners send,
        changes nothing."""
        invitation = (
            request.env["care.invitation"].sudo().browse(invitation_id).exists()
        )
        if not invitation or not invitation._check_stop_token(token):
            return request.redirect("/")
        done = request.httprequest.method == "POST"
        if done:
            person = invitation.contact_id or invitation.partner_id
            person.care_survey_opt_out = True
        request.update_context(lang=invitation._lang() or request.env.lang)
        return request.render(
            "customer_care.survey_stop", {"invitation": invitation, "done": done}
        )
