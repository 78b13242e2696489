import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import PoFileReader

ROOT = Path(__file__).parents[1]
ELSEWHERE = ("Settings", "Apps", "My Account", "My Preferences")
"""Where paths on the pages begin that are no menus of the app"""
ELSEWHERE_ZH = ("设置", "应用", "我的账户")
MARKED = r"(?<![*\w])\*([^*\s][^*]*)\*(?![*\w])"
"""Names on the screen stand in italics on English pages, in quotes on Chinese ones"""
MARKED_ZH = r"“([^“”]+)”"
NOT_OURS = {
    *("API Keys maximum duration days", "Add API Key", "Apps", "Automation Rules"),
    *("Grant portal access", "Log note", "SMS gateway", "Send Webhook Notification"),
    *("Send message", "System configuration", "streaming"),
}
"""Names on the pages that Odoo and PostgreSQL give"""
SETTINGS = (("Settings", "Customer Care"), ("设置", "客户关怀"))


@tagged("post_install", "-at_install")
class TestPages(TransactionCase):
    """What README and the pages in ``docs`` name is there under that name."""

    def test_pages_name_menus_and_settings_that_exist(self):
        self.check_paths("en", MARKED, ELSEWHERE)

    def test_chinese_pages_name_them_as_the_screen_does(self):
        self.check_paths("zh_CN", MARKED_ZH, ELSEWHERE_ZH)

    def test_pages_name_buttons_and_fields_that_exist(self):
        with file_open("customer_care/i18n/customer_care.pot", "rb") as source:
            labels = {row["src"] for row in PoFileReader(source)}
        missing = [
            (page, name)
            for page, text in self.pages("en")
            for name in re.findall(MARKED, text)
            if "▸" not in name and name not in labels | NOT_OURS
        ]
        self.assertFalse(missing)

    def test_links_lead_somewhere(self):
        broken = []
        for page in self.files("en") + self.files("zh_CN"):
            for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
                if link.startswith("http"):
                    continue
                file, _hash, anchor = unquote(link).partition("#")
                target = (page.parent / file).resolve() if file else page
                if not target.exists() or (anchor and anchor not in anchors(target)):
                    broken.append((page.name, link))
        self.assertFalse(broken)

    def test_both_languages_tell_the_same(self):
        """Headings, tables, pictures and examples stand on both pages, in one order."""
        for chinese in self.files("zh_CN"):
            english = chinese.with_name(chinese.name.replace(".zh_CN.md", ".md"))
            with self.subTest(page=english.name):
                self.assertEqual(outline(chinese), outline(english))

    def files(self, lang):
        pages = [
            page
            for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
            if page.name.endswith(".zh_CN.md") == (lang == "zh_CN")
        ]
        self.assertGreater(len(pages), 9)
        return pages

    def pages(self, lang):
        """:return: (name, text on one line, without code) of each page"""
        for page in self.files(lang):
            text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.S)
            yield page.name, " ".join(text.split())

    def check_paths(self, lang, pattern, elsewhere):
        """Each path is marked, and leads somewhere: the last part may be several
        entries of one menu, as in “Configuration ▸ Customers ▸ Regions, Needs”.
        """
        menus, settings = self.names(lang)
        checked, wrong = 0, []
        for page, text in self.pages(lang):
            unmarked = re.search("[^▸]{,40}▸", re.sub(pattern, "", text))
            if unmarked:
                wrong.append((page, unmarked.group()))
            for path in re.findall(pattern, text):
                parts = tuple(path.split(" ▸ "))
                if parts[:2] in SETTINGS:
                    found = settings.issuperset(parts[2:])
                elif len(parts) > 1 and parts[0] not in elsewhere:
                    *above, last = parts
                    found = menus.issuperset(
                        (*above, name) for name in re.split(", |、", last)
                    )
                else:
                    continue
                checked += 1
                if not found:
                    wrong.append((page, path))
        self.assertFalse(wrong)
        self.assertGreater(checked, 60)

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


def anchors(page):
    """:return: anchors of the headings, as GitHub makes them"""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


def outline(page):
    """:return: levels of headings, languages of code, pictures, and for each row of a
    table its number of bars, in the order of the page
    """
    marks = re.findall(
        r"^(#+) |^(```\w*)\n.*?^```|^(\|[^\n]*)|!\[.*?\]\((.*?)\)",
        page.read_text("utf-8"),
        re.M | re.S,
    )
    return [
        level or code or picture or row.count("|")
        for level, code, row, picture in marks
    ]
