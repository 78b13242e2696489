from collections import Counter
from contextlib import contextmanager
from itertools import combinations

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.search_text import (
    CHARACTER_WEIGHT,
    full_score,
    rank,
    rarity,
    terms,
    weight,
)
from ..core.care_job import single
from .care_search_concept import CONCEPTS_CHANGED

QUERY_TERMS = 32
"""Of a long text, the terms that tell most are searched for."""
POSTINGS = 400
"""Texts in which rare terms are looked up"""
COMMON_TERMS = 4
"""Of terms that are in too many texts, those that contain several are looked up."""
SEVERAL_LIMIT = 2000
"""Of so many texts it is looked up who may read them …"""
CANDIDATES = 200
"""… and so many are ranked, beside as many of the newest ones"""
ALONE = 50_000
"""A term that no other one goes with is looked up alone if it is in fewer texts."""
SOURCES = {"care.complaint": "complaint_id", "care.knowledge": "knowledge_id"}
INDEX_BATCH = 500


class CareSearchText(models.Model):
    """The terms of a complaint or a knowledge record, in an array with an index."""

    _name = "care.search.text"
    _description = "Searchable Text"
    _log_access = False

    complaint_id = fields.Many2one("care.complaint", ondelete="cascade")
    knowledge_id = fields.Many2one("care.knowledge", ondelete="cascade")
    indexed_at = fields.Datetime()

    _complaint_unique = models.UniqueIndex(
        "(complaint_id) WHERE complaint_id IS NOT NULL"
    )
    _knowledge_unique = models.UniqueIndex(
        "(knowledge_id) WHERE knowledge_id IS NOT NULL"
    )

    def init(self):
        """An index for each kind of record, so that knowledge is not looked up among
        all complaints."""
        self.env.cr.execute(
            """
            ALTER TABLE care_search_text ADD COLUMN IF NOT EXISTS terms text[];
            DROP INDEX IF EXISTS care_search_text_terms_idx;
            CREATE INDEX IF NOT EXISTS care_search_text_complaint_terms_idx
                ON care_search_text USING gin (terms) WHERE complaint_id IS NOT NULL;
            CREATE INDEX IF NOT EXISTS care_search_text_knowledge_terms_idx
                ON care_search_text USING gin (terms) WHERE knowledge_id IS NOT NULL
            """
        )

    # ------------------------------------------------------------
    # Indexing
    # ------------------------------------------------------------

    @api.model
    def _index(self, records):
        """Store the terms of these records, with one statement for all."""
        if not records:
            return
        column = SOURCES[records._name]
        concepts = self.env["care.search.concept"]._concepts()
        now = fields.Datetime.now()
        rows = [
            (record.id, terms(record._search_source(), concepts), now)
            for record in records.sudo()
        ]
        self.env.cr.execute_values(
            f"""
            INSERT INTO care_search_text ({column}, terms, indexed_at) VALUES %s
            ON CONFLICT ({column}) WHERE {column} IS NOT NULL
                DO UPDATE SET terms = EXCLUDED.terms, indexed_at = EXCLUDED.indexed_at
            """,
            rows,
            template="(%s, %s::text[], %s)",
        )

    @api.model
    def _to_index(self, name, after, limit):
        """Records that are not indexed yet, or were changed since.

        :param after: id of the last one that was done
        """
        column = SQL.identifier("text", SOURCES[name])
        changed = self.env["ir.config_parameter"].sudo().get_param(CONCEPTS_CHANGED)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source.id
                  FROM %s source
             LEFT JOIN care_search_text text ON %s = source.id
                 WHERE source.id > %s
                   AND (text.id IS NULL
                        OR text.indexed_at < GREATEST(
                            source.write_date - INTERVAL '1 second', %s::timestamp))
              ORDER BY source.id
                 LIMIT %s
                """,
                SQL.identifier(self.env[name]._table),
                column,
                after,
                changed or "2000-01-01",
                limit,
            )
        )
        return self.env[name].browse(id_ for (id_,) in rows)

    @api.model
    @single
    def _cron_index(self):
        """Index what was there before the feature, or was changed without it."""
        if not self.env["res.groups"]._has_care_feature("knowledge"):
            return
        Cron = self.env["ir.cron"]
        self = self.sudo()  # noqa: PLW0642
        for name in SOURCES:
            last = 0
            while records := self._to_index(name, last, INDEX_BATCH):
                last = records[-1].id
                self._index(records)
                if not Cron._commit_progress(len(records), remaining=1):
                    return
                self.env.invalidate_all()
        Cron._commit_progress(remaining=0)

    @api.model
    @single
    def _cron_count(self):
        if not self.env["res.groups"]._has_care_feature("knowledge"):
            return
        self.env["care.search.term"].sudo()._count_terms()
        self.env["care.word.frequency"].sudo()._refresh()

    # ------------------------------------------------------------
    # Searching
    # ------------------------------------------------------------

    @api.model
    def _find(self, source, text, domain, limit=5, least=0.0):
        """The records most like a text, among those that the user of ``source`` may
        read.

        :param source: model, with the rights of who asks
        :param least: share of what the text says that a record must have
        :return: [(record, share)], the best first
        """
        query = terms(text, self.env["care.search.concept"]._concepts())
        known, count = self.env["care.search.term"]._frequencies(query)
        if count:
            unknown = {term for term in query if term not in known}
            like_it = self.env["care.search.term"]._spelled_like(sorted(unknown))
            query += like_it
            known |= self.env["care.search.term"]._frequencies(like_it)[0]
        query = _most_telling(query, known, count)
        if not query:
            return []
        found = self._candidates(source, domain, query, known)
        counted = Counter(term for words in found.values() for term in set(words))
        frequencies = {
            term: max(known.get(term, 0), counted[term]) for term in set(query)
        }
        count = max(count, len(found))
        whole = full_score(query, frequencies, count) or 1.0
        return [
            (source.browse(key), score / whole)
            for key, score in rank(query, found, frequencies, count, limit)
            if score / whole >= least
        ]

    @api.model
    def _candidates(self, source, domain, query, known):
        """{id: terms} of texts that may be the best: those with rare terms of the
        question, those with several common ones, and the newest that the user may
        read, so that who may read few finds them."""
        rare, common, postings = [], [], 0
        for term in sorted(set(query), key=lambda term: (known.get(term, 0), term)):
            postings += known.get(term, 0)
            (rare if postings <= POSTINGS else common).append(term)
        telling = [t for t in common if weight(t) > CHARACTER_WEIGHT][:COMMON_TERMS]
        allowed = source._search(domain)
        found = {}
        with self._by_index():
            if rare:
                condition = SQL("terms && %s::text[]", rare)
                found = self._matching(source, allowed, condition, POSTINGS)
            for size in range(len(telling), 1, -1):
                if len(found) >= CANDIDATES:
                    return found
                sets = combinations(telling, size)
                found |= self._with_all_of(source, allowed, sets)
            if not found and telling and known.get(telling[0], 0) <= ALONE:
                found = self._with_all_of(source, allowed, [telling[:1]])
        return found | self._newest(source, domain) if common else found

    @contextmanager
    def _by_index(self):
        """The planner takes unknown terms for common ones and reads whole tables."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        yield
        self.env.cr.execute("SET LOCAL enable_seqscan TO DEFAULT")

    @api.model
    def _with_all_of(self, source, allowed, sets):
        """Texts that contain all terms of one of these sets"""
        condition = SQL(" OR ").join(
            SQL("terms @> %s::text[]", list(some)) for some in sets
        )
        return self._matching(source, allowed, condition, CANDIDATES)

    @api.model
    def _newest(self, source, domain):
        """By their ids: joined, the planner would read the terms of all texts"""
        column = SQL.identifier(SOURCES[source._name])
        newest = source._search(domain, order="id DESC", limit=CANDIDATES)
        ids = [id_ for (id_,) in self.env.execute_query(newest.select("id"))]
        return self._read_terms(
            SQL(
                "SELECT %s, array_to_string(terms, ' ') FROM care_search_text"
                " WHERE %s = ANY(%s)",
                column,
                column,
                ids,
            )
        )

    @api.model
    def _matching(self, source, allowed, condition, limit):
        """:param allowed: query of the records in the domain that may be read
        :param condition: on the terms of a text
        """
        return self._read_terms(
            SQL(
                """
                  WITH text AS MATERIALIZED (
                       SELECT %(column)s AS source_id, terms
                         FROM care_search_text
                        WHERE %(column)s IS NOT NULL AND (%(condition)s)
                        LIMIT %(several)s)
                SELECT %(id)s, array_to_string(text.terms, ' ')
                  FROM %(tables)s
                  JOIN text ON text.source_id = %(id)s
                 WHERE %(allowed)s
                 LIMIT %(limit)s
                """,
                id=SQL.identifier(allowed.table, "id"),
                tables=allowed.from_clause,
                column=SQL.identifier(SOURCES[source._name]),
                allowed=allowed.where_clause or SQL("TRUE"),
                condition=condition,
                several=SEVERAL_LIMIT,
                limit=limit,
            )
        )

    @api.model
    def _read_terms(self, query):
        """:return: {id: terms}; as one string each, which is read faster than arrays"""
        return {
            id_: (words or "").split() for id_, words in self.env.execute_query(query)
        }


def _most_telling(query, known, count):
    """The rarest terms of a long text: what is known first, as a word that no text has
    finds none, but texts of today may have it."""

    def tells(term):
        return -rarity(known.get(term, 0), count) * weight(term), term

    terms_once = set(query)
    unknown = sorted(terms_once - known.keys(), key=tells)
    best = sorted(terms_once & known.keys(), key=tells)[:QUERY_TERMS]
    return best + unknown[: QUERY_TERMS - (len(best) + 1) // 2]
