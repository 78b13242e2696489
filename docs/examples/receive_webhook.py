#!/usr/bin/env python3
"""Receive what an automation rule of Odoo sends, and print a line of JSON for each.

Put a proxy with HTTPS in front of it, and a secret into the path: Odoo signs nothing.
"""

import argparse
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LARGEST = 1_000_000
"""Bytes of a message"""


class Receiver(BaseHTTPRequestHandler):
    secret = ""

    def do_POST(self):
        if not hmac.compare_digest(self.path.strip("/").encode(), self.secret):
            return self.answer(404)
        try:
            size = int(self.headers["Content-Length"])
        except (TypeError, ValueError):
            return self.answer(411)
        if not 0 <= size <= LARGEST:
            return self.answer(413)
        try:
            message = json.loads(self.rfile.read(size))
        except ValueError:
            return self.answer(400)
        # Odoo waits for one second only: note the message, work later.
        print(json.dumps(message, ensure_ascii=False), flush=True)
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format, *args):  # noqa: A002
        """Do not write the path, which holds the secret, into a log."""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8080, help="0 for a free one")
    secret = os.environ.get("CARE_WEBHOOK_SECRET")
    options.add_argument(
        "--secret",
        default=secret,
        required=not secret,
        help="last part of the address (or CARE_WEBHOOK_SECRET)",
    )
    arguments = options.parse_args()
    Receiver.secret = arguments.secret.encode()
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Receiver)
    print(f"listening on 127.0.0.1:{server.server_port}", file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
