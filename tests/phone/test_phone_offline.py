import itertools
import json
from contextlib import ExitStack

import websocket

from odoo.tests import HttpCase, tagged
from odoo.tests.common import HOST, ChromeBrowser

from ..common import TierCase

PAGE = "/care/day"
READY = "Boolean(globalThis.careDay?.store)"
HELPERS = """
const day = globalThis.careDay;
const find = (selector) => document.querySelector(selector);
async function until(check, text) {
    for (let tries = 0; tries < 400; tries++) {
        const found = await check();
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const page = document.body.innerText;
    throw new Error(`Waited in vain for: ${text}; ${day.net}; ${page}`);
}
async function button(text, within = document) {
    const match = (element) => element.textContent.trim().startsWith(text);
    const found = await until(
        () => [...within.querySelectorAll("button, a")].find(match), text
    );
    found.click();
}
function type(selector, text) {
    const element = find(selector);
    element.value = text;
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
}
const shown = (title) => until(() => find("h1")?.textContent === title, title);
const states = async () => (await day.store.all("outbox")).map((row) => row.state);
const settled = (...expected) => until(
    async () => (await states()).sort().join() === expected.join(),
    `reports to be ${expected}`
);
"""


class Worker:
    """Commands to the service worker of a page, which has a network of its own"""

    def __init__(self, browser):
        [target] = [
            row
            for row in browser._json_command("list")
            if "/care/day" in row["url"] and row["type"] == "service_worker"
        ]
        self.ws = websocket.create_connection(
            target["webSocketDebuggerUrl"], suppress_origin=True
        )
        self.ids = itertools.count(1)

    def request(self, method, **params):
        number = next(self.ids)
        self.ws.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.ws.recv())
            if answer.get("id") == number:
                return answer["result"]


