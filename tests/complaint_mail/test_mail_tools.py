import doctest
import struct
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from odoo.tests import BaseCase, tagged
from odoo.tools import html_sanitize

from ...tools import mail_pictures, mail_tnef
from ...tools.mail_pictures import marked_pictures, put_back, without_remote
from ...tools.mail_tnef import unpack
from . import tnef_file as tnef

LOADING = (
    '<img src="{}">',
    '<img src="{}" alt="Jar" width="600">',
    '<IMG SRC=" {} ">',
    '<img srcset="{} 2x" src="cid:a">',
    '<picture><source srcset="{}"><img src="{}"></picture>',
    '<table background="{}"><tr><td background="{}">x</td></tr></table>',
    '<div style="background:url({})">x</div>',
    "<div style='background-image: url(\"{}\")'>x</div>",
    '<div style="background:\\75\\72\\6c({})">x</div>',
    '<div style="background:u\\rl({})">x</div>',
    "<div style=\"color:red;list-style:image-set('{}' 1x)\">x</div>",
    "<style>p {{background:url({})}}</style><p>x</p>",
    "<style>@import '{}';</style><p>x</p>",
    '<link rel="stylesheet" href="{}"><p>x</p>',
    '<html><head><link rel="prefetch" href="{}"></head><body>x</body></html>',
    '<html><body background="{}">x</body></html>',
    '<meta http-equiv="refresh" content="0;url={}">x',
    '<svg><image href="{}"/><image xlink:href="{}"/></svg>x',
    "<svg><style>p {{background:url({})}}</style></svg>x",
    '<svg><use href="{}"/></svg>x',
    '<math><mi xlink:href="{}">x</mi></math>',
    '<video poster="{}" src="{}"></video>x',
    '<audio src="{}"></audio>x',
    '<iframe src="{}"></iframe>x',
    '<object data="{}"></object><embed src="{}">x',
    '<input type="image" src="{}">x',
    '<noscript><img src="{}"></noscript>x',
    '<image src="{}">x',
    '<base href="{}"><img src="a.png">x',
    '<!--[if mso]><v:fill src="{}"/><![endif]-->x',
    '<v:imagedata src="{}"/>x',
    '<a ping="{}" href="#">x</a>',
)
ADDRESSES = (
    "https://spy.example/p.png",
    "http://spy.example/p.png",
    "//spy.example/p.png",
    "HTTPS://spy.example/p.png",
    "/web/session/logout?spy.example",
    "ftp://spy.example/p.png",
    "data:image/svg+xml,spy.example",
)
"""No server of others, nor ours, is asked for a picture by opening a mail."""
TRACKERS = (
    '<img src="https://spy.example/o" width="1" height="1">',
    '<img src="https://spy.example/o" height=1>',
    '<img src="https://spy.example/o" width="0px">',
    '<img src="https://spy.example/o" style="display: none">',
    '<img src="https://spy.example/o" style="width:1px;height:1px !important">',
    '<img src="https://spy.example/o" style="opacity:0">',
    '<img src="https://spy.example/o" hidden>',
)


