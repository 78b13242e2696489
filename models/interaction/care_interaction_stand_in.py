from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError


class CareInteraction(models.Model):
    """A contact that somebody makes for a colleague of the customer's account team. It
    counts for the colleague and is shown as made by the stand-in."""

    _inherit = "care.interaction"

    stand_in_for_id = fields.Many2one(
        "res.users",
        "Stands in for",
        compute="_compute_stand_in_for_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        tracking=True,
        domain="[('id', 'in', team_user_ids)]",
        help="The person of the customer's account team for whom the contact was "
        "made. The contact counts for this person.",
    )
    team_user_ids = fields.Many2many(
        "res.users", compute="_compute_team_user_ids", string="Account Team"
    )
    made_by = fields.Char("Made by and for", compute="_compute_made_by")

    @api.depends("partner_id", "user_id", "date_start")
    def _compute_stand_in_for_id(self):
        """Whom the author stands in for during an absence, unless chosen by hand. Most
        authors stand in for nobody, so few teams are read."""
        open_to_choice = self.filtered(
            lambda contact: contact.stand_in_for_id or contact._stand_in_candidates()
        )
        (self - open_to_choice).stand_in_for_id = False
        teams = open_to_choice._teams()
        for contact in open_to_choice:
            users = teams[contact.partner_id.commercial_partner_id.id].users
            chosen = contact.stand_in_for_id
            if chosen and chosen.id in users and chosen != contact.user_id:
                continue
            absent = self.env["res.users"]
            if contact.user_id.id not in users:
                absent = contact._stand_in_candidates()
                absent = absent.filtered(lambda user, users=users: user.id in users)
            contact.stand_in_for_id = absent if len(absent) == 1 else False

    def _stand_in_candidates(self):
        """Users who are away on the day of the contact and for whom the author stands
        in"""
        self.ensure_one()
        if not self.user_id:
            return self.env["res.users"]
        people = self.env["res.users"].browse(self.user_id._care_acting_ids(self.date))
        return people - self.user_id

    @api.depends("partner_id", "user_id")
    def _compute_team_user_ids(self):
        teams = self._teams()
        for contact in self:
            users = teams[contact.partner_id.commercial_partner_id.id].users
            contact.team_user_ids = self.env["res.users"].browse(
                sorted(users - {contact.user_id.id})
            )

    @api.depends("user_id", "stand_in_for_id")
    @api.depends_context("lang")
    def _compute_made_by(self):
        for contact in self.sudo():
            contact.made_by = contact.user_id.name
            if contact.stand_in_for_id:
                contact.made_by = self.env._(
                    "%(stand_in)s for %(person)s",
                    stand_in=contact.user_id.name,
                    person=contact.stand_in_for_id.name,
                )

    @api.constrains("stand_in_for_id", "partner_id", "user_id")
    def _check_stand_in(self):
        if self.env.uid == SUPERUSER_ID:
            return  # the contact then counts for nobody, and says so
        contacts = self.filtered("stand_in_for_id")
        teams = contacts._teams()
        for contact in contacts:
            person = contact.stand_in_for_id
            if person == contact.user_id:
                raise ValidationError(
                    self.env._(
                        "%s cannot stand in for themselves. Leave “Stands in for” "
                        "empty.",
                        person.sudo().name,
                    )
                )
            if person.id not in teams[contact.partner_id.id].users:
                raise ValidationError(
                    self.env._(
                        "%(person)s is not in the account team of %(customer)s, so "
                        "nobody can stand in for %(person)s there.",
                        person=person.sudo().name,
                        customer=contact.partner_id.display_name,
                    )
                )
