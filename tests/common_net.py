import re
from itertools import count

from psycopg2 import IntegrityError
from psycopg2.extras import Json

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common_satisfaction import SatisfactionCase

WORD = re.compile(r"Zq\d{5}x|\b7,?7\d\d,?\d{3}\b")
"""A secret word, or a secret number, as it may be formatted"""
EXPRESSIONS = {
    # read as something else than words: a word would break what reads it
    "domain",
    "res_model",
    "model",
    "alias_defaults",
    "mail_server_domain",
    "lang",
    "tz",
    "parent_path",
    # an answer with it does not count
    "care_aside_reason",
}
CORE_WORDS = {
    "res.partner": ("comment", "function", "street", "city", "phone"),
    "crm.lead": ("name", "description"),
    "sale.order": ("client_order_ref", "note"),
    "calendar.event": ("name", "description"),
    "survey.user_input": ("email", "nickname"),
    "survey.user_input.line": ("value_text_box",),
}
"""Columns of other modules that get a word beside the fields that we add"""
MIRRORS = {
    # column: field of a report of ours that shows it
    ("survey.user_input.line", "value_text_box"): ("care.answer", "comment"),
    ("survey.user_input.line", "care_value"): ("care.satisfaction.report", "score"),
}


class Undo(Exception):  # noqa: N818
    """Ends a savepoint, so that it is rolled back"""


class Place(dict):
    """{model: record}: one record of each model, of one customer, company and user"""

    def __init__(self, partner, user, company):
        super().__init__()
        self.update({"res.partner": partner, "res.users": user, "res.company": company})


