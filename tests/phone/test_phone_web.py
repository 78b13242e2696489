import json
import re
from unittest.mock import patch
from urllib.parse import parse_qs, urlparse

from lxml import html

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import TierCase

DAY = "/care/day"


@tagged("post_install", "-at_install")
class TestPhoneWeb(HttpCase, TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer("Velvet Salon", user_id=cls.rep.id)
        cls.planned = cls.env["care.interaction"].create(
            {
                "partner_id": cls.salon.id,
                "user_id": cls.rep.id,
                "company_id": cls.company.id,
                "channel": "visit",
            }
        )

    def as_rep(self, login="care_rep"):
        self.authenticate(login, login)

    def values(self):
        page = html.fromstring(self.url_open(DAY).content)
        return json.loads(page.get_element_by_id("values").text)

    # ------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------

    def test_page(self):
        self.as_rep()
        response = self.url_open(DAY)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertNotIn("Velvet", response.text)
        self.assertEqual(self.values()["user"], self.rep.id)

    def test_page_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        self.as_rep()
        values = self.values()
        self.assertEqual(values["lang"], "zh-CN")

    def test_first_load_is_small(self):
        self.as_rep()
        page = self.url_open(DAY)
        total = len(page.content)
        folder = re.search(r"/care/day/v/\w+/", page.text).group()
        names = {"day.js", "day.css"}
        seen = set()
        while names:
            name = names.pop()
            seen.add(name)
            file = self.url_open(folder + name)
            self.assertEqual(file.status_code, 200, name)
            self.assertIn("immutable", file.headers["Cache-Control"])
            total += len(file.content)
            names |= set(re.findall(r'from "\./(\w+\.js)"', file.text)) - seen
        self.assertIn("store.js", seen)
        self.assertLess(total, 300_000)

    def test_worker_that_sends_in_the_background(self):
        """Its modules are one script, as not all browsers take modules there."""
        worker = self.url_open(f"{DAY}/service-worker.js").text
        self.assertNotRegex(worker, r"(?m)^(import|export) ")
        for text in ("class Queue", "class Store", 'addEventListener("sync"'):
            self.assertIn(text, worker)

    def test_all_that_is_imported_is_kept(self):
        self.as_rep()
        folder = re.search(r"/care/day/v/\w+/", self.url_open(DAY).text).group()
        worker = self.url_open(f"{DAY}/service-worker.js").text
        kept = re.search(r'FILES = "([^"]*)"', worker).group(1).split(",")
        for name in kept:
            text = self.url_open(folder + name).text
            imported = re.findall(r'(?:from|import) "\./(\w+\.js)"', text)
            self.assertLessEqual(set(imported), set(kept), name)

    def test_files_of_an_older_page(self):
        """A page from before an upgrade is served what there is, but never keeps it as
        that of its version."""
        self.as_rep()
        for name in ("queue.js", "app.js"):
            file = self.url_open(f"{DAY}/v/000000000000/{name}")
            self.assertEqual(file.status_code, 200)
            self.assertEqual(file.headers["Cache-Control"], "no-store")

    def test_worker(self):
        worker = self.url_open(f"{DAY}/service-worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], DAY)
        self.assertNotRegex(worker.text, "__VERSION__|__FILES__")
        for name in re.search(r'FILES = "([^"]*)"', worker.text).group(1).split(","):
            file = self.url_open(f"{DAY}/v/x/{name}")
            self.assertEqual(file.status_code, 200, name)
            self.assertEqual(file.headers["Cache-Control"], "no-store")
        self.assertEqual(self.url_open(f"{DAY}/v/x/service_worker.js").status_code, 404)
        self.assertEqual(self.url_open(f"{DAY}/v/x/..%2Fday.js").status_code, 404)

    def test_installation(self):
        self.as_rep()
        page = html.fromstring(self.url_open(f"{DAY}/install").content)
        [code] = page.xpath("//img/@src")
        self.assertTrue(code.startswith("data:image/png"))
        [install] = [href for href in page.xpath("//a/@href") if "scoped_app" in href]
        app = html.fromstring(self.url_open(install).content)
        [manifest] = app.xpath("//link[@rel='manifest']/@href")
        manifest = self.url_open(manifest).json()
        self.assertEqual((manifest["scope"], manifest["start_url"]), (DAY, DAY))

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_switched_off(self):
        self.env["res.groups"]._switch_care_features(phone=False)
        self.as_rep()
        self.assertEqual(self.url_open(DAY).status_code, 403)
        for path in ("data", "sync"):
            answer = self.url_open(f"{DAY}/{path}", json={"params": {}}).json()
            self.assertIn("switched on", answer["error"]["data"]["message"])

    @mute_logger("odoo.http")
    def test_employees_have_no_day(self):
        self.as_rep("care_employee")
        self.assertEqual(self.url_open(DAY).status_code, 403)

    def test_logged_out(self):
        self.authenticate(None, None)
        response = self.url_open(DAY, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        with mute_logger("odoo.http"):
            answer = self.url_open(f"{DAY}/data", json={"params": {}}).json()
        self.assertEqual(answer["error"]["code"], 100)

    @mute_logger("odoo.http")
    def test_a_new_password_ends_the_session(self):
        self.as_rep()
        self.assertIn("result", self.url_open(f"{DAY}/data", json={}).json())
        self.rep.password = "another-long-password"
        self.env.flush_all()
        answer = self.url_open(f"{DAY}/sync", json={"params": {}}).json()
        self.assertEqual(answer["error"]["code"], 100)

    def test_other_sites_cannot_send(self):
        """A form of another site cannot send JSON."""
        self.as_rep()
        with mute_logger("odoo.http", "werkzeug"):
            response = self.url_open(f"{DAY}/sync", data={"user": self.rep.id})
        self.assertGreaterEqual(response.status_code, 400)

    # ------------------------------------------------------------
    # Leaving
    # ------------------------------------------------------------

    def location(self, response):
        url = urlparse(response.headers["Location"])
        return url.path, parse_qs(url.query).get("redirect", [None])[0]

    def test_logging_out_wipes(self):
        self.as_rep()
        self.url_open(DAY)
        response = self.url_open("/web/session/logout", allow_redirects=False)
        self.assertEqual(self.location(response), (f"{DAY}/bye", "/odoo"))
        bye = self.url_open(f"{DAY}/bye?redirect=/web/login")
        [target] = html.fromstring(bye.content).xpath("//main/@data-redirect")
        self.assertEqual(target, "/web/login")

    def test_wiping_leads_nowhere_else(self):
        for path in ("//evil.example.com", "https://evil.example.com", "/\\evil", "x"):
            bye = self.url_open(f"{DAY}/bye", params={"redirect": path})
            [target] = html.fromstring(bye.content).xpath("//main/@data-redirect")
            self.assertEqual(target, "/odoo")

    def test_logging_out_without_a_day(self):
        self.as_rep()
        response = self.url_open("/web/session/logout", allow_redirects=False)
        self.assertEqual(self.location(response)[0], "/odoo")

    def test_another_user_logs_in(self):
        """Whoever logs in next is led past the page that wipes."""
        with patch.object(
            type(self.env["res.users"]), "_check_credentials", self.accept, create=True
        ):
            for kept, expected in (
                (None, DAY),
                (self.rep, DAY),
                (self.all, f"{DAY}/bye"),
            ):
                self.authenticate(None, None)
                login = html.fromstring(self.url_open("/web/login").content)
                [token] = login.xpath("//input[@name='csrf_token']/@value")
                response = self.url_open(
                    "/web/login",
                    data={
                        "login": "care_rep",
                        "password": "care_rep",
                        "redirect": DAY,
                        "csrf_token": token,
                    },
                    cookies=kept and {"care_day": str(kept.id)},
                    allow_redirects=False,
                )
                self.assertEqual(self.location(response)[0], expected)

    @staticmethod
    def accept(user, credential, env):
        return {"uid": user.id, "auth_method": "password", "mfa": "default"}

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def test_send_twice(self):
        self.as_rep()
        data = self.url_open(f"{DAY}/data", json={}).json()["result"]
        [stop] = data["stops"]
        payload = {
            "user": data["user"],
            "now": data["served"],
            "version": 1,
            "reports": [
                {
                    "key": "0123456789abcdef",
                    "partner": stop["customer"],
                    "planned": stop["planned"],
                    "at": data["served"],
                    "summary": "Sells well",
                }
            ],
        }
        results = [
            self.url_open(f"{DAY}/sync", json={"params": payload}).json()["result"]
            for _time in range(2)
        ]
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0][0]["state"], "filed")
        self.planned.invalidate_recordset()
        self.assertEqual(
            (self.planned.state, self.planned.summary), ("done", "Sells well")
        )
        self.assertEqual(self.salon.care_interaction_count, 1)
