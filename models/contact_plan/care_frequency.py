from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import windows
from ..core.frequency_words import FrequencyWords

UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")]


class CareFrequency(models.AbstractModel):
    """Frequency fields that plan rules and exceptions share."""

    _name = "care.frequency"
    _description = "Contact Frequency"

    times = fields.Integer(default=1, required=True, aggregator=None)
    every = fields.Integer(default=1, required=True, aggregator=None)
    unit = fields.Selection(UNITS, default="month", required=True)
    aim_every = fields.Integer(
        help="Recommended interval, in the same unit; a contact is late only after "
        "the end of the window. 0: the whole window.",
        aggregator=None,
    )

    @api.constrains("times", "every", "unit", "aim_every")
    def _check_frequency(self):
        for record in self:
            if record.times < 1:
                raise ValidationError(
                    self.env._("Enter the number of contacts agreed: 1 or more.")
                )
            if not 1 <= record.every <= windows.LONGEST_WINDOW[record.unit]:
                raise ValidationError(
                    self.env._(
                        "A window cannot be shorter than 1 unit or longer than "
                        "about 10 years. Enter a number from 1 to %s.",
                        windows.LONGEST_WINDOW[record.unit],
                    )
                )
            if not 0 <= record.aim_every <= record.every:
                raise ValidationError(
                    self.env._(
                        "The recommended interval cannot exceed the window. Enter a "
                        "number from 0 to %s.",
                        record.every,
                    )
                )

    def _frequency_words(self, channel):
        self.ensure_one()
        words = FrequencyWords(self.env)
        text = words.contacts(self.times, self.every, self.unit, channel)
        if 0 < self.aim_every < self.every:
            text = words.aim(text, self.aim_every, self.unit)
        return text