@tagged("post_install", "-at_install")
class TestMailPictures(BaseCase):
    def test_examples(self):
        for module in (mail_pictures, mail_tnef):
            self.assertFalse(doctest.testmod(module).failed)

    def test_nothing_of_others_is_loaded(self):
        for form in LOADING:
            for address in ADDRESSES:
                with self.subTest(form=form, address=address):
                    body = without_remote(form.replace("{}", address))
                    self.assertLoadsNothing(html_sanitize(body))
                    self.assertLoadsNothing(body)

    def assertLoadsNothing(self, body):
        root = html.fragment_fromstring(str(body), create_parent="div")
        for node in root.iter():
            for name, value in node.attrib.items():
                if name == "href" and node.tag == "a":
                    continue
                self.assertNotIn("spy.example", value, f"{name} of {body}")
                self.assertNotIn("/web/", value)
            self.assertNotIn(node.tag, ("style", "link", "svg", "base", "meta"))
            self.assertNotIn("url(", node.get("style") or "")

    def test_a_link_stays_in_place_of_a_picture(self):
        for address in ADDRESSES[:4]:
            body = without_remote(f'<p>a<img src="{address}" alt="Jar">b</p>')
            [link] = html.fromstring(body).iter("a")
            self.assertIn("spy.example", link.get("href"))
            self.assertIn("noreferrer", link.get("rel"))
            self.assertIn("Jar", link.text)
            self.assertEqual(link.tail, "b")

    def test_within_a_link(self):
        body = without_remote('<a href="https://a.example"><img src="//b.example"></a>')
        [link] = html.fragment_fromstring(body, create_parent="div").iter("a")
        self.assertEqual(link.get("href"), "https://a.example")
        self.assertIn("b.example", link.text_content())

    def test_trackers_vanish(self):
        for tracker in TRACKERS:
            with self.subTest(tracker):
                body = without_remote(f"<p>Hello{tracker} there</p>")
                self.assertEqual(body, "<p>Hello there</p>")

    def test_a_harmless_mail_is_left_alone(self):
        for body in (
            '<p style="color:red;width:50%">a <b>b</b> <img src="cid:x@y"></p>',
            '<img src="data:image/png;base64,AAAA">',
            "<pre>a &lt; b</pre>",
            "no markup, url(https://x.example) as text",
            "",
        ):
            self.assertIs(without_remote(body), body)

    def test_other_styles_stay(self):
        body = without_remote('<p style="color:red; background:url(//x)">a</p>')
        self.assertEqual(body, '<p style="color:red">a</p>')

    @given(st.text(alphabet="<>/=\"' abcimgsrtyleuhp:.&;!-\\()[]\0", max_size=80))
    @example("<img src=//spy.example><body><body>")
    def test_any_text(self, text):
        """It never fails, and doing it twice changes nothing more."""
        once = without_remote(text)
        self.assertEqual(without_remote(once), once)
        root = html.fragment_fromstring(
            once.replace("\0", "") or "x", create_parent="div"
        )
        for node in root.iter("img"):
            self.assertTrue((node.get("src") or "").lower().startswith("cid:"))

    @given(st.lists(st.sampled_from(("a", "b c", "<img src='cid:1'>")), max_size=6))
    def test_own_pictures_come_back(self, parts):
        body = f"<p>{' '.join(parts)}</p>"
        marked, pictures = marked_pictures(body)
        self.assertNotIn("<img", marked)
        self.assertEqual(len(pictures), body.count("<img"))
        self.assertEqual(put_back(marked, pictures).count("cid:1"), body.count("<img"))

    def test_forged_marks_are_nothing(self):
        self.assertEqual(put_back("a\ue0007\ue001b", []), "ab")


@tagged("post_install", "-at_install")
class TestMailTnef(BaseCase):
    def test_text_and_files(self):
        found = unpack(
            tnef.winmail(
                tnef.codepage(),
                tnef.text_body("Two jars"),
                tnef.attached("Lieferschein März.pdf", b"%PDF"),
                tnef.attached("b.png", b"\x89PNG\0", cid="jar@x"),
            )
        )
        self.assertEqual(found.text, "Two jars")
        self.assertTrue(found.complete)
        self.assertEqual([file[1] for file in found.files], [b"%PDF", b"\x89PNG\0"])
        self.assertEqual(found.files[1], ("b.png", b"\x89PNG\0", "jar@x"))

    def test_html(self):
        found = unpack(tnef.winmail(tnef.codepage(), tnef.html_body("<b>罐子</b>")))
        self.assertEqual(found.html, "<b>罐子</b>")

    def test_a_text_for_outlook_only(self):
        content = tnef.winmail(
            tnef.codepage(), tnef.rtf_body(), tnef.attached("a.txt", b"A")
        )
        found = unpack(content)
        self.assertFalse(found.complete)
        self.assertEqual(len(found.files), 1)

    def test_without_the_library(self):
        content = tnef.winmail(tnef.attached("a.txt", b"A"))
        with patch.dict("sys.modules", {"tnefparse": None}):
            self.assertIsNone(unpack(content))

    def test_impossible_counts_are_refused_at_once(self):
        many = struct.pack("<I", 0xFFFFFFFF)
        for data in (
            many,
            many + b"\0" * 40,
            struct.pack("<IHHI", 1, 0x1003, 1, 0xFFFFFFFF),
            struct.pack("<IHHI", 1, 0x1E, 1, 0xFFFFFFFF),
        ):
            self.assertIsNone(unpack(tnef.winmail(tnef.piece(0x9003, data))))
        recipients = tnef.piece(0x9004, many)
        self.assertIsNone(unpack(tnef.winmail(recipients)))

    @given(st.data())
    def test_broken_anyhow(self, data):
        """Cut off or with any byte changed: read or refused, never an error"""
        content = bytearray(
            tnef.winmail(
                tnef.codepage(),
                tnef.html_body("<p>Two jars</p>"),
                tnef.attached("a.txt", b"Text", cid="a"),
            )
        )
        for _change in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
        end = data.draw(st.integers(0, len(content)))
        unpack(bytes(content[:end]))
        unpack(bytes(content))
