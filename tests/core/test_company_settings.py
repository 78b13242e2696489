from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCompanySettings(TransactionCase):
    def test_settings_are_read_apart(self):
        """Whoever reads a company in the rest of Odoo does not read ours along."""
        names = (
            self.env["ir.model.fields"]
            .search(
                [
                    ("model", "=", "res.company"),
                    ("store", "=", True),
                    ("ttype", "not in", ("one2many", "many2many")),
                    ("name", "=like", "care\\_%"),
                ]
            )
            .mapped("name")
        )
        fields = self.env["res.company"]._fields
        self.assertGreater(len(names), 50)
        self.assertEqual(
            [name for name in names if fields[name].prefetch != "care"], []
        )
        company = self.env.company
        company.invalidate_recordset()
        self.assertTrue(company.name)
        with self.assertQueryCount(1):
            self.assertIsNotNone(company[names[0]])
        with self.assertQueryCount(0):
            self.assertIsNotNone(company[names[-1]])
