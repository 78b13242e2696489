from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from .common_complaint import ComplaintCase

EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'
"""What somebody types who wants others to run it"""


class PortalCase(HttpCase, ComplaintCase):
    """Two customers with people who log in, and somebody who does not.

    Salon            care_client, care_partner    2 complaints (mine, colleague's)
    Rival            care_rival                   1 complaint (theirs)
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy(hours=8)
        cls.rival = cls.customer("Rival", user_id=cls.all.id)
        cls.client_user = cls.portal_user("client", cls.salon)
        cls.partner_user = cls.portal_user("partner", cls.salon)
        cls.rival_user = cls.portal_user("rival", cls.rival)
        cls.mine = cls.complain(
            subject="Mine", partner_id=cls.client_user.partner_id.id, user_id=cls.rep.id
        )
        cls.theirs = cls.complain(
            subject="Theirs", partner_id=cls.rival_user.partner_id.id
        )
        cls.env.ref("base.public_user").write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def portal_user(cls, login, customer):
        user = cls.make_user(
            login,
            "base.group_portal",
            name=login.title(),
            email=f"{login}@example.com",
            tz="UTC",
        )
        user.partner_id.parent_id = customer
        return user

    def move(self, complaint, phase):
        complaint.stage_id = self.stages[phase]

    # ------------------------------------------------------------
    # HTTP
    # ------------------------------------------------------------

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def post(self, url, files=(), **data):
        """Send a form as a browser does, with the session's CSRF token.

        :param files: [(name, bytes)]
        """
        return self.url_open(
            url,
            data=data | {"csrf_token": Request.csrf_token(self)},
            files=[("files", (name, content)) for name, content in files] or None,
        )

    def new(self, url="/my/complaints/new", files=(), **data):
        """Send a new complaint.

        :return: (response, complaints that were made)
        """
        Complaint = self.env["care.complaint"]
        before = Complaint.search([])
        response = self.post(
            url, files, **({"subject": "Leaks", "description": "It leaks."} | data)
        )
        self.env.invalidate_all()
        return response, Complaint.search([]) - before

    def rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def refused(self, call, *args, **kwargs):
        """:return: name of the error that the server answers with"""
        with mute_logger("odoo.http"):
            try:
                result = call(*args, **kwargs)
            except JsonRpcException as error:
                return str(error)
        return self.fail(f"Not refused: {args} {kwargs} gave {result}")
