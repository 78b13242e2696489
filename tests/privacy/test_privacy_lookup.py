from odoo.tests import tagged
from odoo.tools import SQL

from ..common_privacy import PrivacyCase

EMAIL_FIELDS = ("email_normalized", "email", "email_from")


@tagged("post_install", "-at_install")
class TestPrivacyLookup(PrivacyCase):
    """Odoo's Data Recycle lookup finds records by stored fields with an address, and by
    stored references to contacts that do not go with the contact."""

    def test_our_models_answer_the_queries_of_the_lookup(self):
        """The same fields and conditions as ``privacy.lookup.wizard._get_query``"""
        complaint = self.closed_complaint(self.garden, contact_id=self.rosa.id)
        _campaign, answer = self.answered(self.livia)
        mail = self.env["care.incoming.mail"].create(
            {
                "message_key": "zq-1",
                "state": "aside",
                "email_from": f"Livia <{self.livia.email}>",
                "company_id": self.company.id,
            }
        )
        call = self.call(partner_id=self.livia.id)
        self.env.flush_all()
        found = {}
        for partner in (self.livia, self.rosa):
            for name in self.env.registry:
                model = self.env[name]
                if (name.startswith("care.") or name == "survey.user_input") and (
                    model._auto and not model._transient and not model._abstract
                ):
                    rows = self.lookup(model, partner)
                    found.setdefault(name, set()).update(rows)
        self.assertIn(complaint.id, found["care.complaint"])
        self.assertIn(answer.id, found["survey.user_input"])
        self.assertIn(mail.id, found["care.incoming.mail"])
        self.assertIn(call.id, found["care.call"])

    def lookup(self, model, partner):
        conditions = [
            SQL("%s ILIKE %s", SQL.identifier(name), f"%{partner.email}%")
            for name in EMAIL_FIELDS
            if name in model._fields and model._fields[name].store
        ]
        conditions += [
            SQL("%s = %s", model._field_to_sql(model._table, field.name), partner.id)
            for field in model._fields.values()
            if field.comodel_name == "res.partner"
            and field.store
            and field.type == "many2one"
            and field.ondelete != "cascade"
        ]
        if not conditions:
            return []
        return [
            id_
            for (id_,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE %s",
                    SQL.identifier(model._table),
                    SQL(" OR ").join(conditions),
                )
            )
        ]

    def test_with_the_app_installed(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("privacy_lookup is not installed")
        complaint = self.closed_complaint(self.garden, contact_id=self.rosa.id)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.rosa.name, "email": self.rosa.email}
        )
        wizard.action_lookup()
        self.assertIn(
            ("care.complaint", complaint.id),
            [(line.res_model, line.res_id) for line in wizard.line_ids],
        )
