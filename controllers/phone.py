import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import file_open, file_path
from odoo.tools.image import image_data_uri

from odoo.addons.web.controllers.home import Home
from odoo.addons.web.controllers.session import Session

from ..models.phone.phone_words import phone_words

PAGE = "/care/day"
FOLDER = "customer_care/static/src/phone/"
WORKER = "service_worker.js"
TYPES = {".js": "text/javascript", ".css": "text/css"}
NOT_OF_PAGE = ("background.js", "bye.js")
BACKGROUND = ("worker.js", "queue.js", "store.js", "background.js")
"""Modules of the service worker: browsers would fetch them without cookies, and so
without the database; not all of them take modules there."""
COOKIE = "care_day"
"""Id of the user whose day this browser keeps"""
YEAR = 365 * 24 * 3600


@lru_cache
def _read(name):
    with file_open(FOLDER + name) as file:
        return file.read()


@lru_cache
def _files():
    """{name: content type} of what the page and its worker load"""
    return {
        path.name: TYPES[path.suffix]
        for path in sorted(Path(file_path(FOLDER)).iterdir())
        if path.suffix in TYPES and path.name != WORKER
    }


def _modules():
    """What the page loads, so that it need not wait for one to ask for the next"""
    return [
        name for name in _files() if name.endswith(".js") and name not in NOT_OF_PAGE
    ]


@lru_cache
def _background():
    """Sending in the background, as a script that is no module"""
    text = "".join(map(_read, BACKGROUND))
    text = re.sub(r"^import [^;]*;\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    return f"(() => {{\n{text}}})();\n"


@lru_cache
def _version():
    """Changes with the files, so that browsers keep them for good."""
    text = "".join(map(_read, (*_files(), WORKER)))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _check_feature():
    """:raise AccessError: the user has no day on the phone"""
    user = request.env.user
    if not all(
        user.has_group(f"customer_care.{group}")
        for group in ("group_user", "group_care_phone", "group_care_visit")
    ):
        raise AccessError(
            request.env._(
                "My Day on the phone is not switched on for you. Ask your "
                "administrator: Settings ▸ Customer Care ▸ Features."
            )
        )


def _page_lang():
    """Language as browsers name it; a variant such as sr@latin is left out."""
    return (request.env.lang or "en_US").split("@")[0].replace("_", "-")


def _local(path):
    """A path of this server, whatever is asked for"""
    is_local = path.startswith("/") and path[1:2] not in ("/", "\\")
    return path if is_local and path.isprintable() else "/odoo"


class CarePhone(http.Controller):
    """My Day as an installable page with a service worker of its own. Reports come by
    JSON, which other sites cannot send in the user's name."""

    @http.route(
        PAGE,
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def day(self):
        _check_feature()
        user = request.env.user
        response = request.render(
            "customer_care.phone_day",
            {
                "version": _version(),
                "modules": _modules(),
                "page_lang": _page_lang(),
                "manifest": self._as_app("/web/manifest.scoped_app_manifest", PAGE),
                "title": request.env._("My Day"),
                "values": json.dumps(
                    {
                        "user": user.id,
                        "name": user.name,
                        "lang": _page_lang(),
                        "words": phone_words(request.env),
                    }
                ),
            },
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Care-Version"] = _version()
        response.set_cookie(
            COOKIE, str(user.id), max_age=YEAR, httponly=True, samesite="Lax"
        )
        return response

    def _as_app(self, address, path):
        """Address of Odoo's that makes a path an app of its own"""
        return f"{address}?" + urlencode(
            {
                "app_id": "customer_care",
                "path": path,
                "app_name": request.env._("My Day"),
            }
        )

    @http.route(
        f"{PAGE}/install",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def install(self):
        """How to get the page onto the phone"""
        _check_feature()
        url = request.env.user.get_base_url() + PAGE
        return request.render(
            "customer_care.phone_install",
            {
                "version": _version(),
                "page_lang": _page_lang(),
                "url": url,
                "page": PAGE,
                "install": self._as_app("/scoped_app", PAGE.removeprefix("/")),
                "code": image_data_uri(request.env["ir.actions.report"]._care_qr(url)),
            },
        )

    @http.route(
        f"{PAGE}/v/<string:version>/<string:name>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
        readonly=True,
    )
    def file(self, version, name):
        if name not in _files():
            raise NotFound()
        current = version == _version()
        return request.make_response(
            _read(name),
            [
                ("Content-Type", f"{_files()[name]}; charset=utf-8"),
                (
                    "Cache-Control",
                    f"public, max-age={YEAR}, immutable" if current else "no-store",
                ),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(
        f"{PAGE}/service-worker.js",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
        readonly=True,
    )
    def service_worker(self):
        text = _read(WORKER) + _background()
        text = text.replace("__VERSION__", _version())
        text = text.replace("__FILES__", ",".join(_files()))
        return request.make_response(
            text,
            [
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("Service-Worker-Allowed", PAGE),
                ("Cache-Control", "no-cache"),
            ],
        )

    @http.route(
        f"{PAGE}/bye",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def bye(self, redirect="/odoo"):
        """Wipe what the browser keeps, then go on."""
        response = request.render(
            "customer_care.phone_bye",
            {
                "version": _version(),
                "page_lang": _page_lang(),
                "redirect": _local(redirect),
            },
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response.set_cookie(COOKIE, "", max_age=0, httponly=True, samesite="Lax")
        return response

    @http.route(f"{PAGE}/data", type="jsonrpc", auth="user", readonly=True)
    def data(self):
        _check_feature()
        return request.env["care.phone.day"]._bundle()

    @http.route(f"{PAGE}/sync", type="jsonrpc", auth="user")
    def sync(self, **payload):
        _check_feature()
        return request.env["care.phone.report"]._file(payload)


def _bye(redirect):
    return f"{PAGE}/bye?" + urlencode({"redirect": redirect})


class CarePhoneHome(Home):
    def _login_redirect(self, uid, redirect=None):
        """The day of the user who was here before is wiped first."""
        target = super()._login_redirect(uid, redirect=redirect)
        kept = request.httprequest.cookies.get(COOKIE)
        return _bye(target) if kept and kept != str(uid) else target


class CarePhoneSession(Session):
    @http.route()
    def logout(self, redirect="/odoo"):
        response = super().logout(redirect)
        if request.httprequest.cookies.get(COOKIE):
            return request.redirect(_bye(redirect), 303)
        return response
