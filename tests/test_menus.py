from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    def test_a_menu_and_its_page_have_the_same_name(self):
        menus = self.env["ir.ui.menu"].browse(
            self.env["ir.model.data"]
            .search([("module", "=", "customer_care"), ("model", "=", "ir.ui.menu")])
            .mapped("res_id")
        )
        pages = menus.filtered(lambda menu: menu.action and menu.parent_id)
        self.assertGreater(len(pages), 30)
        for menu in pages:
            with self.subTest(menu=menu.complete_name):
                self.assertEqual(menu.name, menu.action.name)
