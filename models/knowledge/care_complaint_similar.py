from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext

from ..complaint.care_complaint_stage import RESOLVED_PHASES

SEARCH_FIELDS = {"subject", "description", "solution", "root_cause", "root_cause_id"}
SIMILAR_LIMIT = 5
LEAST_SIMILAR = 0.1
"""Share of what a complaint says that a similar one has at least"""
LEAST_WRITTEN = 4
"""Characters from which it is worth searching"""
MAX_SEARCHED = 2_000


class CareComplaint(models.Model):
    """Complaints that were solved before and are like this one."""

    _inherit = "care.complaint"

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._index_text()
        return complaints

    def write(self, vals):
        result = super().write(vals)
        if SEARCH_FIELDS & vals.keys():
            self._index_text()
        return result

    def _index_text(self):
        if self.env["res.groups"]._has_care_feature("knowledge"):
            self.env["care.search.text"].sudo()._index(self)

    def _search_source(self):
        return "\n".join(
            filter(
                None,
                (
                    self._asked(),
                    self.solution,
                    self.root_cause,
                    self.root_cause_id.name,
                ),
            )
        )

    def _asked(self):
        """What the customer says, as plain text"""
        words = html2plaintext(self.description) if self.description else ""
        return f"{self.subject or ''}\n{words}"

    def care_similar(self):
        """What may help with this complaint, see :meth:`_hints`"""
        self.ensure_one()
        self.check_access("read")
        return self._hints(self._asked(), self)

    @api.model
    @api.readonly
    def care_hotline_hints(self, subject, description=""):
        """What may help while the caller speaks, see :meth:`_hints`"""
        self.check_access("create")
        return self._hints(f"{subject or ''}\n{description or ''}", self.browse())

    @api.model
    def _hints(self, text, complaint):
        """:return: {"complaints": solved ones like the text that the user may read,
        "knowledge": reviewed records, "proposals": category and team from history}"""
        text = text.strip()[:MAX_SEARCHED]
        hints = {"complaints": [], "knowledge": [], "proposals": []}
        if len(text) < LEAST_WRITTEN or not self.env["res.groups"]._has_care_feature(
            "knowledge"
        ):
            return hints
        Text = self.env["care.search.text"].sudo()
        solved = self._solved_domain() & Domain("id", "not in", complaint.ids)
        found = Text._find(self, text, solved, SIMILAR_LIMIT, LEAST_SIMILAR)
        Knowledge = self.env["care.knowledge"]
        known = Text._find(
            Knowledge,
            text,
            Domain("state", "=", "reviewed"),
            SIMILAR_LIMIT,
            LEAST_SIMILAR,
        )
        records = self.browse(record.id for record, _share in found)
        hints["complaints"] = [record._similar_row() for record in records]
        records = Knowledge.browse(record.id for record, _share in known)
        hints["knowledge"] = [record._hint_row() for record in records]
        hints["proposals"] = self._proposals(text, complaint)
        return hints

    @api.model
    def _solved_domain(self):
        stages = (
            self.env["care.complaint.stage"]
            .sudo()
            .search([("phase", "in", RESOLVED_PHASES)])
        )
        return (
            Domain("stage_id", "in", stages.ids)
            & Domain("solution", "not in", (False, ""))
            & Domain("spam", "=", False)
            & Domain("merged_into_id", "=", False)
        )

    def _similar_row(self):
        outcome = dict(self._fields["outcome"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "subject": self.subject,
            "cause": self.sudo().root_cause_id.name or self.root_cause or "",
            "solution": self.solution,
            "outcome": self.outcome,
            "outcome_label": outcome[self.outcome],
            "date": format_date(self.env, self.closed_at or self.resolved_at),
        }

    def care_use_solution(self, complaint_id):
        """Copy the solution of another complaint into this one."""
        self.ensure_one()
        self.check_access("write")
        other = self.browse(complaint_id).exists()
        other.check_access("read")
        if not other.solution:
            raise UserError(self.env._("That complaint has no solution any more."))
        self._take_solution(other.solution)

    def care_use_knowledge(self, knowledge_id):
        """Copy a reviewed answer into the solution of this complaint."""
        self.ensure_one()
        self.check_access("write")
        knowledge = self.env["care.knowledge"].browse(knowledge_id).exists()
        knowledge.check_access("read")
        if knowledge.state != "reviewed":
            raise UserError(self.env._("This answer has not been reviewed."))
        self._take_solution(knowledge.answer)
        knowledge._log_use("used", self)

    def _take_solution(self, text):
        """Append to what is there already, once."""
        own = (self.solution or "").strip()
        if text not in own:
            self.solution = "\n\n".join(filter(None, (own, text)))
