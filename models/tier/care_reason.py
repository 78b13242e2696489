from odoo import api, fields, models
from odoo.tools import format_date

DATE_VALUES = {"date", "start", "end"}
SHARE_VALUES = {"share", "before", "bound"}
AMOUNT_VALUES = {"amount", "threshold"}


class CareReasonMixin(models.AbstractModel):
    """A reason that is stored as data and worded in the language of its reader.

    ``reason_data`` is a list of sentences, each with a ``code`` and plain values:
    amounts as text with a decimal point, dates in ISO format. What a person has typed
    is ``{"code": "text", "text": …}`` and stays as it is.
    """

    _name = "care.reason.mixin"
    _description = "Reason in the Language of Its Reader"

    reason_data = fields.Json("Data of the Reason", readonly=True, exportable=False)
    reason = fields.Char(compute="_compute_reason")

    @api.depends_context("lang")
    @api.depends("reason_data")
    def _compute_reason(self):
        words = TierReasonWords(self.env)
        for record in self:
            record.reason = words.text(record.reason_data)


class TierReasonWords:
    """Words reasons in the language of an environment. Templates are translated once,
    as a list or an export shows thousands of reasons."""

    def __init__(self, env):
        self.env = env
        lang = env["res.lang"]._get_data(code=env.lang or "en_US")
        self.separators = str.maketrans(
            {",": lang.thousands_sep or "", ".": lang.decimal_point}
        )
        self.pair = env._("%(first)s; %(next)s")
        self.templates = self._review_templates() | {
            "text": "%(text)s",
            "by_hand": env._("Set manually"),
            "merged": env._("Merged with %s", "%(names)s"),
            "undone": env._("Review “%s” undone", "%(review)s"),
        }

    def _review_templates(self):
        env = self.env
        return {
            "nothing": env._("No purchases from %(start)s to %(end)s"),
            "month": env._("%(amount)s in the month; %(bound)s"),
            "months": env._("%(amount)s a month over %(months)s months; %(bound)s"),
            "starts": env._("%(code)s starts at %(threshold)s"),
            "best_share": env._("%(share)s %% of sales, the largest customer"),
            "by_share": env._(
                "%(share)s %% of sales, after customers with %(before)s %%; "
                "%(code)s ends at %(bound)s %%"
            ),
            "past_share": env._(
                "%(share)s %% of sales, after customers with %(before)s %%; "
                "past the %(bound)s %% of %(code)s"
            ),
            "lower": env._("the lower counts"),
            "higher": env._("the higher counts"),
            "new": env._("First tier"),
            "held": env._(
                "held at %(code)s: %(count)s of %(needed)s consecutive reviews "
                "required for a downgrade"
            ),
            "fallen": env._("%(count)s consecutive reviews"),
            "overdue": env._(
                "oldest overdue receivable %(days)s days, %(code)s allows %(limit)s"
            ),
            "locked": env._("Locked until %(date)s: %(reason)s"),
        }

    def text(self, sentences):
        """The sentences of one reason, False for none"""
        text = False
        for sentence in sentences or ():
            words = self._sentence(**sentence)
            text = self.pair % {"first": text, "next": words} if text else words
        return text

    def _sentence(self, code, **values):
        for name in DATE_VALUES & values.keys():
            values[name] = format_date(self.env, values[name])
        for name in SHARE_VALUES & values.keys():
            values[name] = self._percent(values[name])
        for name in AMOUNT_VALUES & values.keys():
            values[name] = self._amount(values[name])
        values["code"] = values.get("tier")
        if code == "amount":
            values["bound"] = self.templates["starts"] % values
            code = "month" if values["months"] == 1 else "months"
        elif code == "undone":
            values["review"] = review_name(
                self.env, values.get("month"), values.get("method")
            )
        return self.templates[code] % values

    def _amount(self, text):
        whole, point, rest = text.removeprefix("-").partition(".")
        grouped = f"{int(whole):,}{point}{rest}".translate(self.separators)
        return f"-{grouped}" if text.startswith("-") else grouped

    def _percent(self, share):
        return f"{share:.2f}".rstrip("0").rstrip(".").translate(self.separators)


def review_name(env, month, method):
    """Name of a review in the reader's language: its month, such as 2026-07, and its
    method"""
    methods = env["care.tier.review"]._fields["method"]._description_selection(env)
    return " · ".join(filter(None, (month, dict(methods).get(method))))
