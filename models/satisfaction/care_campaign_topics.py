from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import satisfaction
from ..core.res_groups import SATISFACTION
from .care_answer import sql_at_risk

TOPIC_COMMENTS = 20
"""How many comments of a topic are shown"""


class CareCampaign(models.Model):
    """Comments by topic. Of anonymous campaigns only what comments themselves say is
    shown: a mean of those on a topic would tell what the one who wrote a known comment
    has marked, as topics overlap and can be edited."""

    _inherit = "care.campaign"

    def _comment_rows(self, answers):
        """Comments as (words, customer, answer, dimension of the question, score,
        whether at risk). Those of anonymous campaigns are in alphabetical order, with
        nothing else, and none if there are few."""
        if self.anonymous and answers < self._least():
            return []
        words = SQL("COALESCE(line.value_text_box, line.value_char_box)")
        score = SQL("CASE WHEN answer.care_scored THEN answer.care_score END")
        rest = SQL(
            "customer.name, answer.id, question.care_dimension, %s, %s",
            score,
            sql_at_risk(
                score,
                SQL("answer.care_nps::int"),
                SQL("%s", self.company_id.sudo().care_low_score),
            ),
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT %(words)s, %(rest)s
                  FROM survey_user_input answer
                  JOIN survey_user_input_line line
                    ON line.user_input_id = answer.id
             LEFT JOIN survey_question question ON question.id = line.question_id
             LEFT JOIN res_partner customer
                    ON customer.id = answer.care_partner_id
                 WHERE %(where)s AND line.answer_type IN ('text_box', 'char_box')
                   AND COALESCE(%(words)s, '') <> ''
              ORDER BY %(order)s
                """,
                words=words,
                rest=SQL("NULL, NULL, NULL, NULL, NULL") if self.anonymous else rest,
                where=self._where(),
                order=words
                if self.anonymous
                else SQL("answer.end_datetime DESC, line.id"),
            )
        )

    def _said(self, row):
        return {"words": row[0], "customer": row[1] or False}

    def _count_topics(self, rows):
        """Topics with their comments, the most frequent first, those without topic
        last"""
        if not rows:
            return []
        Topic = self.env["care.comment.topic"].sudo()
        found = Topic._match_all((row, row[0], row[3]) for row in rows)
        names = {topic.id: topic.name for topic in Topic.browse(filter(None, found))}
        parts = [
            self._topic(key or 0, names.get(key, self.env._("Other")), comments)
            for key, comments in found.items()
            if not self.anonymous or len(comments) >= self._least()
        ]
        return sorted(parts, key=lambda row: (not row["id"], -row["count"], row["id"]))

    def _topic(self, key, name, rows):
        """A topic; its score and share of customers at risk count each answer once,
        whatever number of comments it has."""
        answers = {row[2]: row for row in rows}.values()
        scores = [row[4] for row in answers if row[4] is not None]
        told = [] if self.anonymous else [row[5] for row in answers]
        return {
            "id": key,
            "name": name,
            "count": len(rows),
            "score": satisfaction.average(scores),
            "negative": 100 * sum(told) / len(told) if told else None,
            "comments": [self._said(row) for row in rows[:TOPIC_COMMENTS]],
        }

    def action_view_topic(self, topic):
        """Open the answers with comments on a topic.

        :param topic: id of a topic, 0 for comments without
        :raise AccessError: not for users of all customers
        :raise UserError: the campaign is anonymous
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if not (
            user.has_group("customer_care.group_user_all")
            and user.has_group(SATISFACTION)
        ):
            raise AccessError(
                self.env._("Only users who see all customers can see results.")
            )
        if self.anonymous:
            raise UserError(
                self.env._("Answers of an anonymous campaign lead to no customer.")
            )
        self.env["survey.user_input.line"].flush_model()
        Topic = self.env["care.comment.topic"].sudo()
        rows = self._comment_rows(self.answered_count)
        found = Topic._match_all((row[2], row[0], row[3]) for row in rows)
        key = int(topic) or None
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.comment_action"
        )
        name = Topic.browse(key).exists().name if key else self.env._("Other")
        return action | {
            "display_name": name or action["name"],
            "domain": list(Domain("id", "in", found.get(key, []))),
            "context": {},
        }
