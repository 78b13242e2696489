from odoo.tools import format_amount, format_date, format_list


def capitalized(text):
    """With an upper-case first letter; the rest stays as it is"""
    return text[:1].upper() + text[1:]


class OutlookWords:
    """Words what is expected of customers in the language of an environment. Reasons
    are data: codes and values of ``reasons`` in ``tools/outlook.py``."""

    def __init__(self, env):
        self.env = env
        self.templates = {
            "no_orders": env._("no order yet"),
            "single_order": env._("only one order, %(days)s days ago"),
            "season": env._("orders once a season, expected about %(day)s"),
            "silent": env._("usually every %(usual)s days, silent for %(days)s"),
            "silent_similar": env._(
                "similar customers order every %(usual)s days, silent for %(days)s"
            ),
            "longest": env._("never before silent for longer than %(longest)s days"),
            "returns": env._("returned more than it bought in the last three months"),
            "falling": env._("buys %(percent)s %% less than three months before"),
            "decision_maker_gone": env._("the decision maker has left"),
            "open_complaints": env._("open complaints: %(count)s"),
            "bad_faces": env._("dissatisfied at contacts: %(count)s"),
            "overdue_contacts": env._("contacts missed: %(count)s"),
            "categories_dropped": env._("no longer buys: %(categories)s"),
            "overdue_money": env._(
                "overdue receivables: %(percent)s %% of the purchases of a year"
            ),
        }

    def texts(self, rows):
        """The reasons of each row, False for none"""
        names = self._category_names(rows)
        return [
            capitalized(
                "; ".join(
                    text
                    for reason in row.reasons or ()
                    if (text := self._sentence(reason, names))
                )
            )
            or False
            for row in rows
        ]

    def _category_names(self, rows):
        ids = {
            category
            for row in rows
            for reason in row.reasons or ()
            for category in reason.get("categories", ())
        }
        categories = self.env["product.category"].sudo().browse(ids).exists()
        return {category.id: category.name for category in categories}

    def _sentence(self, reason, names):
        values = dict(reason)
        code = values.pop("code")
        if code == "silent" and not values.get("own"):
            code = "silent_similar"
        if "day" in values:
            values["day"] = format_date(self.env, values["day"])
        if "categories" in values:
            found = [names[key] for key in values["categories"] if key in names]
            if not found:
                return False
            values["categories"] = format_list(self.env, found)
        template = self.templates.get(code)
        return template and template % values

    def reorder(self, row):
        return self.env._(
            "Reorder due on %(date)s: %(category)s",
            date=format_date(self.env, row.due_date),
            category=row.category_id.name,
        )

    def band(self, row):
        labels = dict(row._fields["risk_band"]._description_selection(self.env))
        return labels.get(row.risk_band, "")

    def next_order(self, row):
        """When the next order is expected, with the band; False if none is"""
        if not row.next_order_date:
            return False
        return self.env._(
            "Next order about %(date)s (%(start)s to %(end)s), %(amount)s",
            date=format_date(self.env, row.next_order_date),
            start=format_date(self.env, row.next_order_from),
            end=format_date(self.env, row.next_order_to),
            amount=format_amount(self.env, row.next_amount, row.currency_id),
        )
