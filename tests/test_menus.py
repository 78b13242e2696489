import re
from collections import defaultdict
from pathlib import Path

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import PoFileReader

ROOT = Path(__file__).parents[1]
ELSEWHERE = ("Settings", "Apps", "My Account", "My Preferences")
"""Where paths in the README begin that are no menus of the app"""
ELSEWHERE_ZH = ("设置", "应用", "我的账户")
SETTINGS = (("Settings", "Customer Care"), ("设置", "客户关怀"))


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
        readme = ROOT / "README.md"
        paths = re.findall(r"^\| ([^|]*▸[^|]*) \|", readme.read_text("utf-8"), re.M)
        self.assertGreater(len(paths), 15)
        for path in paths:
            for part in re.split(r"; | or ", path):
                *groups, last = part.rstrip(", ").split(" ▸ ")
                if groups and groups[0] not in ELSEWHERE:
                    self.assertLessEqual({*groups, *last.split(", ")}, names, path)

    def test_pages_name_menus_and_settings_that_exist(self):
        self.check_paths("en", r"\*+([^*]+)\*+", ELSEWHERE)

    def test_chinese_pages_name_them_as_the_screen_does(self):
        self.check_paths("zh_CN", r"“([^“”]+)”", ELSEWHERE_ZH)

    def check_paths(self, lang, pattern, elsewhere):
        """Paths stand in italics on English pages and in quotes on Chinese ones."""
        pages = sorted(
            page
            for page in (ROOT / "docs").glob("*.md")
            if page.name.endswith(".zh_CN.md") == (lang == "zh_CN")
        )
        self.assertGreater(len(pages), 4)
        menus, settings = self.names(lang)
        checked, wrong = 0, []
        for page in pages:
            text = " ".join(page.read_text("utf-8").split())
            for path in re.findall(pattern, text):
                parts = tuple(path.split(" ▸ "))
                if parts[:2] in SETTINGS:
                    found = settings.issuperset(parts[2:])
                elif len(parts) > 1 and parts[0] not in elsewhere:
                    found = parts in menus
                else:
                    continue
                checked += 1
                if not found:
                    wrong.append((page.name, path))
        self.assertFalse(wrong)
        self.assertGreater(checked, 20)

    def names(self, lang):
        """:return: paths of the app's menus, and all labels in its settings"""
        root = self.env.ref("customer_care.menu_root")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)]) - root
        settings = self.env["res.config.settings"]
        form = etree.fromstring(settings.get_view(view_type="form")["arch"])
        labels = {
            label
            for node in form.xpath("//app[@name='customer_care']//*")
            for label in (node.get("string"), node.get("title"))
            if label
        }
        labels |= {field.string for field in settings._fields.values()}
        words = self.chinese() if lang == "zh_CN" else {}
        paths = {self.path(menu, root, words) for menu in menus}
        if words:
            labels = {word for label in labels for word in words.get(label, ())}
        return paths, labels

    def path(self, menu, root, words):
        if menu == root:
            return ()
        names = words.get(menu.get_external_id()[menu.id])
        name = min(names or words.get(menu.name) or [menu.name])
        return (*self.path(menu.parent_id, root, words), name)

    def chinese(self):
        """{English label or XML id of a menu: what the screen says}"""
        words = defaultdict(set)
        with file_open("customer_care/i18n/zh_CN.po", "rb") as source:
            for row in PoFileReader(source):
                if not row["value"]:
                    continue
                words[row["src"]].add(row["value"])
                if row["name"] == "ir.ui.menu,name":
                    words[f"customer_care.{row['imd_name']}"].add(row["value"])
        return words
