from odoo.tools import format_date


class ContactReasonWords:
    """Words the reasons why a meeting or an activity does or does not count as a
    contact, in the language of an environment. Reasons are data as in
    ``care.reason.mixin``."""

    def __init__(self, env):
        self.env = env
        self.templates = {
            "counted": env._(
                "Counts as a contact with %(customer)s: %(people)s",
            ),
            "cancelled": env._(
                "Not counted: %(person)s cancelled the contact with %(customer)s",
            ),
            "no_tier": env._(
                "Not counted as a contact: %(customer)s has no tier",
            ),
            "private": env._("Not counted as a contact: the meeting is private"),
            "off": env._(
                "Not counted as a contact: logging calls and meetings is switched off "
                "in the settings"
            ),
            "nobody": env._(
                "Not counted as a contact: no user of Visits & Calls attends"
            ),
            "later": env._(
                "Becomes a planned contact on %(date)s, three months ahead",
            ),
            "over": env._(
                "Not counted as a contact: the meeting is over and was not planned. "
                "Log the contact on the customer."
            ),
            "ahead": env._(
                "Not counted as a contact yet: the meeting is on %(date)s. Report it "
                "afterwards.",
            ),
            "no_customer": env._(
                "Not counted as a contact: no customer is entered here"
            ),
            "own_report": env._(
                "Not counted as another contact: report this contact itself"
            ),
        }

    def text(self, reasons):
        """A line for each reason, False for none"""
        return "\n".join(map(self._line, reasons)) or False

    def _line(self, reason):
        values = dict(reason)
        if "date" in values:
            values["date"] = format_date(self.env, values["date"])
        return self.templates[values.pop("code")] % values


def partner_of(document):
    """The partner that a document is about, None if it has no such field"""
    if document._name == "res.partner":
        return document
    field = document._fields.get("partner_id")
    if field and field.type == "many2one" and field.comodel_name == "res.partner":
        return document.partner_id
    return None
