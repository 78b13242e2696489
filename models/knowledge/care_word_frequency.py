from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.search_text import likely, terms

KINDS = {"category": "category_id", "team": "team_id"}
TOTAL = ""
"""The row of this term has the number of all complaints of the value."""
HISTORY = "3 years"
HELD_OUT_DAYS = 90
HELD_OUT_EACH = 5
"""Every fifth complaint of the last three months is kept out of the history, to see how
often a proposal for it would be right."""
MAX_TESTED = 300
LEAST_HISTORY = 20
"""Complaints with a value before anything is proposed"""


class CareWordFrequency(models.Model):
    """How often a term is in the complaints of a category or team; category and team of
    new complaints are proposed from it."""

    _name = "care.word.frequency"
    _description = "Word Frequency of Complaints"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    kind = fields.Selection([("category", "Category"), ("team", "Team")], required=True)
    value = fields.Integer(required=True, aggregator=None)
    term = fields.Char(required=True)
    frequency = fields.Integer(required=True, aggregator=None)

    _term_idx = models.Index("(company_id, kind, term)")

    @api.model
    def _refresh(self):
        """Count the history again, and how often it would have been right."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM care_word_frequency")
        for kind in KINDS:
            self._count(kind)
        self.invalidate_model()
        for company in self.env["res.company"].search([("active", "=", True)]):
            company.care_propose_hits = {
                kind: self._test(company, kind) for kind in KINDS
            } | {"at": fields.Datetime.to_string(fields.Datetime.now())}

    @api.model
    def _count(self, kind):
        self.env.cr.execute(
            SQL(
                """
                WITH history AS (
                    SELECT complaint.company_id, complaint.%(column)s AS value,
                           text.terms
                      FROM care_complaint complaint
                      JOIN care_search_text text ON text.complaint_id = complaint.id
                     WHERE complaint.%(column)s IS NOT NULL
                       AND complaint.spam IS NOT TRUE
                       AND complaint.received_at > %(now)s - %(history)s::interval
                       AND NOT %(held_out)s
                )
                INSERT INTO care_word_frequency (
                    company_id, kind, value, term, frequency)
                SELECT company_id, %(kind)s, value, term, COUNT(*)
                  FROM history
            CROSS JOIN LATERAL (SELECT DISTINCT UNNEST(terms) AS term) found
              GROUP BY company_id, value, term
                HAVING COUNT(*) > 1
             UNION ALL
                SELECT company_id, %(kind)s, value, %(total)s, COUNT(*)
                  FROM history
              GROUP BY company_id, value
                """,
                column=SQL.identifier(KINDS[kind]),
                now=fields.Datetime.now(),
                history=HISTORY,
                held_out=self._held_out(),
                kind=kind,
                total=TOTAL,
            )
        )

    @api.model
    def _held_out(self):
        """Condition on a complaint, as SQL"""
        return SQL(
            "(complaint.received_at > %s AND complaint.id %% %s = 0)",
            fields.Datetime.subtract(fields.Datetime.now(), days=HELD_OUT_DAYS),
            HELD_OUT_EACH,
        )

    @api.model
    def _test(self, company, kind):
        """:return: {"tested", "proposed", "right"}: numbers of held-out complaints"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT complaint.id
                  FROM care_complaint complaint
                 WHERE complaint.company_id = %s
                   AND complaint.%s IS NOT NULL
                   AND complaint.spam IS NOT TRUE
                   AND %s
              ORDER BY complaint.id DESC
                 LIMIT %s
                """,
                company.id,
                SQL.identifier(KINDS[kind]),
                self._held_out(),
                MAX_TESTED,
            )
        )
        complaints = self.env["care.complaint"].browse(id_ for (id_,) in rows)
        texts = [complaint._asked() for complaint in complaints]
        result = {"tested": len(complaints), "proposed": 0, "right": 0}
        for complaint, (value, _share) in zip(
            complaints, self._propose(company, kind, texts), strict=True
        ):
            result["proposed"] += bool(value)
            result["right"] += value == complaint[KINDS[kind]].id
        return result

    @api.model
    def _propose(self, company, kind, texts):
        """:return: [(id of the value or None, confidence in percent)] of the texts,
        with one query for all of them"""
        concepts = self.env["care.search.concept"]._concepts()
        asked = [set(terms(text, concepts)) for text in texts]
        counts, totals = defaultdict(dict), {}
        for value, term, frequency in self.env.execute_query(
            SQL(
                "SELECT value, term, frequency FROM care_word_frequency"
                " WHERE company_id = %s AND kind = %s AND term = ANY(%s)",
                company.id,
                kind,
                [TOTAL, *set().union(*asked)],
            )
        ):
            if term == TOTAL:
                totals[value] = frequency
            else:
                counts[value][term] = frequency
        if sum(totals.values()) < LEAST_HISTORY:
            return [(None, 0.0)] * len(texts)
        known = set().union(*counts.values()) if counts else set()
        proposals = []
        for words in asked:
            value, share = likely(counts, totals, words & known)
            sure = value and words & known and 100 * share >= company.care_propose_from
            proposals.append((value if sure else None, 100 * share))
        return proposals
