"""What the processes of the bench ``cluster`` say of themselves."""

import base64
import os
import re
import secrets
import socket
from collections import Counter
from itertools import pairwise
from statistics import quantiles
from urllib.parse import unquote

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (\w+) ", re.MULTILINE)
REQUEST = re.compile(r'[?&]bench=([^&# "]+)\S* HTTP/[\d.]+" \d+ .* (ro->rw|ro|rw)\s*$')
MODES = {"ro": "standby", "rw": "primary", "ro->rw": "standby, then primary"}
OURS = re.compile(r"/customer_care/(models|controllers|wizards|tools|report)/")
SERIALIZATION = ("could not serialize", "deadlock detected")
EXAMPLES = 5


class Log:
    """The log of all Odoo processes"""

    def __init__(self, path):
        self.path = path

    def end(self):
        return self.path.stat().st_size

    def since(self, mark):
        with self.path.open(errors="replace") as file:
            file.seek(mark)
            return file.read()

    def modes(self, mark):
        """{page: Counter of where its requests were served}"""
        found = {}
        for line in self.since(mark).splitlines():
            if match := REQUEST.search(line):
                page = found.setdefault(unquote(match[1]), Counter())
                page[MODES[match[2]]] += 1
        return found

    def problems(self, mark):
        """Errors, tracebacks through the app and failures to serialize."""
        text = self.since(mark)
        starts = [match.start() for match in ENTRY.finditer(text)] + [len(text)]
        entries = [text[a:b] for a, b in pairwise(starts)]
        errors = [row for row in entries if level(row) in ("ERROR", "CRITICAL")]
        ours = [row for row in entries if "Traceback" in row and OURS.search(row)]
        failed = [row for row in entries if any(word in row for word in SERIALIZATION)]
        return {
            "errors": len(errors),
            "ours": len(ours),
            "serialization": len(failed),
            "examples": [
                row.strip()[-1500:] for row in dict.fromkeys(ours + failed + errors)
            ][:EXAMPLES],
        }


def level(entry):
    match = ENTRY.match(entry)
    return match and match[1]


def pages_table(rows, modes):
    """{page: figures}, and of all pages together"""
    table = {}
    for page in sorted({row[0] for row in rows} | set(modes)):
        table[page] = figures([row for row in rows if row[0] == page])
        table[page]["served by"] = dict(modes.get(page, {}))
    table["all"] = figures(rows)
    return table


def figures(rows):
    good = sorted(seconds for _page, _start, seconds, problem in rows if not problem)
    bad = Counter(problem for *_row, problem in rows if problem)
    cuts = quantiles(good, n=100, method="inclusive") if len(good) > 1 else good * 99
    return {
        "count": len(rows),
        "p50": round(cuts[49], 3) if cuts else None,
        "p95": round(cuts[94], 3) if cuts else None,
        "p99": round(cuts[98], 3) if cuts else None,
        "errors": sum(bad.values()),
        "problems": dict(bad.most_common(EXAMPLES)),
    }


def database_time(primary, standby, db):
    """Seconds in statements of Odoo, their number and that of transactions."""
    return {
        server.name: dict(
            zip(
                ("seconds", "statements", "transactions"),
                map(float, server.sql(STATISTICS.format(db=db))[0]),
                strict=True,
            )
        )
        for server in (primary, standby)
    }


STATISTICS = """
SELECT COALESCE(SUM(total_exec_time), 0) / 1000, COALESCE(SUM(calls), 0),
       (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '{db}')
  FROM pg_stat_statements
 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = '{db}')
"""


def websocket(port):
    """Whether the proxy passes /websocket on: the answer's status"""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    request = (
        "GET /websocket?version=19.0-2 HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n"
    )
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as link:
            link.sendall(request.encode())
            return link.recv(256).split(b"\r\n")[0].decode()
    except OSError as error:
        return type(error).__name__


def machine_load():
    return [round(value, 2) for value in os.getloadavg()]
