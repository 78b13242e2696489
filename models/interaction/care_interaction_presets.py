from datetime import timedelta

from odoo import api, fields, models

ONSITE_HOURS = 8.0
"""Working hours of the last day of an on-site stay"""


class CareInteraction(models.Model):
    """Default person, role and duration of a contact."""

    _inherit = "care.interaction"

    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        index="btree_not_null",
    )
    role_id = fields.Many2one(
        "care.role",
        compute="_compute_role_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Role in which the contact is made. The contact counts for the targets "
        "of this role.",
    )
    date_end = fields.Datetime(
        "End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for interaction in self:
            contact = interaction.contact_id
            if contact.commercial_partner_id != interaction.partner_id:
                interaction.contact_id = False

    @api.depends("partner_id", "user_id", "stand_in_for_id")
    def _compute_role_id(self):
        """Role of the user, or of the person they stand in for, in the customer's
        account team; with several roles, one that owes a contact over the channel. The
        role of a user outside the team is left as it is."""
        teams = self._teams()
        for interaction in self:
            customer = interaction.partner_id.commercial_partner_id
            person = interaction.stand_in_for_id or interaction.user_id
            roles = self.env["care.role"].browse(teams[customer.id].roles(person))
            if interaction.role_id and (not roles or interaction.role_id in roles):
                continue
            if len(roles) > 1:
                roles = interaction._role_that_owes(roles) or roles.sudo().sorted()
            interaction.role_id = roles[:1].sudo(False)

    def _role_that_owes(self, roles):
        """The one of ``roles`` whose contact over the channel is due first."""
        return (
            self.env["care.plan.target"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                    ("role_id", "in", roles.ids),
                    ("channel", "=", self.channel),
                    ("state", "=", "open"),
                ],
                order="date_aim",
                limit=1,
            )
            .role_id
        )

    @api.depends("date_start", "channel")
    def _compute_date_end(self):
        """Move the end with the start; a new contact gets the usual duration."""
        for interaction in self:
            start, end = interaction.date_start, interaction.date_end
            if not start:
                continue
            origin = interaction._origin
            if origin and end and origin.date_start and end == origin.date_end:
                interaction.date_end = start + (end - origin.date_start)
            elif not origin or not end or end < start:
                interaction.date_end = start + interaction._usual_length()

    def _usual_length(self):
        if self.channel == "onsite":
            return timedelta(days=self._stay_days() - 1, hours=ONSITE_HOURS)
        company = self.company_id or self.env.company
        hours = company[f"care_hours_{self.channel}"] if self.channel else 1.0
        return timedelta(hours=hours)

    def _stay_days(self):
        """Days of a stay by the customer's plan, the first at a customer longer
        (domain: 3 to 5, then 3)."""
        customer = self.partner_id.commercial_partner_id
        rules = self.target_id.sudo().rule_id or customer.sudo().care_tier_id.plan_id[
            :1
        ].rule_ids.filtered(
            lambda rule: rule.channel == "onsite"
            and (not self.role_id or rule.role_id == self.role_id)
        )
        if not rules:
            return 1
        stayed = self.sudo().search_count(
            [
                ("partner_id", "=", customer.id),
                ("channel", "=", "onsite"),
                ("state", "=", "done"),
                ("id", "!=", self._origin.id or 0),
            ],
            limit=1,
        )
        rule = rules[0]
        return max(rule.duration_days if stayed else rule.first_duration_days, 1)