class NetCase(SatisfactionCase):
    """Records of all models, with a word in each field that names its place.

    | place   | customer | company | of      |
    | ------- | -------- | ------- | ------- |
    | mine    | Mine     | A       | rep     |
    | guest   | Theirs   | A       | rep     |
    | theirs  | Theirs   | A       | rival   |
    | abroad  | Mine     | B       | foreign |
    | closed  | Abroad   | B       | foreign |

    The customers of B alone are *Abroad*; Mine and Theirs are shared. The foreign user
    administrates the app in B, so that only company rules keep anything from him.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.make_user("rival", "sales_team.group_sale_salesman")
        cls.client = cls.make_user("client", "base.group_portal")
        cls.foreign = new_test_user(
            cls.env,
            "care_foreign",
            groups="sales_team.group_sale_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.people = {
            "portal": cls.client,
            "employee": cls.employee,
            "rep": cls.rep,
            "foreign": cls.foreign,
        }
        cls.mine = cls.customer("Mine", user_id=cls.rep.id)
        cls.theirs = cls.customer("Theirs", user_id=cls.rival.id)
        cls.away = cls.customer("Abroad", company_id=cls.other_company.id)
        cls.client.partner_id.parent_id = cls.mine
        (cls.mine | cls.theirs).care_tier_id = cls.A
        cls.other_team = cls.env["care.complaint.team"].create(
            {"name": "Over There", "company_id": cls.other_company.id}
        )
        cls.models = cls.models_of_ours()
        cls.base = Place(cls.theirs, cls.rep, cls.company)
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": "A lead of one's own",
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "company_id": user.company_id.id,
                    "type": "opportunity",
                }
                for partner, user in (
                    (cls.theirs, cls.rep),
                    (cls.mine, cls.foreign),
                )
            ]
        )

    def setUp(self):
        super().setUp()
        self.counter = count(1)
        self.words = {}
        self.readable = {}
        for partner in (self.mine, self.theirs, self.away):
            self._plant(partner)

    @classmethod
    def models_of_ours(cls):
        """{model: names of fields}: all of our models, what we add to others"""
        found = {}
        for name, model in cls.registry.items():
            ours = model._original_module == "customer_care"
            names = [
                field.name
                for field in model._fields.values()
                if ours or "customer_care" in field._modules
            ]
            if names and not model._abstract:
                found[name] = names
        return found

    def as_user(self, user):
        return self.env(
            user=user, context={"allowed_company_ids": user.company_ids.ids}
        )

    # ------------------------------------------------------------
    # Building
    # ------------------------------------------------------------

    def build(self, name):
        """Records of each model in a place, with their words"""
        partner, user, company = {
            "mine": (self.mine, self.rep, self.company),
            "guest": (self.theirs, self.rep, self.company),
            "theirs": (self.theirs, self.rival, self.company),
            "abroad": (self.mine, self.foreign, self.other_company),
            "closed": (self.away, self.foreign, self.other_company),
        }[name]
        place = Place(partner, user, company)
        self._make_documents(place, only_own=name == "guest")
        if name != "guest":
            for model in self.models:
                recordset = self.env[model]
                if recordset._auto and not recordset._transient:
                    self._fill(model, place)
        for record in list(place.values()):
            if record and record._name not in ("res.partner", "res.users"):
                self._plant(record)
        self.env.flush_all()
        self.env.invalidate_all()
        return place

    def _make_documents(self, place, only_own):
        """What has a life of its own is made as users make it"""
        partner, user, company = place.values()
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        own = {"partner_id": partner.id, "user_id": user.id, "company_id": company.id}
        team = self.team if company == self.company else self.other_team
        place["care.complaint.team"] = team
        place["care.complaint"] = env["care.complaint"].create(
            {"subject": "x", "team_id": team.id, "partner_id": partner.id}
            | {"user_id": user.id}
        )
        place["care.interaction"] = env["care.interaction"].create(
            own
            | {
                "state": "done",
                "channel": "phone" if company == self.other_company else "visit",
                # what others did is later, and so would show
                "date_start": f"2026-11-0{5 if company == self.other_company else 3}"
                " 08:00:00",
            }
        )
        if only_own:
            return
        place["crm.lead"] = env["crm.lead"].create(
            own | {"name": "x", "type": "opportunity"}
        )
        place["sale.order"] = env["sale.order"].create(own)
        place["calendar.event"] = env["calendar.event"].create(
            {
                "name": "x",
                "start": "2026-11-12 08:00:00",
                "stop": "2026-11-12 09:00:00",
                "user_id": user.id,
                "privacy": "private",
                "partner_ids": [Command.set(user.partner_id.ids)],
            }
        )
        self._answer(place, env)

    def _answer(self, place, env):
        partner, _user, company = list(place.values())[:3]
        place["survey.survey"] = self.survey
        answer = place["survey.user_input"] = env["survey.user_input"].create(
            {"survey_id": self.survey.id, "partner_id": partner.id}
        )
        for _score in range(2):
            answer._care_write(
                {
                    "state": "done",
                    "end_datetime": "2026-11-09 08:00:00",
                    "care_partner_id": partner.id,
                    "care_company_id": company.id,
                    "care_score": 12.5,
                    "care_scored": True,
                    "care_nps": "-100",
                    "care_ratio": 0.5,
                    "care_perceived": 25.0,
                    "care_expected": 75.0,
                    "care_rated": True,
                }
            )

    def _fill(self, model, place):
        """A row of a model without asking its code: models that come later get one
        without a word here."""
        if model in place:
            return place[model]
        recordset = place[model] = self.env[model]
        values = {}
        for name, field in recordset._fields.items():
            if field.store and field.column_type and name != "id":
                value = self._value(field, place, model)
                if value is not None:
                    values[name] = value
        if recordset._log_access:
            values |= {"create_uid": place["res.users"].id}
        required = {
            name: value
            for name, value in values.items()
            if name == "create_uid"
            or recordset._fields[name].required
            or recordset._fields[name].type
            not in ("selection", "integer", "many2one_reference")
        }
        errors = []
        for tried in (values, self._without_numbers(recordset, values), required):
            row = self._insert(recordset, tried, errors)
            if row:
                break
        else:
            place[model] = recordset.search([], limit=1)
            self.assertTrue(place[model], f"{model}: {errors}")
            return place[model]
        place[model] = recordset.browse(row)
        for name, value in tried.items():
            self._remember(value, place[model], name)
        return place[model]

    def _insert(self, recordset, values, errors):
        try:
            with self.env.cr.savepoint():
                [(row,)] = self.env.execute_query(
                    SQL(
                        "INSERT INTO %s (%s) VALUES %s RETURNING id",
                        SQL.identifier(recordset._table),
                        SQL(", ").join(map(SQL.identifier, values)),
                        tuple(values.values()),
                    )
                )
        except IntegrityError as error:
            errors.append(str(error))
            return None
        return row

    def _without_numbers(self, recordset, values):
        return {
            name: 1 if recordset._fields[name].type in ("float", "monetary") else value
            for name, value in values.items()
        }

    def _value(self, field, place, model):
        if field.type == "many2one":
            return self._reference(field, place, model)
        if field.type in ("char", "text", "html"):
            if field.name in EXPRESSIONS:
                return "[]" if field.required else None
            word = f"Zq{next(self.counter):05}x"
            return Json({"en_US": word}) if field.translate else word
        if field.type in ("float", "monetary"):
            return 7_700_000 + next(self.counter) * 7919 % 100_000
        if field.type == "json" and field.required:
            return Json([])
        if field.type == "selection":
            return (field.get_values(self.env) or ["x"])[0]
        simple = {
            "boolean": field.name == "active",
            "integer": 1,
            "many2one_reference": place.get("res.partner", self.mine).id,
            "date": "2026-11-09",
            "datetime": "2026-11-09 08:00:00",
        }
        return simple.get(field.type)

    def _reference(self, field, place, model):
        comodel = field.comodel_name
        if comodel == model:
            return None
        if comodel in place:
            return place[comodel].id or None
        if comodel in self.models and self.env[comodel]._original_module == (
            "customer_care"
        ):
            return self._fill(comodel, place).id or None
        if field.required:
            return self.env[comodel].search([], limit=1).id
        return None

    def _remember(self, value, record, name):
        text = str(value.adapted if isinstance(value, Json) else value)
        for word in WORD.findall(text):
            self.words[word] = (record, name)

    def _plant(self, record):
        """Words in the texts of a record that was made by code"""
        record.ensure_one()
        self.env.flush_all()
        known = CORE_WORDS.get(record._name, ())
        ours = set(self.models.get(record._name, ()))
        chosen = {}
        for name, field in record._fields.items():
            if (
                field.store
                and field.column_type
                and field.type in ("char", "text", "html")
                and not field.company_dependent
                and (name in known or (name in ours and not field.compute))
                and name not in EXPRESSIONS
                and not any(place == (record, name) for place in self.words.values())
            ):
                chosen[name] = self._value(field, {}, record._name)
        if chosen:
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET %s WHERE id = %s RETURNING id",
                    SQL.identifier(record._table),
                    SQL(", ").join(
                        SQL("%s = %s", SQL.identifier(name), value)
                        for name, value in chosen.items()
                    ),
                    record.id,
                )
            )
        for name, value in chosen.items():
            self._remember(value, record, name)
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------

    def leaked(self, user, value):
        """{word: place} in a value that the user's own ``read`` refuses"""
        text = value if isinstance(value, str) else repr(value)
        return {
            word: f"{self.words[word][0]}.{self.words[word][1]}"
            for word in set(WORD.findall(text))
            if word in self.words and not self.may_read(user, word)
        }

    def may_read(self, user, word):
        key = user.id, word
        if key not in self.readable:
            record, name = self.words[word]
            try:
                record.with_env(self.as_user(user)).read([name])
                self.readable[key] = True
            except Exception:
                self.readable[key] = self.may_read_mirror(user, record, name)
        return self.readable[key]

    def may_read_mirror(self, user, record, name):
        """An answer is read through our report on it, as its customer's team may."""
        mirrored = MIRRORS.get((record._name, name))
        if not mirrored:
            return False
        report, shown = mirrored
        id_ = record.sudo().user_input_id.id if report == "care.answer" else record.id
        try:
            self.as_user(user)[report].browse(id_).read([shown])
        except Exception:
            return False
        return True
