"""People at work: each is a thread with a session of its own, on the loopback only."""

import http.client
import json
import random
import re
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

PASSWORD = "bench"
ROLES = (("rep", 50), ("handler", 22), ("portal", 13), ("public", 5), ("manager", 10))
"""Percent of the users"""
TIMEOUT = 120
AT_ONCE = 6
"""Connections that a browser opens to one server"""
FILE_SIZE = 20_000
STAGES = ("investigate", "waiting")


class Failed(Exception):  # noqa: N818
    """The answer says that it did not work, or there is none."""


class Client:
    """A browser: one connection, cookies, the address it comes from."""

    def __init__(self, port, load, address):
        self.port, self.load, self.address = port, load, address
        self.cookies = {}
        self.link = None
        self.context = {}

    def fetch(self, page, method, path, body=None, kind=None):
        """:return: (status, headers, text)
        :raise Failed: no answer, or an error of the server
        """
        path += f"{'&' if '?' in path else '?'}bench={quote(page)}"
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        try:
            if not self.link:
                self.link = http.client.HTTPConnection(
                    "127.0.0.1", self.port, TIMEOUT, (self.address, 0)
                )
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Failed(type(error).__name__) from error
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.split(";")[0]
        if answer.status >= 500:
            raise Failed(f"status {answer.status}")
        return answer.status, answer.headers, text

    def close(self):
        if self.link:
            self.link.close()
        self.link = None

    def rpc(self, page, path, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "params": params})
        status, _headers, text = self.fetch(page, "POST", path, body, JSON)
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise Failed(f"status {status}, no JSON") from error
        if error := answer.get("error"):
            data = error.get("data", {})
            raise Failed(f"{data.get('name')}: {data.get('message')}")
        return answer.get("result")

    def call(self, page, model, method, args=(), **kwargs):
        params = {
            "model": model,
            "method": method,
            "args": list(args),
            "kwargs": kwargs | {"context": self.context},
        }
        return self.rpc(page, f"/web/dataset/call_kw/{model}/{method}", params)

    def call_at_once(self, page, calls):
        """What a dashboard asks for: the browser sends all of it and reads the answers
        as they come.

        :param calls: [(model, method, arguments)]
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            work = [pool.submit(self.other().only, page, *call) for call in calls]
        for done in work:
            done.result()

    def other(self):
        """One more connection of the same browser"""
        client = Client(self.port, self.load, self.address)
        client.cookies, client.context = dict(self.cookies), self.context
        return client

    def only(self, page, model, method, args):
        try:
            return self.call(page, model, method, args)
        finally:
            self.close()

    def log_in(self, db, login):
        session = self.rpc(
            "log in",
            "/web/session/authenticate",
            {"db": db, "login": login, "password": PASSWORD},
        )
        self.uid = session["uid"]
        self.context = {
            "lang": "en_US",
            "tz": "UTC",
            "uid": self.uid,
            "allowed_company_ids": [1],
        }


JSON = "application/json"


class Person:
    """Somebody who opens page after page, with pauses."""

    logs_in = True

    def __init__(self, load, number, login):
        self.load, self.number, self.login = load, number, login
        self.random = random.Random(number)
        self.client = Client(load.port, load, f"127.1.{number // 250}.{number % 250}")
        self.complaints = []

    def run(self):
        while not self.load.stopped.wait(self.random.random()):
            if self.logs_in and not self.do("log in", self.log_in):
                continue
            break
        with self.load.lock:
            self.load.inside += 1
        while not self.load.stopped.wait(self.load.pause(self.random)):
            self.step()
        self.client.close()

    def log_in(self, _page):
        self.client.log_in(self.load.db, f"{self.login}")

    def do(self, page, work, *args):
        """:return: whether the page came, whatever it returned"""
        start = time.time()
        try:
            self.answer = work(page, *args)
        except Failed as error:
            self.load.add(page, start, time.time() - start, str(error))
            return False
        self.load.add(page, start, time.time() - start, None)
        return True

    def confirm(self, page, table, work):
        """Write something that carries a mark, and remember what the server said."""
        mark = f"bench-{secrets.token_hex(6)}"
        sure = self.do(page, work, mark)
        self.load.writes.append((table, mark, sure))
        return sure

    def look(self, page, model, domain, **more):
        spec = self.load.pages[model]
        found = self.client.call(
            page, model, "web_search_read", [domain, spec["list"]], limit=80, **more
        )
        return found["records"]

    def open(self, page, model, record_id):
        spec = self.load.pages[model]["form"]
        return self.client.call(page, model, "web_read", [[record_id], spec])


class Rep(Person):
    def step(self):
        target = self.do("my contacts", self.my_contacts) and self.answer
        if target:
            self.pause()
            self.do("customer", self.open, "res.partner", target["partner_id"]["id"])
            self.pause()
            if self.do("brief", self.brief, target):
                self.pause()
                self.target = target
                self.confirm("report filed", "care_interaction", self.report)

    def pause(self):
        self.load.stopped.wait(self.load.pause(self.random))

    def my_contacts(self, page):
        domain = [["user_id", "=", self.client.uid], ["state", "=", "open"]]
        rows = self.look(page, "care.plan.target", domain)
        return self.random.choice(rows) if rows else self.own_customer(page)

    def own_customer(self, page):
        number = self.random.randrange(self.load.customers)
        rows = self.client.call(
            page,
            "res.partner",
            "search_read",
            [[["user_id", "=", self.client.uid], ["ref", "=like", "BENCH-%"]], ["id"]],
            limit=20,
        )
        return rows and {"id": False, "partner_id": rows[number % len(rows)]}

    def brief(self, page, target):
        args = [target["partner_id"]["id"], target["id"]]
        return self.client.call(page, "care.interaction", "sheet_values", args)

    def report(self, page, mark):
        values = {
            "key": secrets.token_hex(16),
            "channel": "phone",
            "partner_id": self.target["partner_id"]["id"],
            "target_id": self.target["id"],
            "summary": f"All well {mark}",
            "outcome": "Wants to order next week.",
        }
        return self.client.call(page, "care.interaction", "report_from_phone", [values])


class Handler(Person):
    def step(self):
        if not self.do("queue", self.queue) or not self.answer:
            return
        self.complaint = self.random.choice(self.answer)
        self.load.stopped.wait(self.load.pause(self.random))
        self.do("complaint", self.open, "care.complaint", self.complaint["id"])
        self.load.stopped.wait(self.load.pause(self.random))
        if self.random.random() < 0.5:
            self.confirm("reply", "mail_message", self.reply)
        else:
            self.do("stage", self.move)

    def queue(self, page):
        return self.look(
            page,
            "care.complaint",
            [["closed_at", "=", False]],
            offset=80 * self.random.randrange(5),
        )

    def reply(self, page, mark):
        return self.client.call(
            page,
            "care.complaint",
            "message_post",
            [[self.complaint["id"]]],
            body=f"We look into it {mark}",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=[self.complaint["partner_id"]["id"]],
        )

    def move(self, page):
        stage = self.load.stages[self.random.choice(STAGES)]
        return self.client.call(
            page,
            "care.complaint",
            "web_save",
            [[self.complaint["id"]], {"stage_id": stage}],
            specification={"stage_id": {}},
        )


class Customer(Person):
    """Somebody with access to the portal"""

    form = "/my/complaints/new"

    def step(self):
        if not self.do("portal list", self.complaint_list):
            return
        if self.answer:
            self.load.stopped.wait(self.load.pause(self.random))
            self.do("portal complaint", self.get, self.random.choice(self.answer))
        if self.random.random() < 0.3:
            self.write()

    def complaint_list(self, page):
        return sorted(set(re.findall(r"/my/complaints/\d+", self.get(page, LIST))))

    def write(self):
        self.load.stopped.wait(self.load.pause(self.random))
        if self.do("portal form", self.get, self.form):
            self.fields = self.read_form(self.answer)
            self.confirm("portal sent", "care_complaint", self.send)

    def get(self, page, path):
        status, _headers, text = self.client.fetch(page, "GET", path)
        if status != 200:
            raise Failed(f"status {status}")
        return text.decode()

    def read_form(self, html):
        names = ("csrf_token", "token")
        found = {name: re.search(INPUT.format(name), html) for name in names}
        return {name: match[1] for name, match in found.items() if match}

    def send(self, page, mark):
        boundary = secrets.token_hex(12)
        fields = self.fields | {
            "subject": f"Broken {mark}",
            "description": "The bottle leaks.",
            "wanted": "A new one",
        }
        body = b"".join(
            PART.format(boundary, name, value).encode()
            for name, value in (fields | self.person()).items()
        )
        body += FILE.format(boundary).encode() + random.randbytes(FILE_SIZE)
        body += f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        status, headers, _text = self.client.fetch(page, "POST", self.form, body, kind)
        if status != 303:
            raise Failed(f"status {status}")
        return self.get("portal sent, shown", headers["Location"])

    def person(self):
        return {}


LIST = "/my/complaints"
INPUT = r'name="{}"\s+value="([^"]+)"'
PART = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
FILE = (
    '--{}\r\nContent-Disposition: form-data; name="files"; filename="photo.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
)


class Visitor(Customer):
    """Fills in the public form, each time from another address."""

    form = "/complaints/new"
    logs_in = False

    def step(self):
        self.client.close()
        self.client = Client(
            self.load.port,
            self.load,
            f"127.{self.random.randrange(2, 200)}.{self.random.randrange(200)}.9",
        )
        if self.do("public form", self.get, self.form):
            self.load.stopped.wait(self.load.pause(self.random))
            self.fields = self.read_form(self.answer)
            self.confirm("public sent", "care_complaint", self.send)

    def person(self):
        return {"name": "A Visitor", "email": f"{secrets.token_hex(6)}@example.com"}


class Manager(Person):
    def step(self):
        page = self.random.choice(("dashboard", "pivot", "month report", "person"))
        if page == "pivot":
            model, args = self.random.choice(self.load.pages["pivots"])
            self.do("pivot", self.client.call, model, "formatted_read_group", args)
        elif page == "dashboard":
            self.do("dashboard", self.client.call_at_once, self.load.pages["dashboard"])
        else:
            model = "care.month.report" if page == "month report" else "care.evaluation"
            records = self.load.pages[model]["records"]
            self.do(page, self.open, model, self.random.choice(records))


KINDS = {
    "rep": Rep,
    "handler": Handler,
    "portal": Customer,
    "public": Visitor,
    "manager": Manager,
}


class Load:
    """Users at work until :meth:`stop`.

    :param facts: what they need to know of the company, see ``cluster_data.facts``
    :param rate: pages a second of all together
    """

    def __init__(self, port, db, facts, users, rate):
        self.port, self.db, self.users, self.rate = port, db, users, rate
        self.pages, self.stages = facts["pages"], facts["stages"]
        self.customers = facts["customers"]
        self.accounts = facts["accounts"]
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.rows, self.writes = [], []
        self.inside = 0

    def pause(self, rng):
        return min(rng.expovariate(self.rate / self.users), 10 * self.users / self.rate)

    def add(self, page, start, seconds, problem):
        with self.lock:
            self.rows.append((page, start, seconds, problem))

    def start(self):
        people = []
        for kind, percent in ROLES:
            many = max(1, round(self.users * percent / 100))
            for place in range(many):
                login = f"{kind}{place % self.accounts.get(kind, 1)}"
                people.append(KINDS[kind](self, len(people), login))
        self.threads = [
            threading.Thread(target=person.run, daemon=True) for person in people
        ]
        for thread in self.threads:
            thread.start()

    def all_in(self):
        return self.inside == len(self.threads)

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join(TIMEOUT + 10)
