import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ELSEWHERE = ("Settings", "Apps", "My Account")
"""Where paths in the README begin that are no menus of the app"""


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

    def test_readme_names_menus_that_exist(self):
        names = set(
            self.env["ir.ui.menu"]
            .search([("id", "child_of", self.ref("customer_care.menu_root"))])
            .mapped("name")
        )
        readme = Path(__file__).parents[1] / "README.md"
        paths = re.findall(r"^\| ([^|]*▸[^|]*) \|", readme.read_text("utf-8"), re.M)
        self.assertGreater(len(paths), 15)
        for path in paths:
            for part in re.split(r"; | or ", path):
                *groups, last = part.rstrip(", ").split(" ▸ ")
                if groups and groups[0] not in ELSEWHERE:
                    self.assertLessEqual({*groups, *last.split(", ")}, names, path)
