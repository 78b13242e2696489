from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CareCampaign(models.Model):
    """Asking several persons of an account: buyer, user, decider. Customers are drawn
    as always; further persons of those drawn are added to the sample."""

    _inherit = "care.campaign"

    account_persons = fields.Selection(
        [
            ("main", "The main contact"),
            ("role", "One person for each role in decisions"),
            ("all", "All contacts with an address"),
        ],
        "Ask at Each Customer",
        default="main",
        required=True,
        help="Answers of several persons count as one of their customer: its score is "
        "their mean.",
    )

    @api.constrains("anonymous", "account_persons")
    def _check_account_persons(self):
        if any(
            campaign.anonymous and campaign.account_persons != "main"
            for campaign in self
        ):
            raise ValidationError(
                self.env._(
                    "Anonymous campaigns ask one person of each customer: nobody could "
                    "tell which answers belong together."
                )
            )

    def _insert_invitations(self, chosen):
        result = super()._insert_invitations(chosen)
        if chosen and self.account_persons != "main":
            self._insert_further([row[0] for row in chosen])
        return result

    def _insert_further(self, chosen):
        """Invite further persons of customers who have been drawn, in one statement.
        They get the tier, region and responsible users of the first."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO care_invitation (
                    campaign_id, company_id, partner_id, contact_id, email, channel,
                    tier_id, region_id, user_id, manager_id, state, further,
                    create_uid, create_date, write_uid, write_date
                )
                WITH %(lists)s, person AS (%(persons)s),
                known AS (
                    SELECT first.*, contact.care_decision_role AS role
                      FROM care_invitation first
                      JOIN res_partner contact ON contact.id = first.contact_id
                     WHERE first.campaign_id = %(campaign)s
                ),
                further AS (
                    SELECT %(unique)s person.*
                      FROM person
                      JOIN known ON known.partner_id = person.customer
                     WHERE person.contact <> known.contact_id
                       AND person.refusal IS NULL AND NOT person.asked
                       AND person.email IS DISTINCT FROM known.email
                       AND COALESCE(person.address, '') <> '' AND %(wanted)s
                  ORDER BY %(order)s
                )
                SELECT known.campaign_id, known.company_id, known.partner_id,
                       further.contact, further.email, %(channel)s, known.tier_id,
                       known.region_id, known.user_id, known.manager_id, 'pending',
                       TRUE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM further JOIN known ON known.partner_id = further.customer
              ORDER BY known.partner_id, further.contact
                    ON CONFLICT DO NOTHING
                """,
                lists=self._sql_lists(SQL("unnest(%s::int[]) AS p(id)", chosen)),
                persons=self._sql_person(every=True),
                campaign=self.id,
                channel=self.channel,
                uid=self.env.uid,
                now=self.env.cr.now(),
                **self._sql_wanted_persons(),
            )
        )

    def _sql_wanted_persons(self):
        """Which of an account's persons to ask beside the first"""
        if self.account_persons == "all":
            return {
                "unique": SQL(),
                "wanted": SQL("TRUE"),
                "order": SQL("person.customer, person.contact"),
            }
        return {
            "unique": SQL("DISTINCT ON (person.customer, person.role)"),
            "wanted": SQL(
                "person.role IS NOT NULL AND person.role IS DISTINCT FROM known.role"
            ),
            "order": SQL("person.customer, person.role, person.contact"),
        }
