"""A small client of Odoo's JSON-2 API, with nothing but Python's standard library."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request

TIMEOUT = 30
"""Seconds"""


class ApiError(Exception):
    """What went wrong, in a sentence"""


class Api:
    def __init__(self, url, db, key):
        self.url, self.db, self.key = url.rstrip("/"), db, key

    def call(self, model, method, **arguments):
        """Call a public method. ``ids`` are the records it is called on; everything
        else is passed by name, ``context`` included."""
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            json.dumps(arguments).encode(),
            {
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.db,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ApiError(self._reason(error)) from None
        except (urllib.error.URLError, TimeoutError) as error:
            reason = getattr(error, "reason", error)
            raise ApiError(f"{self.url} cannot be reached: {reason}") from None

    def _reason(self, error):
        try:
            body = json.load(error)
        except ValueError:
            # An unknown database is answered with a page, not with JSON.
            return (
                f"{self.url} answered {error.code} {error.reason}. Check the address "
                f"and the name of the database ({self.db})."
            )
        message = " ".join(body["message"].split())
        if error.code == 401:
            return f"The API key was refused: {message}"
        return f"{message} ({error.code})"

    def customer(self, text):
        """Id of the one customer or contact person with this id, e-mail address or
        exact name"""
        if text.isdecimal():
            domain = [["id", "=", int(text)]]
        elif "@" in text:
            domain = [["email_normalized", "=", text.strip().lower()]]
        else:
            domain = [["name", "=", text]]
        found = self.call(
            "res.partner", "search_read", domain=domain, fields=["display_name"]
        )
        if len(found) != 1:
            names = ", ".join(f"{row['display_name']} ({row['id']})" for row in found)
            raise ApiError(
                f"Several customers match “{text}”: {names}. Give the id."
                if found
                else f"There is no customer “{text}”."
            )
        return found[0]["id"]

    def user(self, login):
        found = self.call("res.users", "search", domain=[["login", "=", login]])
        if not found:
            raise ApiError(f"There is no user “{login}”.")
        return found[0]


def parser(description):
    """Where the server is, from options or the environment"""
    result = argparse.ArgumentParser(description=description)
    for name, variable, text in (
        ("--url", "ODOO_URL", "address of the server, https://odoo.example.com"),
        ("--db", "ODOO_DB", "name of the database"),
        ("--key", "ODOO_KEY", "API key; other users of the machine see options"),
    ):
        value = os.environ.get(variable)
        result.add_argument(
            name, default=value, required=not value, help=f"{text} (or {variable})"
        )
    return result


def run(main, arguments):
    """Print what ``main`` returns as JSON, or the reason of a failure."""
    try:
        result = main(Api(arguments.url, arguments.db, arguments.key), arguments)
    except ApiError as error:
        sys.exit(f"error: {error}")
    print(json.dumps(result, ensure_ascii=False, indent=2))
