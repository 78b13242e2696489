from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import topics
from .survey_question import DIMENSIONS


class CareCommentTopic(models.Model):
    """What comments are about, by keywords and by the subject of the question."""

    _name = "care.comment.topic"
    _description = "Comment Topic"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    dimension = fields.Selection(
        DIMENSIONS,
        help="Comments on questions about it belong to the topic, whatever they say.",
    )
    keywords = fields.Text(
        help="Separated by commas or lines, in all languages of your customers. Words "
        "match as a whole, with * also their endings (deliver*), Chinese ones anywhere."
    )

    @api.model
    def _match_all(self, comments):
        """Comments by topic; one may have several.

        :param comments: [(comment, words, dimension of the question)]
        :return: {id of a topic, or None: [comments]}
        """
        records = self.search(Domain.TRUE)
        patterns = {topic.id: topics.pattern(topic.keywords) for topic in records}
        dimensions = {topic.id: topic.dimension for topic in records if topic.dimension}
        return topics.group(
            (comment, topics.match(words, patterns, dimension, dimensions))
            for comment, words, dimension in comments
        )
