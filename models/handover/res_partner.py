import logging
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..card.res_partner import MANAGER, PREFETCH, USER

_logger = logging.getLogger(__name__)
ARCHIVE_REASON_FIELDS = {"care_archive_reason_id", "care_archive_note"}


class ResPartner(models.Model):
    """Protection of customers: exports, archiving, changes of owner."""

    _inherit = "res.partner"

    care_archive_reason_id = fields.Many2one(
        "crm.lost.reason",
        "Reason for Leaving",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        tracking=True,
        groups=USER,
        prefetch=PREFETCH,
    )
    care_archive_note = fields.Char(
        "Archive Reason", copy=False, tracking=True, groups=USER, prefetch=PREFETCH
    )

    # ------------------------------------------------------------
    # Archive
    # ------------------------------------------------------------

    def action_archive(self):
        """Ask for a reason when the customers have a history in this app."""
        if self._care_needs_reason() and self.env.user.has_group(USER):
            self._check_care_own()
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "customer_care.partner_archive_action"
            )
            return action | {"context": {"default_partner_ids": self.ids}}
        return super().action_archive()

    def write(self, vals):
        """Refuse to archive customers with a history without a reason, and clear the
        reason when they are restored. Only the reason is written as superuser."""
        if (
            not vals.get("active", True)
            and not vals.get("care_archive_note")
            and self._care_needs_reason()
        ):
            raise UserError(
                self.env._(
                    "Archiving a customer with a history requires a reason. Use "
                    "Archive on the customer's form, or ask its account team."
                )
            )
        result = super().write(vals)
        if vals.get("active"):
            self.sudo()._care_forget_leaving(ARCHIVE_REASON_FIELDS - set(vals))
        return result

    def _care_forget_leaving(self, names):
        gone = self.filtered(lambda partner: any(partner[name] for name in names))
        if gone:
            gone.write(dict.fromkeys(names, False))

    def _care_needs_reason(self):
        if not self.env["res.groups"]._has_care_feature("protection"):
            return False
        return not self.env.su and any(
            partner.active for partner in self & self._care_with_history(self.ids)
        )

    @api.model
    def _care_with_history(self, ids):
        """Customers with a tier, contacts or complaints, with one query per table."""
        known = set()
        for model in (
            "care.partner.tier",
            "care.tier.history",
            "care.interaction",
            "care.complaint",
        ):
            domain = [("partner_id", "in", [id_ for id_ in ids if id_ not in known])]
            if model == "care.partner.tier":
                domain.append(("tier_id", "!=", False))
            known.update(
                partner.id
                for (partner,) in self.env[model]
                .sudo()
                ._read_group(domain, ["partner_id"])
            )
        return self.browse(known)

    # ------------------------------------------------------------
    # Export
    # ------------------------------------------------------------

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if (exported := self.env.cr.cache.get("care_exported")) is not None:
            exported.update(self.commercial_partner_id.ids)
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _get_vcard_file(self):
        """Business cards of several customers count as an export."""
        self._care_watch_export(set(self.commercial_partner_id.ids), "vCard")
        return super()._get_vcard_file()

    @api.model
    def _care_watch_export(self, exported, summary):
        """Log an export of customers and refuse it if the user, within 24 hours,
        exports more than the company allows. Administrators are only logged.

        :param exported: ids of the customers
        :raise UserError: too many; the refusal is logged and reported for good, though
            the transaction of the export is rolled back
        """
        if not exported or self.env.uid == api.SUPERUSER_ID:
            return
        if not self.env["res.groups"]._has_care_feature("protection"):
            return
        Log = self.env["care.protection.log"]
        limit = self.env.company.sudo().care_export_limit
        text = self._care_export_text(self.env.user, len(exported))
        free = self.env.is_admin() or self.env.user.has_group(MANAGER)
        if not free:
            self._care_wait_for_exports()
        if free or Log._exported_lately() + len(exported) <= limit:
            Log._log("export", len(exported), text, summary)
            return
        _logger.warning(
            "User %s was refused an export of %s customers (%s)",
            self.env.uid,
            len(exported),
            summary,
        )
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["care.protection.log"]._log(
                "refused", len(exported), text, summary
            )._notify_manager()
        raise UserError(
            self.env._(
                "You can export at most %(limit)s customers in 24 hours, and this "
                "export would exceed the limit. Select fewer customers, or ask a "
                "Customer Care administrator; the administrators have been notified.",
                limit=limit,
            )
        )

    def _care_wait_for_exports(self):
        """Serialize exports of a user: two at once would not see each other's log. The
        second one waits here, fails because the row has changed, and is retried by Odoo
        when the log of the first is visible."""
        self.env.cr.execute(
            SQL("UPDATE res_users SET active = active WHERE id = %s", self.env.uid)
        )

    @api.model
    def _care_export_text(self, user, count):
        return self.env._("%(user)s: %(count)s customers", user=user.name, count=count)

    # ------------------------------------------------------------
    # Change of owner
    # ------------------------------------------------------------

    @api.model
    def _care_log_owners(self, changes):
        """One line in the protection log for all changes of account teams of a call.

        :param changes: [(customer, role, old user or None, new user or None)]
        """
        if not changes:
            return
        none = self.env._("nobody")
        moves = Counter(
            (
                role.name,
                old.sudo().name if old else none,
                new.sudo().name if new else none,
            )
            for _customer, role, old, new in changes
        )
        customers = {customer.id for customer, _role, _old, _new in changes}
        self.env["care.protection.log"]._log(
            "owner",
            len(customers),
            self.env._(
                "%(user)s changed the account team of %(count)s customers",
                user=self.env.user.name,
                count=len(customers),
            ),
            "\n".join(
                self.env._(
                    "%(role)s: %(old)s → %(new)s (%(count)s)",
                    role=role,
                    old=old,
                    new=new,
                    count=count,
                )
                for (role, old, new), count in moves.most_common()
            ),
        )
