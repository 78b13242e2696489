import inspect
import logging
from collections import defaultdict
from contextlib import suppress

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_net import NetCase, Undo

OURS = "odoo.addons.customer_care."
HACKED = "Zq-hacked"
"""What the attacker writes"""
MAIL_METHODS = {"message_process", "message_route"}
"""Overridden on all documents; called on the first of each alone."""
WRITTEN_BY_THE_WAY = {
    # What an allowed call leaves behind, and nobody's record
    "bus_bus": "notifications to browsers",
    "ir_cron_trigger": "asks a job to run",
    "ir_logging": "the server's own log",
    "res_users_log": "when somebody logged in",
    "res_device_log": "from where",
    "care_protection_log": "written because somebody tried",
    "ir_sequence": "the next number, used or not",
    "mail_followers": "who writes follows, as in all of Odoo",
    "mail_followers_mail_message_subtype_rel": "the same",
    "mail_message": "the log of a change that is checked itself",
    "mail_message_res_partner_rel": "the same",
    "mail_tracking_value": "the same",
    "mail_notification": "the same",
    "mail_mail": "the same",
    "mail_mail_res_partner_rel": "the same",
    "mail_alias": "Odoo keeps the alias of a team",
    "crm_lead_scoring_frequency": "Odoo counts won and lost leads",
    "care_search_text": "the words of a record that is checked itself",
}
"""Tables that are not compared"""
FOLLOWING = {
    # table: (field or "", right): what the app itself keeps in step; it may be written
    # by who has the right to the record in the field, or to the row itself.
    "care_complaint_event": ("complaint_id", "write"),
    "care_sla_status": ("complaint_id", "write"),
    "care_plan_target": ("partner_id", "own"),
    "care_hours_snapshot": ("company_id", "administer"),
    "care_sla_alert": ("escalation_id", "unlink"),
    "care_invitation": ("campaign_id", "write"),
    "care_incoming_mail": ("", "unlink"),
    "survey_user_input": ("care_company_id", "administer"),
    "care_onboarding": ("company_id", "administer"),
    "care_complaint_form": ("complaint_id", "unlink"),
    "care_phone_report": ("interaction_id", "unlink"),
    "care_follow_up": ("complaint_id", "unlink"),
    "care_brief_view": ("partner_id", "read"),  # when the reader opened it
    "care_loyalty": ("partner_id", "write"),  # confirmed by who may
    "care_loyalty_history": ("partner_id", "write"),
    "care_call": ("", "read"),  # a deleted complaint leaves its call
    "res_company": ("", "administer"),  # months of data retention
    "care_spot_check_line": ("check_id", "write"),  # a deleted report leaves its line
    "account_move": ("partner_id", "write"),  # Odoo repeats the customer's name
}
PARAMETERS_OF_MANAGERS = {"customer_care.concepts_changed"}
"""Keys that what managers may do sets"""
MARKED_BY_CUSTOMERS = {"care_complaint": ["unanswered_since", "unanswered_message_id"]}
"""{table: columns} that a customer's own message sets"""


