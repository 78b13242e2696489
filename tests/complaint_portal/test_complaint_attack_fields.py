from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ...models.complaint_portal.care_complaint_portal import _Checked
from ..common_portal import PortalCase

READABLE = {
    "id",
    "display_name",
    "name",
    "subject",
    "description",
    "kind",
    "wanted",
    "partner_id",
    "contact_id",
    "company_id",
    "order_id",
    "received_at",
    "closed_at",
    "outcome",
    "outcome_comment",
    "portal_status",
    "portal_solution",
    "portal_answer_until",
    "access_url",
    "access_token",
    "access_warning",
}
"""Written down a second time, so that nobody opens a field by the way."""


@tagged("post_install", "-at_install")
class TestHiddenFields(PortalCase):
    """All fields of a complaint, those that come later as well."""

    def setUp(self):
        super().setUp()
        self.as_client = self.mine.with_user(self.client_user)
        self.hidden = sorted(set(self.mine._fields) - READABLE)

    def test_only_the_whitelist_is_readable(self):
        self.assertEqual(set(self.as_client.fields_get()), READABLE)
        self.as_client.read(sorted(READABLE))
        self.assertGreater(len(self.hidden), 40)
        for name in self.hidden:
            with self.assertRaises(AccessError, msg=name):
                self.as_client.read([name])
        self.assertEqual(set(self.as_client.read()[0]), READABLE)

    def test_no_field_is_checked_by_the_context(self):
        """What reading puts into the context counts for that user and those fields."""
        other = self.env.ref("base.user_admin").id
        own = self.client_user.id
        for checked in (
            [own, ["solution"]],
            _Checked(other, frozenset(["solution"])),
            _Checked(own, frozenset(["subject"])),
        ):
            client = self.as_client.with_context(care_checked=checked)
            with self.assertRaises(AccessError):
                client.read(["solution"])
            with self.assertRaises(AccessError):
                client.mapped("solution")

    def test_no_condition_on_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for name in self.hidden:
            for operator, value in (("=", False), ("!=", False), ("in", [1])):
                with self.assertRaises(AccessError, msg=name):
                    Complaint.search_count([(name, operator, value)])
            with self.assertRaises(AccessError, msg=name):
                Complaint.search(["|", ("id", ">", 0), "!", (name, "=", 1)])

    def test_no_condition_beyond_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for path in (
            "stage_id.phase",
            "stage_id.name",
            "team_id.name",
            "user_id.login",
            "tier_id.code",
            "sla_ids.deadline",
            "event_ids.kind",
            "partner_id.care_tier_id",
            "partner_id.care_tier_id.code",
            "contact_id.care_relationship_level",
            "message_ids.body",
            "message_follower_ids.partner_id",
            "activity_ids.summary",
            "create_uid.login",
        ):
            with self.assertRaises(AccessError, msg=path):
                Complaint.search([(path, "!=", False)])
        with self.assertRaises(AccessError):
            Complaint.search([("stage_id", "any", [("phase", "=", "record")])])

    def test_no_order_by_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for name in self.hidden:
            if not self.mine._fields[name].store and name != "sla_state":
                continue
            with self.assertRaises(AccessError, msg=name):
                Complaint.search([], order=name, limit=1)
            with self.assertRaises(AccessError, msg=name):
                Complaint.search([], order=f"{name} desc, id", limit=1)
        for name in ("phase", "sla_state", "stage_id.sequence", "user_id.id"):
            with self.assertRaises(AccessError, msg=name):
                Complaint.search([], order=name, limit=1)

    def test_no_group_and_no_sum_of_a_hidden_field(self):
        Complaint = self.as_client.browse()
        for name in (*self.hidden, "stage_id.phase", "partner_id.care_tier_id"):
            for arguments in (
                {"groupby": [name], "aggregates": ["__count"]},
                {"aggregates": [f"{name}:max"]},
                {
                    "groupby": ["kind"],
                    "aggregates": ["__count"],
                    "having": [(f"{name}:max", ">", 0)],
                },
                {
                    "groupby": ["kind"],
                    "aggregates": ["__count"],
                    "order": f"{name}:max",
                },
            ):
                try:
                    rows = Complaint.formatted_read_group([], **arguments)
                except (AccessError, ValueError):
                    continue
                self.fail(f"{name} {arguments} gave {rows}")

    def test_nothing_is_writable(self):
        for name in self.mine._fields:
            self.assertFalse(
                self.as_client._has_field_access(self.mine._fields[name], "write"), name
            )
            with self.assertRaises(AccessError, msg=name):
                self.as_client.write({name: self.mine[name]})
        with self.assertRaises(AccessError):
            self.as_client.create({"subject": "x", "partner_id": self.salon.id})
        with self.assertRaises(AccessError):
            self.as_client.unlink()
        with self.assertRaises(AccessError):
            self.as_client.copy()

    @users("care_client")
    def test_no_other_model_of_the_app(self):
        names = [name for name in self.env.registry if name.startswith("care.")]
        self.assertIn("care.sla.status", names)
        for name in names:
            model = self.env[name]
            if name != "care.complaint" and not model._abstract:
                self.assertFalse(model.has_access("read"), name)
                with self.assertRaises(AccessError, msg=name):
                    model.search([])

    def test_a_draft_of_the_solution_is_not_told(self):
        self.mine.solution = "Half the price"
        self.assertFalse(self.as_client.portal_solution)
        self.move(self.mine, "verify")
        self.assertEqual(self.as_client.portal_solution, "Half the price")

    def test_internal_complaints_are_not_told(self):
        self.mine.kind = "internal"
        self.assertNotIn(self.mine, self.as_client.search([]))
        with self.assertRaises(AccessError):
            self.as_client.read(["subject"])
