from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_records import RecordsCase, own_models

ONE_OF_A_KIND = {
    "care.absence",
    "care.account.member",
    "care.fund.move",
    "care.handover.successor",
    "care.merit.month",
    "care.month.report",
    "care.plan.exception",
    "care.plan.rule",
    "care.risk.case",
    "care.working.day",
}
"""A second one for the same customer, month, plan or day is no use."""
SAME_NAME = {"care.risk.playbook.step"}
"""Lines of a record: their names need not tell them apart."""


@tagged("post_install", "-at_install")
class TestCopy(RecordsCase):
    """Duplicate, in the form or the list, of everything that has such a button."""

    def duplicate(self, model):
        """:return: (record, copies), no copies where they are refused in clear words"""
        record = self.make(model).with_user(self.manager)
        try:
            with self.env.cr.savepoint():
                copies = record.copy() | record.copy()
                self.env.flush_all()
        except AccessError:
            self.assertFalse(record.has_access("create"), model)
            return record, record.browse()
        except UserError as error:
            self.assertIn(model, ONE_OF_A_KIND)
            self.assertIn("Create a new one instead", str(error))
            return record, record.browse()
        return record, copies

    def test_every_model(self):
        """No unique violation; names tell the copies apart; what the application wrote
        is not in them."""
        for model in own_models(self.env):
            record, copies = self.duplicate(model)
            name = record._fields.get("name")
            told_apart = name and name.required and not name.readonly
            if copies and told_apart and model not in SAME_NAME:
                self.assertEqual(
                    copies.mapped("name"),
                    [f"{record.name} (copy)", f"{record.name} (copy 2)"],
                    model,
                )
            for field in record._fields.values() if copies else ():
                if field.store and field.readonly and field.copy:
                    self.assertTrue(
                        field.related
                        or field.compute
                        or field.name in models.MAGIC_COLUMNS,
                        f"{field}: the application writes it, so copy=False",
                    )
