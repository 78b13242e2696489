import ipaddress
import re
import secrets

from werkzeug.exceptions import NotFound
from werkzeug.urls import url_quote

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_date, groupby, single_email_re

from odoo.addons.portal.controllers import portal

from ..models.core.ir_attachment import DiskFull

PAGE = 20
"""Complaints on a page of the list"""
ORDERS = 100
"""So many orders are offered, the last ones."""
MAX_ID = 2**31 - 1
MAX_FILES = 10
MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_SUBJECT = 200
MAX_TEXT = 20_000
TEXTS = ("subject", "description", "wanted")
"""What customers type, and nothing else of the complaint, whatever is posted"""
TOKEN = re.compile(r"[\w-]{20,60}", re.ASCII)
"""Of a form, so that it counts once however often it is sent"""
TRAP = "website_address"
"""A field that people do not see. Programs fill it in."""
RATINGS = ("satisfied", "unsatisfied")


def _only_read(_controller, _rule, _args):
    """A page shown after something was written must not come from a standby, which may
    not have it yet."""
    return "done" not in request.httprequest.args


class CustomerPortal(portal.CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            Complaint = request.env["care.complaint"]
            values["complaint_count"] = (
                Complaint.search_count(self._complaint_domain())
                if self._has_complaints() and Complaint.has_access("read")
                else 0
            )
        return values

    def _has_complaints(self):
        return request.env["res.groups"]._has_care_feature("complaint")

    def _check_complaints(self):
        """:raise NotFound: the company does not take complaints by this app. Pages of
        complaints that were made before stay readable."""
        if not self._has_complaints():
            raise NotFound()

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_complaints(self, page=1, **query):
        self._check_complaints()
        Complaint = request.env["care.complaint"]
        if not Complaint.has_access("read"):
            return request.redirect("/my")
        choices = self._complaint_choices()
        chosen = {
            name: query[name] if query.get(name) in options else next(iter(options))
            for name, options in choices.items()
        }
        search = (query.get("search") or "").strip()
        domain = (
            self._complaint_domain()
            & choices["filterby"][chosen["filterby"]]["domain"]
            & self._complaint_search(chosen["search_in"], search)
        )
        pager = portal.pager(
            url="/my/complaints",
            url_args=chosen | {"search": search},
            total=Complaint.search_count(domain),
            page=page,
            step=PAGE,
        )
        group = choices["groupby"][chosen["groupby"]]["field"]
        order = choices["sortby"][chosen["sortby"]]["order"]
        complaints = Complaint.search(
            domain,
            order=f"{group}, {order}" if group else order,
            limit=PAGE,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values() | chosen
        values |= {
            "page_name": "complaints",
            "default_url": "/my/complaints",
            "pager": pager,
            "search": search,
            "searchbar_sortings": choices["sortby"],
            "searchbar_filters": choices["filterby"],
            "searchbar_groupby": choices["groupby"],
            "searchbar_inputs": choices["search_in"],
            "groups": self._complaint_groups(complaints, group),
        }
        return request.render("customer_care.portal_my_complaints", values)

    def _complaint_domain(self):
        """Complaints of the user's own company, for internal users as well"""
        customer = request.env.user.commercial_partner_id
        return Domain("partner_id.commercial_partner_id", "=", customer.id) & Domain(
            "kind", "!=", "internal"
        )

    def _complaint_choices(self):
        """Choices above the list; the first one is the default."""
        env = request.env
        status = env["care.complaint"]._fields["portal_status"]
        statuses = dict(status._description_selection(env))
        return {
            "sortby": {
                "date": {
                    "label": env._("Newest"),
                    "order": "received_at desc, id desc",
                },
                "oldest": {"label": env._("Oldest"), "order": "received_at, id"},
                "status": {
                    "label": env._("Status"),
                    "order": "portal_status, received_at desc, id desc",
                },
                "subject": {"label": env._("Subject"), "order": "subject, id"},
            },
            "filterby": {
                "all": {"label": env._("All"), "domain": Domain.TRUE},
                "open": {
                    "label": env._("Open"),
                    "domain": Domain("portal_status", "!=", "closed"),
                },
            }
            | {
                name: {"label": label, "domain": Domain("portal_status", "=", name)}
                for name, label in statuses.items()
            }
            | {
                "suggestion": {
                    "label": env._("Suggestions"),
                    "domain": Domain("kind", "=", "suggestion"),
                },
            },
            "groupby": {
                "none": {"label": env._("None"), "field": None},
                "status": {"label": env._("Status"), "field": "portal_status"},
                "order": {"label": env._("Order"), "field": "order_id"},
                "contact": {"label": env._("Contact Person"), "field": "contact_id"},
            },
            "search_in": {
                "all": {"label": env._("Search in All"), "input": "all"},
                "name": {"label": env._("Search by Number"), "input": "name"},
                "subject": {"label": env._("Search by Subject"), "input": "subject"},
                "order": {"label": env._("Search by Order"), "input": "order"},
            },
        }

    def _complaint_search(self, where, text):
        if not text:
            return Domain.TRUE
        orders = (
            request.env["sale.order"]
            .sudo()
            ._search(self._order_domain() & Domain("name", "ilike", text))
        )
        places = {
            "name": Domain("name", "ilike", text),
            "subject": Domain("subject", "ilike", text),
            "order": Domain("order_id", "in", orders),
        }
        everywhere = [*places.values(), Domain("description", "ilike", text)]
        return places.get(where) or Domain.OR(everywhere)

    def _complaint_groups(self, complaints, field):
        """[(title, complaints)]"""
        if not field:
            return [(False, complaints)] if complaints else []
        selection = complaints._fields["portal_status"]._description_selection(
            request.env
        )
        groups = []
        for key, rows in groupby(complaints, lambda complaint: complaint[field]):
            if field == "portal_status":
                title = dict(selection)[key]
            else:
                title = key.sudo().display_name or request.env._("None")
            groups.append((title, complaints.browse(row.id for row in rows)))
        return groups

    # ------------------------------------------------------------
    # One complaint
    # ------------------------------------------------------------

    def _get_complaint(self, complaint_id, access_token=None):
        """:return: the complaint as superuser, and as done by who asks
        :raise NotFound: it does not exist, or is nobody's business: both look the same
        """
        if complaint_id > MAX_ID or not (access_token or "").isascii():
            raise NotFound()
        try:
            self._document_check_access("care.complaint", complaint_id, access_token)
        except (AccessError, MissingError):
            raise NotFound()
        complaint = request.env["care.complaint"].sudo().browse(complaint_id)
        if complaint.kind == "internal" and not request.env.user._is_internal():
            raise NotFound()
        return complaint

    def _get_own_complaint(self, complaint_id, access_token=None):
        """Get a complaint to act on it as the customer. Internal users can read the
        page, but cannot rate or close a complaint in the customer's name."""
        if request.env.user._is_internal():
            raise NotFound()
        return self._get_complaint(complaint_id, access_token)

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=_only_read,
    )
    def portal_complaint(self, complaint_id, access_token=None, done=None, **query):
        if request.env.user._is_public() and not access_token:
            path = url_quote(request.httprequest.path)
            return request.redirect(f"/web/login?redirect={path}")
        complaint = self._get_complaint(complaint_id, access_token)
        colleague = request.env.user._is_internal()
        values = self._prepare_portal_layout_values() | {
            "page_name": "complaint",
            "object": complaint,
            "complaint": complaint,
            "done": done,
            "received": request.env._(
                "Thank you. We have received your complaint %s.", complaint.name
            ),
            "files": complaint._portal_files(),
            "kept": self._get_kept(complaint),
            "statuses": complaint._fields["portal_status"]._description_selection(
                request.env
            ),
            "may_rate": complaint._portal_may_rate() and not colleague,
            "colleague": colleague,
            "access_token": access_token,
            "token": access_token,
            "pid": query.get("pid"),
            "hash": query.get("hash"),
            "no_breadcrumbs": request.env.user._is_public(),
        }
        return request.render("customer_care.portal_complaint", values)

    def _get_kept(self, complaint):
        """The complaint that this one was merged into, if the customer may read it"""
        kept = complaint._surviving()
        readable = kept.sudo(False).has_access("read") and kept != complaint
        return kept if readable else kept.browse()

    @http.route(
        "/my/complaints/<int:complaint_id>/files/<int:attachment_id>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
    )
    def portal_complaint_file(self, complaint_id, attachment_id, access_token=None):
        """Always send as a download, so that no file of a stranger opens under our
        address."""
        complaint = self._get_complaint(complaint_id, access_token)
        file = complaint._portal_files().filtered(lambda own: own.id == attachment_id)
        if not file:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(file)
        return stream.get_response(as_attachment=True)

    @http.route(
        "/my/complaints/<int:complaint_id>/rate",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_rate(self, complaint_id, access_token=None, **post):
        complaint = self._get_own_complaint(complaint_id, access_token)
        outcome = post.get("outcome")
        done = "rate_choose"
        if outcome in RATINGS:
            comment = (post.get("comment") or "").strip()[:MAX_TEXT]
            reopen = outcome == "unsatisfied" and bool(post.get("reopen"))
            try:
                complaint._portal_rate(outcome, comment, reopen)
                done = "reopened" if reopen else "rated"
            except UserError:
                done = "rate_early"
        return self._back_to(complaint, done, access_token)

    @http.route(
        "/my/complaints/<int:complaint_id>/close",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_close(self, complaint_id, access_token=None, **post):
        complaint = self._get_own_complaint(complaint_id, access_token)
        complaint._portal_close(withdrawn=post.get("reason") == "withdrawn")
        return self._back_to(complaint, "closed", access_token)

    def _back_to(self, complaint, done, access_token=None):
        url = f"/my/complaints/{complaint.id}?done={done}"
        if access_token:
            url += f"&access_token={url_quote(access_token)}"
        return request.redirect(url)

    # ------------------------------------------------------------
    # A new complaint
    # ------------------------------------------------------------

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_complaint_new(self, order_id=None, **query):
        self._check_complaints()
        return self._show_form({"order_id": order_id})

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_create(self, **post):
        self._check_complaints()
        form, errors = self._read_form(post)
        values = {"company_id": request.env.company.id}
        if form["order_id"]:
            order = self._own_orders(form["order_id"])
            if order:
                values |= {"order_id": order.id, "company_id": order.company_id.id}
            else:
                errors["order_id"] = request.env._("Choose one of your orders.")
        files = self._read_files(errors)
        if errors:
            return self._show_form(form, errors)
        user = request.env.user
        sender = f"user {user.id}"
        try:
            complaint = self._send_once(
                sender,
                form["token"],
                lambda: request.env["care.complaint"]._portal_create(
                    user.partner_id, self._texts(form) | values, files
                ),
            )
        except DiskFull as error:
            return self._show_form(form, {"files": str(error)}, status=507)
        if not complaint:
            return self._show_form(form, self._too_many(), status=429)
        return self._back_to(complaint, "new")

    def _send_once(self, sender, token, create):
        """:param create: function that makes the complaint
        :return: the complaint, also of a form that was sent before, as superuser; none
            if the sender has sent too many
        :raise DiskFull: a file could not be stored, and nothing was
        """
        Form = request.env["care.complaint.form"].sudo()
        row, new = Form._claim(sender, token) if token else (Form, True)
        if not new:
            return row.complaint_id
        if not self._admit(sender):
            row.unlink()
            return request.env["care.complaint"]
        try:
            with request.env.cr.savepoint():
                row.complaint_id = complaint = create()
        except DiskFull:
            row.unlink()  # so that the same form can be sent again
            raise
        return complaint

    @http.route(
        ["/complaints/new", "/complaints/new/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def public_complaint_new(self, **query):
        company = self._public_company()
        if not request.env.user._is_public():
            return request.redirect("/my/complaints/new")
        return self._show_form({}, company=company)

    @http.route(
        ["/complaints/new", "/complaints/new/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def public_complaint_create(self, **post):
        company = self._public_company()
        form, errors = self._read_form(post)
        if not form["name"]:
            errors["name"] = request.env._("Enter your name.")
        if not single_email_re.match(form["email"]):
            errors["email"] = request.env._(
                "Enter one e-mail address, such as name@example.com. We will answer "
                "to it."
            )
        files = self._read_files(errors)
        if errors:
            return self._show_form(form, errors, company=company)
        if post.get(TRAP):
            return request.redirect("/complaints/thanks")
        Complaint = request.env["care.complaint"].sudo().with_company(company)

        def create():
            customer = Complaint._portal_customer(
                form["name"], form["email"], form["phone"]
            )
            return Complaint._portal_create(
                customer, self._texts(form) | {"company_id": company.id}, files
            )

        try:
            complaint = self._send_once(_sender_address(), form["token"], create)
        except DiskFull as error:
            errors = {"files": str(error)}
            return self._show_form(form, errors, company=company, status=507)
        if not complaint:
            return self._show_form(form, self._too_many(), company=company, status=429)
        request.session["care_complaint_number"] = complaint.name
        return request.redirect("/complaints/thanks")

    @http.route(
        "/complaints/thanks",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def public_complaint_thanks(self, **query):
        env = request.env
        number = request.session.get("care_complaint_number")
        return request.render(
            "customer_care.public_complaint_thanks",
            {"number": number and env._("The complaint number is %s.", number)},
        )

    def _public_company(self):
        """The company that the address names, whatever the form says.

        :raise NotFound: it wants no complaints of visitors
        """
        self._check_complaints()
        company = request.env.company.sudo()
        if named := re.search(r"/complaints/new/(\d{1,9})$", request.httprequest.path):
            company = company.browse(int(named[1])).exists()
        if not company.care_public_form:
            raise NotFound()
        return company

    def _own_orders(self, order_id=None):
        """Confirmed orders of the user's own company, latest first; or the given
        one."""
        domain = self._order_domain() & Domain("state", "=", "sale")
        if order_id is not None:
            if not order_id.isdecimal() or len(order_id) > 9:
                return request.env["sale.order"]
            domain &= Domain("id", "=", int(order_id))
        return (
            request.env["sale.order"]
            .sudo()
            .search(domain, order="date_order DESC, id DESC", limit=ORDERS)
        )

    def _order_domain(self):
        customer = request.env.user.commercial_partner_id
        return Domain("partner_id.commercial_partner_id", "=", customer.id) & Domain(
            "company_id", "in", request.env.companies.ids
        )

    def _read_form(self, post):
        """:return: what was typed, and {field: what is wrong with it}"""
        env = request.env
        names = (*TEXTS, "kind", "order_id", "name", "email", "phone", "token")
        form = {name: (post.get(name) or "").strip() for name in names}
        if not TOKEN.fullmatch(form["token"]):
            form["token"] = ""
        errors = {}
        if not form["subject"]:
            errors["subject"] = env._("Enter a short subject.")
        elif len(form["subject"]) > MAX_SUBJECT:
            errors["subject"] = env._(
                "Enter at most %s characters in the subject and the rest in the "
                "description.",
                MAX_SUBJECT,
            )
        if not form["description"]:
            errors["description"] = env._("Describe what happened.")
        for name in ("description", "wanted"):
            if len(form[name]) > MAX_TEXT:
                errors[name] = env._(
                    "Enter at most %s characters. Attach longer texts as a file.",
                    MAX_TEXT,
                )
        return form, errors

    def _texts(self, form):
        kind = "suggestion" if form["kind"] == "suggestion" else "customer"
        return {name: form[name] for name in TEXTS} | {"kind": kind}

    def _read_files(self, errors):
        """:return: [(name, bytes)]; nothing is kept of files when one is refused"""
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ]
        if len(uploads) > MAX_FILES:
            errors["files"] = request.env._("Attach at most %s files.", MAX_FILES)
            return []
        files = []
        for upload in uploads:
            upload.seek(0)  # Odoo rewinds only the first one when it tries again
            content = upload.read(MAX_FILE_SIZE + 1)
            if len(content) > MAX_FILE_SIZE:
                errors["files"] = request.env._(
                    "“%(file)s” exceeds %(size)s MB. Attach a smaller file.",
                    file=upload.filename,
                    size=MAX_FILE_SIZE // 1024**2,
                )
                return []
            files.append((_safe_name(upload.filename), content))
        return files

    def _admit(self, sender):
        return request.env["care.complaint.throttle"].sudo()._admit(sender)

    def _too_many(self):
        return {
            "limit": request.env._(
                "You have sent too many complaints within a minute. Wait a minute "
                "and send this one again; your text has been kept."
            )
        }

    def _file_words(self):
        env = request.env
        numbers = {"files": MAX_FILES, "size": MAX_FILE_SIZE // 1024**2}
        return {
            "hint": env._(
                "Up to %(files)s files of up to %(size)s MB each.", **numbers
            ),
            "too_many": env._("Attach at most %s files.", MAX_FILES),
            "too_large": env._(
                "A file exceeds %s MB. Attach a smaller one.", numbers["size"]
            ),
        }

    def _show_form(self, form, errors=None, company=None, status=None):
        values = self._prepare_portal_layout_values() | {
            "page_name": "complaint_new",
            "form": form | {"token": form.get("token") or secrets.token_urlsafe(24)},
            "errors": errors or {},
            "company": company,
            "orders": [] if company else self._own_orders(),
            "format_date": lambda date: format_date(request.env, date),
            "trap": TRAP,
            "max_files": MAX_FILES,
            "max_file_size": MAX_FILE_SIZE,
            "file_words": self._file_words(),
            "max_subject": MAX_SUBJECT,
            "no_breadcrumbs": bool(company),
        }
        response = request.render("customer_care.portal_complaint_form", values)
        if errors:
            response.status_code = status or 422
        return response


def _sender_address():
    """The sender's address; for IPv6 its /64 network, whose addresses one sender
    controls."""
    text = request.httprequest.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return f"address {text}"
    if address.version == 6 and not address.ipv4_mapped:
        return f"address {ipaddress.ip_network((address, 64), strict=False)}"
    return f"address {address}"


def _safe_name(name):
    """File name without folders and bidirectional control characters; the extension
    stays"""
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", name)
    return name.strip()[-150:] or "file"
