import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import mail_auth
from ...tools.mail_auth import LONGEST_HEADER, parse, sender_check
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

MX = "mx.example.com"
IDA = "ida@shop.example"
PASS = f"{MX}; dmarc=pass header.from=shop.example"
FAIL = f"{MX}; dmarc=fail header.from=shop.example"
WORDS = st.text('abc019 ;=()"\\\r\n\t./@\0é', max_size=80)


@tagged("post_install", "-at_install")
class TestMailAuth(BaseCase):
    """What is made of Authentication-Results, however odd"""

    def check_one(self, result, *headers, sender=IDA):
        self.assertEqual(sender_check(headers, MX, sender), result, headers)

    def test_doctest(self):
        self.assertEqual(doctest.testmod(mail_auth).failed, 0)

    def test_what_passes(self):
        self.check_one("pass", PASS)
        self.check_one("pass", "MX.example.COM 1; DMARC=Pass header.from=Shop.Example")
        self.check_one("pass", f"{MX};\r\n\tdmarc=pass\r\n header.from=shop.example")
        self.check_one("pass", f"{MX}; dkim=pass header.d=shop.example")
        self.check_one("pass", f"{MX}; dkim=pass header.i=@shop.example; spf=fail")
        self.check_one("pass", f"{MX}; spf=pass smtp.mailfrom=b@shop.example")
        self.check_one("pass", f"{MX}; dkim=pass header.d=example.org; {PASS[16:]}")

    def test_what_fails(self):
        self.check_one("fail", FAIL)
        self.check_one("fail", f"{MX}; spf=softfail smtp.mailfrom=shop.example")
        self.check_one("fail", f"{MX}; dkim=pass header.d=shop.example; dmarc=fail")

    def test_what_says_nothing(self):
        for header in (
            "",
            MX,
            f"{MX}; none",
            f"{MX}; dmarc=pass",
            f"{MX}; dmarc=pass header.from=evil.example",
            f"{MX}; dmarc=pass header.from=hop.example",
            f"{MX}; dkim=pass header.d=evil.example",
            f"{MX}; dkim=pass header.d=example",
            f"{MX}; dkim=pass",
            f"{MX}; dkim=none (dmarc=pass header.from=shop.example)",
            f'{MX}; dkim=none reason="; dmarc=pass header.from=shop.example"',
            f"{MX} 2; dmarc=pass header.from=shop.example",
            f"{MX}.evil.example; dmarc=pass header.from=shop.example",
            f"evil.example; {PASS}",
            f"{PASS} (never closed",
            f"{PASS}{' ' * LONGEST_HEADER}",
        ):
            self.check_one("none", header)
        self.check_one("none", PASS, sender="")
        self.check_one("none", PASS, sender="ida@sub.shop.example")
        self.assertEqual(sender_check([PASS], "", IDA), "none")
        self.assertEqual(sender_check(["; dmarc=pass"], None, IDA), "none")

    def test_topmost_of_the_gateway(self):
        self.check_one("fail", FAIL, PASS)
        self.check_one("pass", PASS, FAIL)
        self.check_one("fail", "evil.example; dmarc=pass", FAIL, PASS)

    @given(st.lists(WORDS, max_size=5), WORDS)
    def test_anything_is_read(self, headers, sender):
        self.assertEqual(sender_check(headers, "mx.not.there", sender), "none")
        for header in headers:
            self.assertIsInstance(parse(header), tuple)

    @given(WORDS)
    def test_no_comment_passes(self, text):
        """What stands in comments or quotes changes nothing."""
        comment = "".join(char for char in text if char not in "()\\")
        self.check_one("fail", f"{MX} ({comment}); dmarc=fail ({comment})", PASS)
        quoted = "".join(char for char in text if char not in '"\\')
        self.check_one("fail", f'{MX}; dmarc=fail reason="{quoted}"', PASS)
