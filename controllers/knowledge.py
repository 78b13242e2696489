from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .portal import CustomerPortal, _sender_address

MAX_WRITTEN = 2_000
MAX_ID = 2**31 - 1


class KnowledgePortal(CustomerPortal):
    """Answers for people who are about to send a complaint: reviewed and public ones,
    question and answer only."""

    def _show_form(self, *args, **kwargs):
        response = super()._show_form(*args, **kwargs)
        response.qcontext["knowledge_shown"] = self._has_knowledge()
        return response

    def _has_knowledge(self):
        return request.env["res.groups"]._has_care_feature("knowledge")

    def _knowledge_company(self, company_id):
        """:return: the company whose form it is; empty where there is none"""
        none = request.env["res.company"].sudo()
        if not self._has_knowledge() or not self._has_complaints():
            return none
        if not request.env.user._is_public():
            return request.env.company.sudo()
        if type(company_id) is not int or not 0 < company_id <= MAX_ID:
            return none
        return none.browse(company_id).exists().filtered("care_public_form")

    @http.route("/complaints/answers", type="jsonrpc", auth="public", methods=["POST"])
    def complaint_answers(self, text, company_id=None):
        """:return: {"answers": [{"id", "question", "answer"}]} for what was written"""
        company = self._knowledge_company(company_id)
        if not company or not isinstance(text, str) or not text.strip():
            return {"answers": []}
        if not self._admit(f"answers {_sender_address()}"):
            return {"answers": []}
        Knowledge = request.env["care.knowledge"].sudo()
        return {"answers": Knowledge._public_answers(company, text[:MAX_WRITTEN])}

    @http.route(
        "/complaints/answers/solved", type="jsonrpc", auth="public", methods=["POST"]
    )
    def complaint_answer_solved(self, knowledge_id, company_id=None):
        """The answer has helped, so no complaint is sent. Counts once a session."""
        company = self._knowledge_company(company_id)
        if not company or type(knowledge_id) is not int:
            return False
        if not 0 < knowledge_id <= MAX_ID:
            return False
        told = request.session.get("care_solved_by", [])
        if knowledge_id in told or not self._admit(f"solved {_sender_address()}"):
            return False
        Knowledge = request.env["care.knowledge"].sudo()
        known = Knowledge.search(
            Knowledge._public_domain(company) & Domain("id", "=", knowledge_id), limit=1
        )
        if not known:
            return False
        request.session["care_solved_by"] = [*told, knowledge_id][-50:]
        known._log_use("solved", company=company)
        return True
