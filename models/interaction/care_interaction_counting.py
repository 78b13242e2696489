from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_list

from ...tools import counting
from .care_interaction import COUNTING_FIELDS, DECIDED_FIELDS

HOLDER_CODES = [
    ("outside", "Not in the account team"),
    ("other_role", "Role of somebody else"),
    ("stand_in_role", "Stands in for somebody without the role"),
    ("no_role", "No role"),
]


class CareInteraction(models.Model):
    """Does a contact count for the contact plan? By the rules in
    ``tools/counting.py``, decided when it is written: who leaves the account team later
    takes no contact along."""

    _inherit = "care.interaction"

    holder_code = fields.Selection(
        HOLDER_CODES,
        "Counts for Nobody",
        compute="_compute_holder_code",
        store=True,
        precompute=True,
        exportable=False,
    )
    uncounted_code = fields.Selection(
        [*HOLDER_CODES, ("incomplete", "Report incomplete")],
        "Does Not Count",
        compute="_compute_uncounted_code",
        store=True,
        precompute=True,
        help="Why the contact does not count for the contact plan.",
    )
    uncounted_reason = fields.Char(
        "Why It Does Not Count", compute="_compute_uncounted_reason"
    )

    _nobodys_idx = models.Index("(partner_id) WHERE holder_code IS NOT NULL")
    _incomplete_idx = models.Index(
        "(company_id) WHERE state = 'done' AND uncounted_code = 'incomplete'"
    )

    def _auto_init(self):
        """Contacts from before an upgrade keep counting: columns that exist are not
        computed."""
        self.env.cr.execute(
            """
            ALTER TABLE IF EXISTS care_interaction
            ADD COLUMN IF NOT EXISTS stand_in_for_id int4,
            ADD COLUMN IF NOT EXISTS holder_code varchar,
            ADD COLUMN IF NOT EXISTS uncounted_code varchar
            """
        )
        return super()._auto_init()

    @api.depends("partner_id", "user_id", "role_id", "stand_in_for_id", "state")
    def _compute_holder_code(self):
        teams = self._teams()
        for contact in self:
            team = teams[contact.partner_id.commercial_partner_id.id]
            other = contact.stand_in_for_id
            contact.holder_code = counting.holder_code(
                contact.role_id.id or None,
                team.roles(contact.user_id),
                team.roles(other) if other else None,
                team.taken(contact.company_id),
            )

    @api.depends(
        "holder_code",
        "state",
        "channel",
        "company_id",
        "summary",
        "outcome",
        "purpose_ids",
    )
    def _compute_uncounted_code(self):
        for contact in self:
            contact.uncounted_code = contact.holder_code or (
                "incomplete" if contact._missing_items() else False
            )

    @api.depends("uncounted_code", "too_soon", "state", *sorted(COUNTING_FIELDS))
    @api.depends_context("lang", "uid")
    def _compute_uncounted_reason(self):
        for contact in self:
            words = False
            if contact.partner_id and contact.state != "cancelled":
                if contact.uncounted_code == "incomplete":
                    words = contact._incomplete_words()
                elif contact.uncounted_code:
                    words = contact._nobodys_words()
                elif contact.too_soon:
                    words = self.env._(
                        "Does not count: too soon after another contact. The contacts "
                        "agreed for a window keep a distance."
                    )
            contact.uncounted_reason = words

    def _incomplete_words(self):
        names = {
            name: self._fields[field]._description_string(self.env)
            for name, field in (
                ("summary", "summary"),
                ("outcome", "outcome"),
                ("purpose", "purpose_ids"),
            )
        }
        names["either"] = format_list(
            self.env, [names["summary"], names["outcome"]], style="or"
        )
        items = format_list(self.env, [names[name] for name in self._missing_items()])
        if self.state == "done":
            return self.env._("Does not count yet. Missing: %s", items)
        return self.env._("Counts once these are filled in: %s", items)

    def _nobodys_words(self):
        mine = self.user_id == self.env.user
        values = {
            "person": self.user_id.sudo().name or self.env._("Nobody"),
            "customer": self.partner_id.display_name,
            "role": self.role_id.sudo().name,
            "other": self.stand_in_for_id.sudo().name,
            "manager": (self.company_id or self.env.company)._care_manager().name
            or self.env._("your manager"),
        }
        if self.uncounted_code == "outside" and mine:
            return self.env._(
                "Counts for nobody: you are not in the account team of %(customer)s. "
                "Choose whom you stand in for, or ask %(manager)s to add you to the "
                "team.",
                **values,
            )
        if self.uncounted_code == "outside":
            return self.env._(
                "Counts for nobody: %(person)s is not in the account team of "
                "%(customer)s. Choose for whom the contact was made, or add "
                "%(person)s to the team.",
                **values,
            )
        if self.uncounted_code == "other_role":
            return self.env._(
                "Counts for nobody: %(person)s does not have the role %(role)s at "
                "%(customer)s. Choose another role, or for whom the contact was made.",
                **values,
            )
        if self.uncounted_code == "stand_in_role":
            return self.env._(
                "Counts for nobody: %(other)s does not have the role %(role)s at "
                "%(customer)s. Choose another role or person.",
                **values,
            )
        return self.env._(
            "Counts for nobody: choose the role in which the contact is made.", **values
        )

    @api.model
    def default_get(self, field_names):
        values = super().default_get(field_names)
        return {
            name: value for name, value in values.items() if name not in DECIDED_FIELDS
        }

    def _check_decided(self, vals):
        if not self.env.su and DECIDED_FIELDS & set(vals):
            raise UserError(
                self.env._(
                    "Whether a contact counts, its hours and its distance follow from "
                    "the report. Correct the report instead."
                )
            )

    def _missing_items(self):
        """Names of what the report lacks, by the company's settings for the channel"""
        self.ensure_one()
        company = (self.company_id or self.env.company).sudo()
        requirement, needs_purpose = company._care_required_items(self.channel)
        return counting.missing_items(
            requirement,
            needs_purpose,
            self.summary or "",
            self.outcome or "",
            bool(self.purpose_ids),
        )

    def _teams(self):
        """{id of a customer: its :class:`Team`}"""
        teams = defaultdict(Team)
        if not self:
            return teams
        self.env["care.account.member"].flush_model()
        self.env["res.users"].flush_model(["active", "company_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT member.partner_id, member.user_id, member.role_id,
                       CASE WHEN users.active THEN ARRAY(
                            SELECT works.cid FROM res_company_users_rel works
                             WHERE works.user_id = users.id) END
                  FROM care_account_member member
                  JOIN res_users users ON users.id = member.user_id
                 WHERE member.partner_id = ANY(%s)
                """,
                [
                    partner
                    for partner in self.partner_id.commercial_partner_id.ids
                    if partner
                ],
            )
        )
        for partner, user, role, companies in rows:
            teams[partner].add(user, role, companies or ())
        return teams

    def _forget_uncounted_targets(self):
        """A contact that was planned for a target and does not count leaves it."""
        self.sudo().filtered(
            lambda contact: contact.state == "done"
            and contact.uncounted_code
            and contact.target_id
        ).target_id = False

    # ------------------------------------------------------------
    # Deciding anew
    # ------------------------------------------------------------

    @api.model
    def _recount_teams(self, partners):
        """Count the contacts of new members of account teams that counted for nobody
        before. What counts keeps counting."""
        self.env.flush_all()
        contacts = self.sudo().search(
            [("partner_id", "in", partners.ids), ("holder_code", "!=", False)]
        )
        without_role = contacts.filtered(lambda contact: not contact.role_id)
        self.env.add_to_compute(self._fields["role_id"], without_role)
        contacts._recount(["holder_code", "uncounted_code"])

    @api.model
    def _recount_incomplete(self, companies):
        """Count the reports that lack nothing any more, after a change of settings."""
        self.env.flush_all()
        self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "done"),
                ("uncounted_code", "=", "incomplete"),
            ]
        )._recount(["uncounted_code"])

    def _recount(self, names):
        if not self:
            return
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.env.flush_all()
        self.invalidate_recordset(["uncounted_reason"], flush=False)
        fresh = self.filtered(
            lambda contact: contact.state == "done" and not contact.uncounted_code
        )
        self.env["care.plan.target"]._match(fresh._match_keys())


class Team:
    """Who has which role for one customer."""

    def __init__(self):
        self._roles = defaultdict(set)
        self._companies = defaultdict(set)

    def add(self, user, role, companies):
        """:param companies: ids of those in which an active user works"""
        self._roles[user].add(role)
        self._companies[role].update(companies)

    @property
    def users(self):
        return set(self._roles)

    def roles(self, user):
        return self._roles.get(user.id, frozenset())

    def taken(self, company):
        """Roles that somebody can serve in the company"""
        return {
            role
            for role, companies in self._companies.items()
            if not company or company.id in companies
        }