@tagged("post_install", "-at_install")
class TestNetMethods(NetCase):
    """Call every public method of ours as people who may not, and see that it changes
    and tells nothing that their own rights would not allow them."""

    def test_portal(self):
        self.check("portal")

    def test_employee(self):
        self.check("employee")

    def test_rep(self):
        self.check("rep")

    def test_user_of_another_company(self):
        self.check("foreign")

    def test_ways_around(self):
        """What rights to single rows do not show: contact creation may delete a
        customer by merging it, and one's own report may be given to a colleague."""
        self.rep.group_ids |= self.env.ref("base.group_partner_manager")
        env = self.as_user(self.rep)
        own = self.customer("Also mine", user_id=self.rep.id)
        wizard = env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((own | self.theirs).ids)],
                "dst_partner_id": own.id,
            }
        )
        report = env["care.interaction"].create(
            {
                "partner_id": own.id,
                "channel": "phone",
                "state": "done",
                "date_start": "2026-01-05 08:00:00",
                "summary": "Wants a discount",
            }
        )
        for call in (
            wizard.action_merge,
            lambda: report.write({"user_id": self.rival.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                call()
        self.assertTrue(self.theirs.exists())
        self.assertEqual(report.user_id, self.rep)

    def test_methods_are_found(self):
        found = set(self.methods())
        for expected in (
            ("res.partner", "write"),
            ("care.sla.policy", "action_recompute"),
            ("care.complaint", "care_hotline_find"),
            ("mail.thread", "message_process"),
            ("care.complaint.verify", "action_confirm"),
        ):
            self.assertIn(expected, found)

    # ------------------------------------------------------------
    # What is called
    # ------------------------------------------------------------

    def methods(self):
        """[(model, method)] that a browser may call and that have code of ours"""
        found = []
        for model in sorted(self.registry):
            cls = self.registry[model]
            for name in sorted(self.names_of_ours(cls)):
                try:
                    get_public_method(self.env[model], name)
                except Exception:
                    continue
                if name not in MAIL_METHODS or model == "mail.thread":
                    found.append((model, name))
        return found

    def names_of_ours(self, cls):
        """Of our models all names, of others those that we define or override"""
        return {
            name
            for base in cls.__mro__
            if base.__module__.startswith(OURS)
            and getattr(base, "_inherit", None) != "base"
            for name, value in vars(base).items()
            if not name.startswith("_")
            and callable(getattr(value, "__func__", value))
            and not inspect.isclass(value)
        }

    def receivers(self, env, model, own, places):
        """Records to call a method on: others', one's own, none"""
        recordset = env[model]
        if recordset._abstract:
            return [recordset]
        if recordset._transient:
            return [self.wizard(recordset, place) for place in places] + [recordset]
        found = [recordset]
        for place in (*places, *own):
            if place.get(model):
                found.append(recordset.browse(place[model].ids))
            elif model in self.watched_core:
                found.append(recordset.browse(self.watched_core[model]))
        return found

    def wizard(self, recordset, place):
        """A wizard that points at others' records, as far as it may be made"""
        values = {}
        for name, field in recordset._fields.items():
            if field.compute or name in MAGIC_COLUMNS:
                continue
            if field.type == "many2one" and place.get(field.comodel_name):
                values[name] = place[field.comodel_name].id
            elif field.type == "many2many" and place.get(field.comodel_name):
                values[name] = [(6, 0, place[field.comodel_name].ids)]
            elif field.type == "selection" and field.required:
                values[name] = field.get_values(self.env)[0]
            elif field.type in ("char", "text"):
                values[name] = HACKED
        try:
            with self.env.cr.savepoint():
                record = recordset.create(values)
                self.env.flush_all()
        except Exception:
            return recordset
        return record

    def arguments(self, env, model, method, own, place):
        """Plausible and hostile arguments, from the signature"""
        function = getattr(self.registry[model], method)
        parameters = [
            parameter
            for parameter in inspect.signature(function).parameters.values()
            if parameter.name != "self"
        ]
        if method in ("write", "create"):
            rows = self.values(env[model], own, place)
            return (
                [([row],) for row in rows]
                if method == "create"
                else [(row,) for row in rows]
            )
        if not parameters:
            return [()]
        if parameters[0].kind == parameters[0].VAR_KEYWORD:
            return [{"body": HACKED}, {"body": HACKED, "partner_ids": [1]}]
        needed = [one for one in parameters if one.default is one.empty]
        partner = place["res.partner"].id
        record = place[model].id if place.get(model) else partner
        by_name = {
            "vals": {"active": True, "comment": HACKED},
            "values": {"partner_id": partner, "subject": HACKED, "description": "x"},
            "msg_dict": {"subject": HACKED, "body": HACKED, "from": "a@example.com"},
            "fields": list(env[model]._fields),
            "field_names": list(env[model]._fields),
            "field_name": "name",
            "translations": {"en_US": HACKED},
            "message": "From: a@example.com\nSubject: x\n\nx",
            "message_dict": {},
            "model": "care.complaint",
            "text": "Zq",
            "partner_id": partner,
            "user_id": place["res.users"].id,
            "reason": HACKED,
            "kind": "other",
            "week_start": "2026-11-09",
        }
        plausible = [by_name.get(one.name, record) for one in parameters]
        hostile = [
            [value] * len(needed)
            for value in (None, record, [record], HACKED, {"active": True}, [])
        ]
        return [tuple(plausible), *map(tuple, hostile if needed else [()])]

    def values(self, recordset, own, place):
        """Values to write: a word in each text, others' and one's own records"""
        texts = [
            name
            for name, field in recordset._fields.items()
            if field.store and field.type in ("char", "text") and not field.compute
        ]
        rows = [
            {"active": True, "comment": HACKED},
            {"active": False},
            {"active": True, texts[0] if texts else "name": HACKED},
            dict.fromkeys(texts[:6], HACKED),
        ]
        uid = recordset.env.uid
        for name, field in recordset._fields.items():
            if field.type != "many2one" or not field.store:
                continue
            if field.comodel_name == "res.users":
                rows.append({name: uid})
            elif name in ("partner_id", "company_id", "complaint_id", "parent_id"):
                rows += [
                    {name: one[field.comodel_name].id}
                    for one in (own[0], place)
                    if one.get(field.comodel_name)
                ]
        return [row for row in rows if set(row) <= set(recordset._fields)]

    # ------------------------------------------------------------
    # Calling
    # ------------------------------------------------------------

    @mute_logger(
        "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.sql_db", "odoo.tests"
    )
    def check(self, person):
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        user = self.people[person]
        names = ("mine", "guest"), ("theirs", "abroad")
        own, places = names if person != "foreign" else (("abroad",), ("theirs",))
        own, places = [
            [self.build(name) for name in chosen] for chosen in (own, places)
        ]
        self.env["care.plan.target"]._pass_over()  # as the job leaves them
        env = self.as_user(user)
        self.counts = self.written()
        self.marked = MARKED_BY_CUSTOMERS if person == "portal" else {}
        self.rows = {table: self.hashes(table) for table in self.counts}
        self.watched_core = {
            "resource.calendar": self.calendar.ids,
            "resource.calendar.attendance": self.calendar.attendance_ids.ids,
            "survey.question": self.survey.question_ids.ids,
            "res.users": self.rival.ids,
        }
        self.calls = 0
        faults = []
        for model, method in self.methods():
            for records in self.receivers(env, model, own, places):
                for arguments in self.arguments(env, model, method, own, places[0]):
                    fault = self.call(user, records, method, arguments)
                    if fault:
                        faults.append(f"{records}.{method}{arguments}: {fault}")
        self.assertFalse(faults, f"{len(faults)}\n" + "\n".join(faults))
        self.assertGreater(self.calls, 800)

    def call(self, user, records, method, arguments):
        """:return: what it did that it may not, in words"""
        self.calls += 1
        self.env.invalidate_all()
        changed, answer = [], None
        try:
            with suppress(Undo), self.env.cr.savepoint():
                answer = self.answer(records, method, arguments)
                self.env.flush_all()
                changed = [
                    (table, self.hashes(table)) for table in self.written_since()
                ]
                created = self.may_create(user, changed)
                raise Undo
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
            changed, created = [], set()
        self.env.transaction.clear()
        self.env.invalidate_all()
        faults = [
            fault
            for table, after in changed
            for fault in self.compare(user, table, after, created)
        ]
        words = self.leaked(user, answer)
        return [*faults, words] if words else faults

    def answer(self, records, method, arguments):
        function = get_public_method(records, method)
        if isinstance(arguments, dict):
            result = function(records, **arguments)
        else:
            result = function(records, *arguments)
        return result.ids if hasattr(result, "_ids") else repr(result)

    # ------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------

    def written(self):
        """{table: rows that this transaction has written}"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT relname, pg_stat_get_xact_tuples_inserted(oid)
                                  + pg_stat_get_xact_tuples_updated(oid)
                                  + pg_stat_get_xact_tuples_deleted(oid)
                      FROM pg_class
                     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                    """
                )
            )
        )

    def written_since(self):
        """Tables written since the last call of this; what is rolled back counts, so
        that a table too many may be among them and none is missing"""
        before, self.counts = self.counts, self.written()
        return [
            table
            for table, count in self.counts.items()
            if count != before[table] and table not in WRITTEN_BY_THE_WAY
        ]

    def hashes(self, table):
        """{id or row: checksum}"""
        with_id = self.model_of(table) is not None
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT %s, md5((to_jsonb(t) - %s::text[])::text) FROM %s AS t",
                    SQL("t.id") if with_id else SQL("t::text"),
                    ["write_uid", "write_date", *self.marked.get(table, ())],
                    SQL.identifier(table),
                )
            )
        )

    def model_of(self, table):
        if not hasattr(self, "tables"):
            self.tables = {
                model._table: name
                for name, model in self.registry.items()
                if model._auto and not model._abstract
            }
            self.relations = defaultdict(set)
            for model in self.registry.values():
                for field in model._fields.values():
                    if field.type == "many2many" and field.store and field.relation:
                        self.relations[field.relation].add(field.model_name)
        return self.tables.get(table)

    def may_create(self, user, changed):
        """{(table, id)} of new rows that the user's own ``create`` would allow"""
        self.env.invalidate_all()
        return {
            (table, row)
            for table, after in changed
            for row in set(after) - set(self.rows[table])
            if self.may(user, table, row, "create")
        }

    def compare(self, user, table, after, created):
        before = self.rows[table]
        for row in set(before) | set(after):
            if before.get(row) == after.get(row):
                continue
            if row not in before:
                what, allowed = "created", (table, row) in created
            elif row not in after:
                what, allowed = "deleted", self.may(user, table, row, "unlink")
            else:
                what, allowed = "changed", self.may(user, table, row, "write")
            if not allowed:
                yield f"{what} {table} {row}"

    def may(self, user, table, row, operation):
        """Has the user a right to a row, or to one side of a relation?"""
        model = self.model_of(table)
        if not model:
            ids = [int(part) for part in row.strip("()").split(",") if part.isdigit()]
            return any(
                self.has_access(user, side, id_, "write")
                for side in self.relations.get(table, ())
                for id_ in ids
            )
        if self.has_access(user, model, row, operation):
            return True
        if model == "res.users" and row == user.id:
            return True  # what Odoo lets people change of themselves
        if model == "ir.config_parameter":
            key = self.env[model].sudo().browse(row).exists().key
            return key in PARAMETERS_OF_MANAGERS and user.has_group(
                "customer_care.group_manager"
            )
        field, right = FOLLOWING.get(table, ("", None))
        if not right:
            return False
        record = self.env[model].sudo().browse(row).exists()
        followed = record[field] if field else record
        if right == "own":
            return user in followed.commercial_partner_id.care_member_ids.user_id
        if right == "administer":
            right = "read"
            if not user.has_group("customer_care.group_manager"):
                return False
        return bool(followed) and self.has_access(
            user, followed._name, followed.id, right
        )

    def has_access(self, user, model, row, operation):
        try:
            record = self.env[model].with_env(self.as_user(user)).browse(row)
            return record.has_access(operation)
        except Exception:
            return False
