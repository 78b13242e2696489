from odoo import api, fields, models
from odoo.fields import Domain

from ..core.care_job import single
from .crm_lead import GROUP


class CrmLead(models.Model):
    """What somebody wanted who did not buy, and from when to ask again."""

    _inherit = "crm.lead"

    care_wanted_product_ids = fields.Many2many(
        "product.product",
        "care_lead_product_rel",
        "lead_id",
        "product_id",
        "Products Wanted",
        groups=GROUP,
    )
    care_wanted_category_ids = fields.Many2many(
        "product.category",
        "care_lead_category_rel",
        "lead_id",
        "category_id",
        "Categories Wanted",
        groups=GROUP,
    )
    care_wanted = fields.Char(
        "Wanted", groups=GROUP, help="A brand, or what we did not have."
    )
    care_again_from = fields.Date(
        "Again from",
        copy=False,
        groups=GROUP,
        help="On this day the salesperson is reminded of the lost lead.",
    )
    care_again_reminded = fields.Date(
        "Reminded on", copy=False, groups=fields.NO_ACCESS
    )
    care_again_of_id = fields.Many2one(
        "crm.lead",
        "Follows Lost Lead",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups=GROUP,
    )

    _care_again_of_uniq = models.UniqueIndex(
        "(care_again_of_id) WHERE care_again_of_id IS NOT NULL",
        "This lost lead has been taken up again already.",
    )
    _care_again_from_idx = models.Index(
        "(care_again_from) WHERE care_again_from IS NOT NULL"
    )

    def _care_usable_again(self):
        """Of lost leads, those that may be taken up: not yet done, the customer is not
        archived and has not asked to be left alone."""
        if not self:
            return self
        taken = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            .search([("care_again_of_id", "in", self.ids)])
            .care_again_of_id
        )
        return self.filtered(
            lambda lead: (
                lead.sudo() not in taken
                and not lead.active
                and (
                    not lead.partner_id
                    or (
                        lead.partner_id.sudo().active
                        and lead.partner_id.sudo().commercial_partner_id.active
                    )
                )
                and not lead.sudo().is_blacklisted
                and not lead.sudo().phone_sanitized_blacklisted
            )
        )

    def _care_take_up(self, name):
        """Make a new lead of each lost one, linked to it.

        :return: the new leads
        """
        leads = self.with_context(active_test=False)
        leads.check_access("read")
        leads.sudo().lock_for_update()
        leads = leads._care_usable_again()
        return self.create(
            [
                {
                    "name": f"{lead.name} · {name}" if name else lead.name,
                    "type": lead.type,
                    "partner_id": lead.partner_id.id,
                    "partner_name": lead.partner_name,
                    "contact_name": lead.contact_name,
                    "email_from": lead.email_from,
                    "phone": lead.phone,
                    "user_id": lead.user_id.id if lead.user_id.active else self.env.uid,
                    "team_id": lead.team_id.id,
                    "company_id": lead.company_id.id,
                    "care_region_id": lead.care_region_id.id,
                    "care_wanted": lead.care_wanted,
                    "care_wanted_product_ids": [
                        (6, 0, lead.care_wanted_product_ids.ids)
                    ],
                    "care_wanted_category_ids": [
                        (6, 0, lead.care_wanted_category_ids.ids)
                    ],
                    "care_again_of_id": lead.id,
                }
                for lead in leads
            ]
        )

    def action_care_take_up(self):
        """Ask again: a new lead from this lost one."""
        self.check_access("read")
        return self._care_take_up("")._care_show_new()

    def _care_show_new(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("New Leads"),
            "res_model": "crm.lead",
            "domain": [("id", "in", self.ids)],
            "view_mode": "list,form",
        }
        if len(self) == 1:
            action |= {"res_id": self.id, "view_mode": "form"}
        return action

    @api.model
    @single
    def _cron_care_again(self):
        """Remind salespeople of lost leads whose day has come."""
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return
        today = fields.Date.context_today(self)
        leads = self.with_context(active_test=False).search(
            Domain("active", "=", False)
            & Domain("care_again_from", "<=", today)
            & Domain("care_again_reminded", "=", False),
            limit=1000,
        )
        for lead in leads._care_usable_again():
            user = lead.user_id or lead.team_id.user_id
            if not user.active:
                continue
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=today,
                user_id=user.id,
                summary=self.env._("Ask again: %s", lead.name),
                note=lead._care_wanted_text(),
            )
        leads.care_again_reminded = today

    def _care_wanted_text(self):
        """All that was wanted, in one line"""
        self.ensure_one()
        return ", ".join(
            filter(
                None,
                [
                    *self.care_wanted_product_ids.mapped("display_name"),
                    *self.care_wanted_category_ids.mapped("display_name"),
                    self.care_wanted,
                ],
            )
        )

    def write(self, vals):
        """A new day reminds anew."""
        if "care_again_from" in vals:
            self.sudo().filtered("care_again_reminded").care_again_reminded = False
        return super().write(vals)