@tagged("post_install", "-at_install")
class TestPhoneOffline(HttpCase, TierCase):
    """The network is switched off by the browser, for the page and its worker."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer("Amber Salon", user_id=cls.rep.id)
        cls.shop = cls.customer("Birch Shop", user_id=cls.rep.id)
        cls.env["res.partner"].create(
            {"name": "Anna Keller", "parent_id": cls.salon.id}
        )
        cls.env["care.interaction"].create(
            [
                {
                    "partner_id": customer.id,
                    "user_id": cls.rep.id,
                    "company_id": cls.company.id,
                    "channel": "visit",
                }
                for customer in (cls.salon, cls.shop)
            ]
        )

    def setUp(self):
        super().setUp()
        self.browser = ChromeBrowser(self)
        with ExitStack() as stack:
            stack.enter_context(self.allow_requests(browser=self.browser))
            stack.callback(self._wait_remaining_requests)
            stack.callback(self.browser.stop)
            self.log_in()
            self.addCleanup(stack.pop_all().close)
        self.open()
        self.play("""
            await until(() => day.net === "online", "the server");
            const { active } = await navigator.serviceWorker.ready;
            await until(() => active.state === "activated", "the worker");
            await until(() => caches.match("/care/day"), "the page that is kept");
        """)
        self.worker = Worker(self.browser)
        self.addCleanup(self.worker.ws.close)
        self.send("Network.enable")
        self.worker.request("Network.enable")

    def log_in(self):
        self._wait_remaining_requests()
        self.authenticate("care_rep", "care_rep", browser=self.browser)
        self.cr.flush()
        self.cr.clear()

    def send(self, method, **params):
        return self.browser._websocket_request(method, params=params)

    def open(self):
        self.browser.navigate_to(self.base_url() + PAGE, wait_stop=True)
        self.assertTrue(self.browser._wait_ready(READY))

    def switch(self, online):
        conditions = {
            "offline": not online,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        }
        self.worker.request("Network.emulateNetworkConditions", **conditions)
        self.send("Network.emulateNetworkConditions", **conditions)

    def play(self, code):
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={
                "expression": f"(async () => {{{HELPERS}{code}}})()",
                "awaitPromise": True,
                "returnByValue": True,
            },
            timeout=30,
        )
        if problem := answer.get("exceptionDetails"):
            self.fail(problem["exception"].get("description"))
        return answer["result"].get("value")

    def reports(self, partner):
        self._wait_remaining_requests()
        self.env.invalidate_all()
        return self.env["care.interaction"].search(
            [("partner_id", "=", partner.id), ("state", "=", "done")]
        )

    def write_on(self, name, text):
        self.play(f"""
            location.hash = "";
            await button({json.dumps(name)});
            await until(() => find(".sheet textarea"), "the report");
            type("textarea[name=summary]", {json.dumps(text)});
        """)

    def test_a_day_without_a_network(self):
        self.switch(online=False)
        self.open()
        self.play("""
            await until(() => day.net === "offline", "no network");
            await button("Amber Salon");
            const brief = await until(() => find(".brief"), "the brief");
            if (!brief.textContent.includes("Anna Keller")) {
                throw new Error(brief.textContent);
            }
            type("textarea[name=summary]", "Wants the serum");
            type("input[name=promise]", "Samples");
            await button("Tomorrow", find(".sheet"));
            await until(() => find("[aria-pressed=true]"), "the day");
            await button("In 1 week", await until(() => find(".slots"), "slots"));
            await until(
                () => find(".slots [aria-pressed=true]"), "the next appointment"
            );
            find("button[name=file]").click();
            find("button[name=file]")?.click();
            await settled("waiting");
        """)
        self.assertFalse(self.reports(self.salon))
        self.open()  # again, as after the browser was killed
        self.play("""
            await settled("waiting");
            await until(() => day.net === "offline", "no network");
        """)
        self.switch(online=True)
        self.play("""
            await settled("filed");
            await until(() => !day.attempting && day.net === "online", "rest");
        """)
        report = self.reports(self.salon)
        self.assertEqual(len(report), 1)
        self.assertEqual(
            (report.summary, report.promise), ("Wants the serum", "Samples")
        )
        self.assertGreater(report.promise_date, report.date)
        self.assertGreater(report.next_id.date_start, report.date_end)
        self.assertEqual(
            self.env["care.brief.view"]
            .search([("user_id", "=", self.rep.id)])
            .partner_id,
            self.salon,
        )
        self.play("""
            for (const row of await day.store.all("outbox")) {
                await day.store.put("outbox", { ...row, state: "waiting" });
            }
            await day.attempt();
            await settled("filed");
        """)
        self.assertEqual(self.reports(self.salon), report)

    def test_a_report_that_waits_is_changed(self):
        self.switch(online=False)
        self.write_on("Amber Salon", "Belongs elsewhere")
        self.play("""
            find("button[name=file]").click();
            await shown("Birch Shop");
            location.hash = "reports";
            await button("Change");
            await shown("Amber Salon");
            if (find("textarea[name=summary]").value !== "Belongs elsewhere") {
                throw new Error("The draft has lost its text");
            }
            await settled("");
            type("textarea[name=summary]", "Changed");
            find("button[name=file]").click();
            await shown("Birch Shop");
        """)
        self.write_on("Birch Shop", "A slip")
        self.play("""
            find("button[name=file]").click();
            await shown("My Day");
            await settled("waiting", "waiting");
            globalThis.confirm = () => true;
            location.hash = "reports";
            const slip = await until(
                () => [...document.querySelectorAll("li.waiting")].find(
                    (row) => row.textContent.includes("A slip")
                ), "the slip"
            );
            await button("Delete", slip);
            await settled("waiting");
        """)
        self.switch(online=True)
        link = self.play("""
            await settled("filed");
            const link = await until(() => find("li.filed a.button"), "the link");
            await until(() => !day.attempting, "rest");
            return link.pathname;
        """)
        report = self.reports(self.salon)
        self.assertEqual(report.mapped("summary"), ["Changed"])
        self.assertFalse(self.reports(self.shop))
        self.assertEqual(link, f"/odoo/care.interaction/{report.id}")

    def test_a_report_that_may_be_filed_is_not_changed(self):
        """The server has it; its answer was lost."""
        self.write_on("Amber Salon", "Its answer is lost")
        self.play("""
            const online = window.fetch;
            window.fetch = async (path, ...args) => {
                const response = await online(path, ...args);
                if (path === "/care/day/sync") {
                    throw new TypeError("Failed to fetch");
                }
                return response;
            };
            SyncManager.prototype.register = () => Promise.resolve();
            find("button[name=file]").click();
            await shown("Birch Shop");
            await until(() => day.net === "offline" && !day.attempting, "rest");
            location.hash = "reports";
            await button("Change");
            const toast = await until(() => find(".toast.warning"), "a warning");
            if (toast.textContent !== day.words.change_late) {
                throw new Error(toast.textContent);
            }
            await settled("waiting");
            window.fetch = online;
            await day.attempt();
            await settled("filed");
        """)
        self.assertEqual(len(self.reports(self.salon)), 1)

    def test_the_session_ends_in_between(self):
        self.write_on("Amber Salon", "Written when logged out")
        self.browser.set_cookie("session_id", "of-nobody", "/", HOST)
        self.play("""
            find("button[name=file]").click();
            await until(() => day.net === "login", "the log-in");
            await settled("waiting");
        """)
        self.assertFalse(self.reports(self.salon))
        self.browser.navigate_to(self.base_url() + PAGE, wait_stop=True)
        self.assertTrue(self.browser._wait_ready("location.pathname === '/web/login'"))
        self.browser.set_cookie("session_id", self.session.sid, "/", HOST)
        self.open()
        self.play("await settled('filed')")
        self.assertEqual(
            self.reports(self.salon).mapped("summary"), ["Written when logged out"]
        )

    def test_logged_out_without_a_network(self):
        self.write_on("Birch Shop", "Not yet filed")
        self.switch(online=False)
        self.play("""
            location.hash = "";
            await button(day.words.logout);
            await until(() => !day.bundle && day.net === "offline", "the farewell");
        """)
        self.switch(online=True)
        self.assertTrue(self.browser._wait_ready("location.pathname === '/web/login'"))
        kept = self.play("""
            const { Store } = await import("/care/day/v/any/store.js");
            const store = await Store.open();
            const rows = [...await store.all("meta"), ...await store.all("drafts")];
            const leaving = localStorage.getItem("care_day_leaving");
            const users = (await store.all("sealed")).map((sealed) => sealed.user);
            return [rows, leaving, users];
        """)
        self.assertEqual(
            kept, [[], None, [self.rep.id]], "only the draft is left, encrypted"
        )

    def test_sent_in_the_background(self):
        found = []
        self.browser._handlers["ServiceWorker.workerRegistrationUpdated"] = (
            lambda registrations: found.extend(registrations)
        )
        self.send("ServiceWorker.enable")
        self.switch(online=False)
        self.write_on("Amber Salon", "Sent by the worker")
        self.write_on("Birch Shop", "Not yet filed")
        self.play("""
            location.hash = "";
            await button("Amber Salon");
            await until(() => find("[name=summary]")?.value.startsWith("Sent"), "it");
            find("button[name=file]").click();
            await settled("waiting");
            await until(() => day.net === "offline" && !day.attempting, "rest");
            globalThis.reallyAttempt = day.attempt;
            day.attempt = () => {};
        """)
        self.switch(online=True)
        self.assertEqual(self.play("return states()"), ["waiting"])
        self.send(
            "ServiceWorker.dispatchSyncEvent",
            origin=self.base_url(),
            registrationId=found[0]["registrationId"],
            tag="care-day",
            lastChance=False,
        )
        self.play("await settled('filed')")
        self.assertEqual(
            self.reports(self.salon).mapped("summary"), ["Sent by the worker"]
        )
        self.assertFalse(self.reports(self.shop))
        self.play("""
            day.attempt = globalThis.reallyAttempt;
            await day.attempt();
        """)
        self.assertEqual(len(self.reports(self.salon)), 1)
