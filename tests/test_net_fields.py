from contextlib import suppress

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_net import NetCase, Undo

TOLD = {
    # (model, field): who learns more than the rules show, and why
    ("res.partner", "care_alarm"): "said to all users of the app on purpose",
    ("crm.lead", "care_alarm"): "the same",
    ("care.interaction", "care_alarm"): "the same",
    ("care.plan.target", "care_alarm"): "the same",
    ("care.complaint", "care_alarm"): "the same",
    ("care.interaction", "team_user_ids"): "a stand-in must know for whom",
    ("care.tier.history", "review_id"): "the name of the review, for whom it reviewed",
    ("care.tier.report", "review_id"): "the same",
    ("res.partner", "care_family_ids"): "a customer shared by companies has one family",
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
        for name, place in zip(others, hidden, strict=True):
            leaks += self.directly(user, place)
            if name in ("mine", "theirs", "abroad"):
                leaks += self.pointing(user, known, place)
        self.assertFalse(leaks, "\n".join(leaks))
        self.assertGreater(len(after), 300)

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
            recordset = self.as_user(user)[model]
            mine = self.tried(lambda: recordset.search([("id", "in", ids)]).ids)  # noqa: B023
            seen[model, "", "search"] = mine
            if isinstance(mine, Refused):
                seen[model, "", "read"] = self.tried(
                    lambda: recordset.browse(ids).read()  # noqa: B023
                )
                continue
            records = recordset.browse(mine)
            self.observe_values(seen, records, names)
            if ids:
                self.observe_queries(seen, recordset, ids, names)
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
        """All fields at once; those that are refused one by one"""
        model = records._name
        fields = records._fields
        open_ = [n for n in names if records._has_field_access(fields[n], "read")]
        self.env.invalidate_all()
        rows = self.tried(lambda: records.read(open_))
        if isinstance(rows, Refused):
            open_ = []
        for name in names:
            if name in open_:
                values = {row["id"]: row[name] for row in rows}
            else:
                self.env.invalidate_all()
                values = self.tried(lambda: records.read([name]))  # noqa: B023
            seen[model, name, "read"] = values

    def observe_queries(self, seen, recordset, ids, names):
        """Columns of a table together, as rows are what rules refuse; fields that our
        code or a related field looks up one by one."""
        described = recordset.fields_get(names, ["groupable", "sortable", "searchable"])
        plain = [
            name
            for name in described
            if recordset._fields[name].column_type
            and recordset._fields[name].store
            and not recordset._fields[name].compute
            and recordset._auto
            and (recordset._name, name) not in TOLD
        ]
        self.observe_query(seen, recordset, ids, plain, described)
        for name in names:
            if name not in plain and (recordset._name, name) not in TOLD:
                self.observe_query(seen, recordset, ids, [name], described)

    def observe_query(self, seen, recordset, ids, names, described):
        domain = [("id", "in", ids)]
        key = recordset._name, names[0] if len(names) == 1 else ""
        fields = [recordset._fields[name] for name in names]
        if searched := [
            (field.name, "!=", False)
            for field in fields
            if (field.store or field.search) and not field.type.endswith("2many")
        ]:
            condition = ["|"] * (len(searched) - 1) + searched
            seen[(*key, "domain")] = self.tried(
                lambda: recordset.search([*domain, *condition], order="id").ids
            )
        sortable = [n for n in names if described.get(n, {}).get("sortable")]
        if not sortable:
            return
        order = ", ".join([*sortable, "id"])
        seen[(*key, "order")] = self.tried(
            lambda: recordset.search(domain, order=order).ids
        )
        groups = [
            f"{name}:month" if recordset._fields[name].type.startswith("date") else name
            for name in sortable
            if described[name].get("groupable")
        ]
        sums = [
            f"{field.name}:{field.aggregator}"
            for field in fields
            if field.aggregator and field.name in sortable
        ]
        seen[(*key, "group")] = self.tried(
            lambda: recordset.formatted_read_group(domain, groups, ["__count", *sums])
        )

    def tried(self, call):
        try:
            with self.env.cr.savepoint():
                value = call()
        except Exception as error:
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
            recordset = env[model]
            specification = self.specification(recordset)
            chosen = {
                name: place[field.comodel_name].id
                for name, field in recordset._fields.items()
                if field.type in ("many2one", "many2many")
                and field.comodel_name in place
                and place[field.comodel_name]
                and name in specification
                and name in self.models[model]
                and name not in ("create_uid", "write_uid")
            }
            values = {
                name: [(6, 0, [id_])]
                if recordset._fields[name].type == "many2many"
                else id_
                for name, id_ in chosen.items()
            }
            if not values:
                continue
            leaks += self.in_form(user, recordset, values, specification)
            for name, value in values.items():
                leaks += self.in_record(user, recordset, known, name, value)
        return leaks

    def specification(self, recordset):
        return {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in recordset._fields.items()
            if recordset._has_field_access(field, "read") and field.type != "binary"
        }

    def in_form(self, user, recordset, values, specification):
        def changed(values):
            return recordset.onchange(values, list(values), specification)

        def new(values):
            defaults = {f"default_{name}": value for name, value in values.items()}
            return recordset.with_context(**defaults).onchange({}, [], specification)

        # all defaults at once: those that are refused are left out
        answer = self.tried(lambda: new(values))
        if words := self.leaked(user, answer):
            yield f"{recordset._name} default {values}: {words}"
        for name, value in values.items():
            calls = [changed, new] if isinstance(answer, Refused) else [changed]
            for call in calls:
                said = self.tried(lambda: call({name: value}))  # noqa: B023
                if words := self.leaked(user, said):
                    yield f"{recordset._name} {call.__name__} {name}: {words}"

    def in_record(self, user, recordset, known, name, value):
        record = next(
            (place[recordset._name] for place in known if place.get(recordset._name)), 0
        )
        if not record or not recordset._fields[name].store:
            return

        def written():
            own = record.with_env(recordset.env)
            own.write({name: value})
            return own

        def made():
            [values] = record.with_env(recordset.env).copy_data()
            values.pop(name, None)
            return recordset.with_context(**{f"default_{name}": value}).create(values)

        for call in (written, made):
            answer = None
            try:
                with suppress(Undo), self.env.cr.savepoint():
                    own = call()
                    self.env.flush_all()
                    self.env.invalidate_all()
                    answer = own.read([name])
                    raise Undo
            except Exception as error:
                answer = str(error)
            self.env.invalidate_all()
            if words := self.leaked(user, answer):
                yield f"{recordset._name} {call.__name__} {name}: {words}"
