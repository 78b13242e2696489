from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_net import NetCase

TOLD = {
    # (model, field): who learns more than the rules show, and why
    ("res.partner", "care_alarm"): "said to all users of the app on purpose",
    ("crm.lead", "care_alarm"): "the same",
    ("care.interaction", "care_alarm"): "the same",
    ("care.plan.target", "care_alarm"): "the same",
    ("care.complaint", "care_alarm"): "the same",
    ("care.tier.history", "review_id"): "the name of the review, for whom it reviewed",
    ("care.tier.report", "review_id"): "the same",
}
"""Fields that may change with records which their reader cannot read."""
PAIRS = {
    # person: (what the person knows, what comes on top of it)
    "portal": (("mine", "guest"), ("theirs", "abroad", "closed")),
    "employee": (("mine", "guest"), ("theirs", "abroad", "closed")),
    "rep": (("mine", "guest"), ("theirs", "abroad", "closed")),
    "foreign": (("abroad", "closed"), ("mine", "guest", "theirs")),
}


class Refused(str):
    """The text of an error, where a value was asked for"""

    __slots__ = ()




def difference(before, after):
    """Where two values begin to differ"""
    before, after = repr(before), repr(after)
    place = next(
        (
            place
            for place, (one, other) in enumerate(zip(before, after, strict=False))
            if one != other
        ),
        min(len(before), len(after)),
    )
    start = max(place - 60, 0)
    return f"{before[start : place + 60]} -> {after[start : place + 60]}"


