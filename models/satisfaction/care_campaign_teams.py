from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import sampling, satisfaction

COLLEAGUES = {
    "anonymous": True,
    "channel": "email",
    "phone_without_email": False,
    "account_persons": "main",
    "first_in_mail": False,
}
"""What holds for every campaign among colleagues"""


class CareCampaign(models.Model):
    """Internal customers: departments, the sales teams, rate each other. The sample is
    drawn of colleagues, each of whom rates some other departments."""

    _inherit = "care.campaign"

    audience = fields.Selection(
        [("customers", "Customers"), ("colleagues", "Colleagues")],
        "Who Is Asked",
        default="customers",
        required=True,
        help="Colleagues rate other departments (sales teams). Their answers are "
        "always anonymous and never count as customer satisfaction.",
    )
    department_ids = fields.Many2many(
        "crm.team",
        "care_campaign_asked_team_rel",
        "campaign_id",
        "team_id",
        "Departments Asked",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Members of these sales teams are asked. Leave empty for all.",
    )
    rated_department_ids = fields.Many2many(
        "crm.team",
        "care_campaign_rated_team_rel",
        "campaign_id",
        "team_id",
        "Departments Rated",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Leave empty for all. Nobody rates the own department.",
    )
    departments_each = fields.Integer(
        "Departments per Colleague",
        default=3,
        aggregator=None,
        help="Each colleague rates at most so many departments, drawn by the seed.",
    )

    @api.onchange("audience")
    def _onchange_audience(self):
        surveys = self.env["survey.survey"]
        kinds = {"customers": "periodic", "colleagues": "departments"}
        others = [
            surveys._care_ready_survey(kind)
            for audience, kind in kinds.items()
            if audience != self.audience
        ]
        if not self.survey_id or self.survey_id._origin in others:
            self.survey_id = surveys._care_ready_survey(kinds[self.audience])
        if self.audience == "colleagues":
            self.update(COLLEAGUES)

    @api.constrains(
        "audience", "anonymous", "channel", "phone_without_email", "account_persons"
    )
    def _check_colleagues(self):
        if any(
            campaign[name] != value
            for campaign in self
            if campaign.audience == "colleagues"
            for name, value in COLLEAGUES.items()
            if name != "first_in_mail"
        ):
            raise ValidationError(
                self.env._(
                    "Campaigns among colleagues are always anonymous and sent by "
                    "e-mail."
                )
            )

    @api.constrains("departments_each")
    def _check_departments_each(self):
        if any(campaign.departments_each < 1 for campaign in self):
            raise ValidationError(
                self.env._("Each colleague must rate at least one department.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                COLLEAGUES | vals if vals.get("audience") == "colleagues" else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if vals.get("audience") == "colleagues":
            vals = COLLEAGUES | vals
        return super().write(vals)

    # ------------------------------------------------------------
    # Sample
    # ------------------------------------------------------------

    def _rated_departments(self):
        """The chosen ones, or all of the company"""
        return self.rated_department_ids or self._all_departments()

    def _all_departments(self):
        return (
            self.env["crm.team"]
            .sudo()
            .search(Domain("company_id", "in", (self.company_id.id, False)))
        )

    def _colleague_departments(self):
        """{user: (department for which it is asked, departments it may rate)} of active
        internal users. Those that a user is in or leads are its own."""
        asked = self.department_ids or self._all_departments()
        rated = self._rated_departments()
        members = self.env["crm.team.member"].sudo()
        found, own = {}, defaultdict(set)
        for member in members.search(
            Domain("user_id.active", "=", True)
            & Domain("user_id.share", "=", False)
            & Domain("user_id.company_ids", "in", self.company_id.ids),
            order="create_date, id",
        ):
            own[member.user_id].add(member.crm_team_id)
            if member.crm_team_id in asked:
                found.setdefault(member.user_id, member.crm_team_id)
        for team in rated:
            own[team.user_id].add(team)
        return {
            user: (team, rated.filtered(lambda one, user=user: one not in own[user]))
            for user, team in found.items()
        }

    def _colleague_rows(self, partners):
        """{id of a partner: (reason why it cannot be asked if so, e-mail)}"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS MATERIALIZED (%(asked)s)
                SELECT p.id,
                       COALESCE(%(refusal)s, CASE
                           WHEN p.email_normalized IS NULL THEN 'no_address'
                           WHEN p.id IN (SELECT contact_id FROM asked)
                                OR p.email_normalized IN (SELECT email FROM asked)
                           THEN 'quarantine' END),
                       p.email_normalized
                  FROM res_partner p WHERE p.id = ANY(%(partners)s)
                """,
                asked=self._sql_asked_lately(fields.Datetime.now()),
                refusal=self.env["care.invitation"]._sql_refusal(
                    SQL("p"),
                    SQL("p"),
                    SQL("%s::int", self.company_id.id),
                    SQL("FALSE"),
                    SQL("FALSE"),
                    colleague=SQL("TRUE"),
                ),
                partners=partners.ids,
            )
        )
        return {partner: (reason, email) for partner, reason, email in rows}

    def _split_colleagues(self, departments):
        """{id of a department: [users who can be asked]}, {reason: partners left out}
        and {id of a user: e-mail}"""
        users = self.env["res.users"].sudo().union(*departments).sorted("id")
        rows = self._colleague_rows(users.partner_id)
        eligible, left_out, emails = defaultdict(list), defaultdict(list), {}
        for user in users:
            team, rated = departments[user]
            reason, email = rows[user.partner_id.id]
            if not reason and not rated:
                reason = "no_department"
            if not reason and email in emails.values():
                reason = "duplicate"
            if reason:
                left_out[reason].append(user.partner_id.id)
            else:
                emails[user.id] = email
                eligible[team.id].append(user.id)
        return eligible, left_out, emails

    def _draw(self):
        if self.audience != "colleagues":
            return super()._draw()
        self.env.flush_all()
        self.lock_for_update()
        self.env["care.invitation"].sudo().search(
            Domain("campaign_id", "=", self.id)
        ).unlink()
        departments = self._colleague_departments()
        eligible, left_out, emails = self._split_colleagues(departments)
        self._invite_colleagues(self._choose(eligible), departments, emails)
        self.write(
            {
                "state": "sampled",
                "sampled_at": fields.Datetime.now(),
                "audience_count": len(departments),
                "left_out": {reason: len(ids) for reason, ids in left_out.items()},
                "seed_fixed": True,
                "strata": False,
            }
        )
        self.invalidate_recordset()
        return None

    def _invite_colleagues(self, chosen, departments, emails):
        """Create an invitation for each colleague and department to rate. Departments
        that too few would rate are not asked about: nothing could be shown."""
        pairs = []
        for user in self.env["res.users"].sudo().browse(sorted(chosen)):
            team, rated = departments[user]
            drawn = sampling.order(f"{self.seed}:{user.id}", rated.ids)
            pairs += [(user, team.id, one) for one in drawn[: self.departments_each]]
        counts = Counter(rated for _user, _team, rated in pairs)
        self.env["care.invitation"].sudo().create(
            [
                {
                    "campaign_id": self.id,
                    "company_id": self.company_id.id,
                    "partner_id": user.partner_id.id,
                    "contact_id": user.partner_id.id,
                    "email": emails[user.id],
                    "channel": "email",
                    "state": "pending",
                    "asking_team_id": team,
                    "rated_team_id": rated,
                }
                for user, team, rated in pairs
                if counts[rated] >= satisfaction.ANONYMOUS_GROUP_SIZE
            ]
        )

    def _nobody_words(self):
        if self.audience != "colleagues":
            return super()._nobody_words()
        return self.env._(
            "No colleague can be invited. A department is rated only if at least five "
            "members of other sales teams can be asked about it."
        )

    def _left_out_words(self):
        return super()._left_out_words() | {
            "no_department": self.env._("No other department to rate")
        }

    def action_view_left_out(self, reason):
        action = super().action_view_left_out(reason)
        if self.audience == "colleagues":
            campaign = self.sudo()
            _eligible, left_out, _emails = campaign._split_colleagues(
                campaign._colleague_departments()
            )
            action["domain"] = [("id", "in", left_out.get(reason, []))]
        return action

    def _sample_help(self):
        return super()._sample_help() if self.audience == "customers" else False

    # ------------------------------------------------------------
    # Links and answers
    # ------------------------------------------------------------

    def _make_survey_tokens(self, invitations):
        """The link knows the department to rate, and that of the colleague only if so
        many of it are asked that it tells nobody."""
        result = super()._make_survey_tokens(invitations)
        if self.audience == "colleagues":
            tokens = self.env["care.survey.token"].sudo()
            pairs = Counter(
                (row.asking_team_id, row.rated_team_id) for row in invitations
            )
            for row in invitations:
                enough = (
                    pairs[row.asking_team_id, row.rated_team_id]
                    >= satisfaction.ANONYMOUS_GROUP_SIZE
                )
                tokens._find(row._survey_token()).write(
                    {
                        "rated_team_id": row.rated_team_id.id,
                        "asking_team_id": enough and row.asking_team_id.id,
                    }
                )
        return result
