from odoo import api, fields, models
from odoo.tools import SQL

ALL_TEXTS = ""
"""The row of this term has the number of all texts."""
SPELLED_LIKE = 0.5
"""Similarity from which an unknown word is taken for a known one"""
LEAST_SPELLED = 5
"""Shorter words are not corrected."""
MAX_SPELLED = 4


class CareSearchTerm(models.Model):
    """How many texts contain a term. A job counts them: counting while texts are saved
    would make people wait for each other."""

    _name = "care.search.term"
    _description = "Term of Searchable Texts"
    _rec_name = "term"
    _log_access = False

    term = fields.Char(required=True)
    frequency = fields.Integer(required=True, aggregator=None)

    _term_unique = models.UniqueIndex("(term)")

    def init(self):
        if self.env.registry.has_trigram:
            self.env.cr.execute(
                "CREATE INDEX IF NOT EXISTS care_search_term_trigram_idx"
                " ON care_search_term USING gin (term gin_trgm_ops)"
            )

    @api.model
    def _count_terms(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM care_search_term;
                INSERT INTO care_search_term (term, frequency)
                     SELECT term, COUNT(*)
                       FROM care_search_text text
                 CROSS JOIN LATERAL (
                            SELECT DISTINCT UNNEST(text.terms) AS term) found
                   GROUP BY term
                  UNION ALL
                     SELECT %s, COUNT(*) FROM care_search_text
                """,
                ALL_TEXTS,
            )
        )
        self.invalidate_model()

    @api.model
    def _frequencies(self, terms):
        """:return: ({term: number of texts}, number of all texts)"""
        found = dict(
            self.env.execute_query(
                SQL(
                    "SELECT term, frequency FROM care_search_term WHERE term = ANY(%s)",
                    [ALL_TEXTS, *terms],
                )
            )
        )
        return found, found.pop(ALL_TEXTS, 0)

    @api.model
    def _spelled_like(self, words):
        """:return: known terms that are spelled like these unknown words"""
        words = [
            word for word in words if len(word) >= LEAST_SPELLED and word.isalpha()
        ][:MAX_SPELLED]
        if not words or not self.env.registry.has_trigram:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT like_it.term
                  FROM UNNEST(%s::text[]) word
            CROSS JOIN LATERAL (
                       SELECT term
                         FROM care_search_term
                        WHERE term %% word
                          AND similarity(term, word) >= %s
                     ORDER BY similarity(term, word) DESC, term
                        LIMIT 1) like_it
                """,
                words,
                SPELLED_LIKE,
            )
        )
        return [term for (term,) in rows]