@tagged("post_install", "-at_install")
class TestNetFields(NetCase):
    """Read every field in every way, and see nothing that is others'."""

    def test_portal(self):
        self.check("portal")

    def test_employee(self):
        self.check("employee")

    def test_rep(self):
        self.check("rep")

    def test_user_of_another_company(self):
        self.check("foreign")

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule", "odoo.sql_db")
    def check(self, person):
        """What is known before others' records are made is the same afterwards, and
        has none of their words."""
        user = self.people[person]
        own, others = PAIRS[person]
        known = [self.build(name) for name in own]
        watched = self.watched(known)
        before = self.observe(user, watched)
        hidden = [self.build(name) for name in others]
        after = self.observe(user, watched)
        leaks = []
        for key, value in after.items():
            if key[:2] not in TOLD and value != before[key]:
                leaks.append(f"{key}: {difference(before[key], value)}")
            if key[:2] not in TOLD and (words := self.leaked(user, value)):
                leaks.append(f"{key}: {words}")
        for place in hidden:
            leaks += self.directly(user, place)
            leaks += self.pointing(user, known, place)
        self.assertFalse(leaks, "\n".join(leaks))
        self.assertGreater(len(after), 500)

    # ------------------------------------------------------------
    # Observing
    # ------------------------------------------------------------

    def watched(self, places):
        ids = {name: [] for name in self.models}
        for place in places:
            for model, record in place.items():
                if model in ids:
                    ids[model] += record.ids
        for name in ids:
            if not self.env[name]._auto:
                ids[name] = self.env[name].search([], limit=20).ids
        ids["res.partner"] = (self.mine | self.theirs).ids
        ids["crm.lead"] = self.leads.ids + ids["crm.lead"]
        return ids

    def observe(self, user, watched):
        """{(model, field, how): value or error} of all fields"""
        seen = {}
        for model, names in self.models.items():
            ids = watched[model]
            Model = self.as_user(user)[model]
            mine = self.tried(lambda: Model.search([("id", "in", ids)]).ids)  # noqa: B023
            seen[model, "", "search"] = mine
            if isinstance(mine, Refused):
                seen[model, "", "read"] = self.tried(
                    lambda: Model.browse(ids).read()  # noqa: B023
                )
                continue
            records = Model.browse(mine)
            self.observe_values(seen, records, names)
            if ids:
                for name in names:
                    self.observe_queries(seen, Model, ids, name)
            seen[model, "", "export"] = self.tried(
                lambda: records.export_data(  # noqa: B023
                    [
                        name
                        for name in names  # noqa: B023
                        if (model, name) not in TOLD  # noqa: B023
                        and records._fields[name].exportable  # noqa: B023
                        and records._has_field_access(records._fields[name], "read")  # noqa: B023
                    ]
                )
            )
        return seen

    def observe_values(self, seen, records, names):
        model = records._name
        for name in names:
            self.env.invalidate_all()
            rows = self.tried(lambda: records.read([name]))  # noqa: B023
            if not isinstance(rows, Refused):
                rows = {row["id"]: row[name] for row in rows}
            seen[model, name, "read"] = rows

    def observe_queries(self, seen, Model, ids, name):
        field = Model._fields[name]
        domain = [("id", "in", ids)]
        model = Model._name
        if (field.store or field.search) and not field.type.endswith("2many"):
            seen[model, name, "domain"] = self.tried(
                lambda: Model.search([*domain, (name, "!=", False)], order="id").ids
            )
        described = Model.fields_get([name], ["groupable", "sortable"]).get(name)
        if not described or not described.get("sortable"):
            return
        seen[model, name, "order"] = self.tried(
            lambda: Model.search(domain, order=f"{name}, id").ids
        )
        if described.get("groupable"):
            seen[model, name, "group"] = self.tried(
                lambda: Model.formatted_read_group(
                    domain,
                    [f"{name}:month" if field.type.startswith("date") else name],
                    ["__count"],
                )
            )
        if field.aggregator:
            seen[model, name, "aggregate"] = self.tried(
                lambda: Model.formatted_read_group(
                    domain, [], [f"{name}:{field.aggregator}"]
                )
            )

    def tried(self, call):
        try:
            with self.env.cr.savepoint():
                value = call()
        except Exception as error:  # noqa: BLE001  an answer as well: it may have words
            self.env.invalidate_all()
            return Refused(f"{type(error).__name__}: {error}")
        return value

    # ------------------------------------------------------------
    # Asking for others' records
    # ------------------------------------------------------------

    def directly(self, user, place):
        """Words in the answer to a read of others' records, all fields at once"""
        leaks = []
        env = self.as_user(user)
        for model, record in place.items():
            if model in self.models:
                names = [
                    name
                    for name in self.models[model]
                    if (model, name) not in TOLD
                    and env[model]._has_field_access(env[model]._fields[name], "read")
                ]
                for call in (
                    lambda: env[model].browse(record.ids).read(names),  # noqa: B023
                    lambda: env[model].browse(record.ids).display_name,  # noqa: B023
                    lambda: env[model].name_search("Zq"),  # noqa: B023
                    lambda: env[model].search_read([], names, limit=200),  # noqa: B023
                ):
                    if words := self.leaked(user, self.tried(call)):
                        leaks.append(f"{model} read: {words}")
        return leaks

    def pointing(self, user, known, place):
        """Words in a form, and on a record of one's own, that points at others'"""
        leaks = []
        env = self.as_user(user)
        for model in self.models:
            Model = env[model]
            specification = self.specification(Model)
            chosen = {
                name: place[field.comodel_name].id
                for name, field in Model._fields.items()
                if field.type in ("many2one", "many2many")
                and field.comodel_name in place
                and place[field.comodel_name]
                and name in specification
                and name in self.models[model]
                and name not in ("create_uid", "write_uid")
            }
            for name, id_ in chosen.items():
                many = Model._fields[name].type == "many2many"
                value = [(6, 0, [id_])] if many else id_
                leaks += self.in_form(user, Model, {name: value}, specification)
                leaks += self.in_record(user, Model, known, name, value)
        return leaks

    def specification(self, Model):
        return {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in Model._fields.items()
            if Model._has_field_access(field, "read") and field.type != "binary"
        }

    def in_form(self, user, Model, values, specification):
        for how, call in {
            "onchange": lambda: Model.onchange(values, list(values), specification),
            "default": lambda: Model.with_context(
                **{f"default_{name}": value for name, value in values.items()}
            ).onchange({}, [], specification),
        }.items():
            answer = self.tried(call)
            if words := self.leaked(user, answer):
                yield f"{Model._name} {how} {values}: {words}"

    def in_record(self, user, Model, known, name, value):
        record = next((place[Model._name] for place in known if place.get(Model._name)), 0)
        if not record or not Model._fields[name].store:
            return

        class Back(Exception):  # noqa: N818
            pass

        answer = None
        try:
            with self.env.cr.savepoint():
                own = record.with_env(Model.env)
                own.write({name: value})
                self.env.flush_all()
                self.env.invalidate_all()
                answer = own.read([name])
                raise Back
        except Back:
            pass
        except Exception as error:  # noqa: BLE001
            answer = str(error)
        self.env.invalidate_all()
        if words := self.leaked(user, answer):
            yield f"{Model._name} write {name}: {words}"
