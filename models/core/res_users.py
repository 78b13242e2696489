from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

DIGEST_RECORDS = 20
"""A digest names so many records and has a link to all."""


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Reassign the open targets of users who are archived or leave a company."""
        result = super().write(vals)
        if {"active", "company_ids"} & set(vals):
            self._care_reassign()
        return result

    def _care_led_department(self):
        """The department (sales team) that the user leads, the first of several"""
        self.ensure_one()
        Team = self.env["crm.team"].sudo()
        led = Domain("user_id", "=", self.id) & Domain(
            "company_id", "in", (*self.env.companies.ids, False)
        )
        return Team.search(led, limit=1).with_env(self.env)

    def _care_send_digest(self, subject, records, words, action):
        """Tell the user of many records in one message, in place of one for each.

        :param records: the most urgent first
        :param words: {record: what there is to say of it}, in the user's language
        :param action: XML id of the action that lists them all
        """
        self.ensure_one()
        user = self._care_in_language_of(self)
        shown, base = records[:DIGEST_RECORDS], self.get_base_url()
        user.env["mail.thread"].message_notify(
            partner_ids=self.partner_id.ids,
            subject=subject,
            body=user.env["ir.qweb"]._render(
                "customer_care.job_digest",
                {
                    "rows": [
                        (
                            f"{base}/mail/view?model={record._name}&res_id={record.id}",
                            words[record],
                        )
                        for record in shown
                    ],
                    "more": len(records) - len(shown),
                    "link": f"{base}/odoo/action-{action}",
                },
                minimal_qcontext=True,
            ),
            email_layout_xmlid="mail.mail_notification_light",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        handover = (
            self.env["care.handover"]
            .sudo()
            .search([("from_user_id", "in", self.ids)], limit=1)
        )
        if handover:
            raise UserError(
                self.env._(
                    "Customers of %s were handed over, so the user cannot be "
                    "deleted. Archive the user instead.",
                    handover.from_user_id.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _care_hand_over(self):
        self.env["care.plan.target"].sudo().search(
            [("user_id", "in", self.ids), ("state", "=", "open")]
        ).user_id = False

    def _care_reassign(self):
        partners = (
            self.env["care.account.member"]
            .sudo()
            .search([("user_id", "in", self.ids)])
            .partner_id
        )
        if partners:
            self.env["care.plan.target"].sudo()._assign(partners)

    def _check_care_successors(self, company):
        """:raise UserError: one of the users cannot look after customers of
        ``company``"""
        for user in self.sudo():
            if not user.active:
                problem = self.env._("%s is archived. Choose an active user.")
            elif user.share or not user.has_group("customer_care.group_user"):
                problem = self.env._(
                    "%s has no access to Customer Care. Grant it in the user's "
                    "settings or choose another user."
                )
            elif company not in user.company_ids:
                problem = self.env._(
                    "%s has no access to this company. Grant the access or choose "
                    "another user."
                )
            else:
                continue
            raise UserError(problem % user.name)

    def _care_of_own_companies(self):
        """Users who work in a company of the current user"""
        companies = self.env.user.company_ids
        return self.sudo().filtered(lambda user: user.company_ids & companies)

    def _care_names(self):
        """Names for a message; people of other companies are not named."""
        return ", ".join(self.mapped("name")) or self.env._("another company")

    def action_care_handover(self):
        """Open a new handover of the customers this user looks after."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over Customers"),
            "res_model": "care.handover",
            "view_mode": "form",
            "context": {"default_from_user_id": self.id},
        }

    @tools.ormcache("self.id")
    def _care_team_ids(self):
        """Ids of the complaint teams that the user belongs to or checks for"""
        teams = self.env["care.complaint.team"].sudo().with_context(active_test=False)
        return teams.search(
            Domain("member_ids", "in", self.ids) | Domain("checker_id", "in", self.ids)
        )._ids
