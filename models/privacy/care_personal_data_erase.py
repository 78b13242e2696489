import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.anonymise import anonymise
from .care_removal import REMOVED_TEXT

DELETED = ("family", "relations", "briefs", "mails", "notes")
ANONYMIZED = (
    "interactions",
    "named",
    "complaints",
    "promises",
    "answers",
    "invitations",
    "follow_ups",
    "calls",
    "cases",
    "referrals",
    "checks",
    "status",
    "written",
)
KEPT = ("orders", "invoices", "leads")
CLEARED = {
    "care.interaction": (
        *("topic", "place", "summary", "outcome", "competitor_note", "promise"),
        *("next_topic", "next_place", "competitor", "latitude", "longitude"),
    ),
    "care.risk.case": (
        *("competitor", "competitor_offer", "answer", "goal", "lesson"),
        *("price_offer", "price_note"),
    ),
    "care.partner.tier": ("lock_reason",),
    "care.plan.exception": ("reason",),
    "care.plan.target": ("excuse_reason", "excuse_asked_reason", "excuse_answer"),
    "care.loyalty": ("confirm_reason",),
    "care.loyalty.history": ("reason",),
    "care.referral": ("referrer_name", "referrer_phone", "note", "thanked_how"),
}
"""Texts; numbers, dates and choices of the same records stay."""


class CarePersonalData(models.AbstractModel):
    """Erase a person once, in one transaction."""

    _inherit = "care.personal.data"

    @api.model
    def _words(self):
        return {
            "family": self.env._("Family members"),
            "relations": self.env._("Relationship history"),
            "briefs": self.env._("Opened briefs"),
            "mails": self.env._("Mails to complaint teams"),
            "notes": self.env._("Messages, activities and files of the contact"),
            "interactions": self.env._("Calls and visits"),
            "named": self.env._("Calls and visits that name the person"),
            "complaints": self.env._("Complaints"),
            "promises": self.env._("Promises"),
            "answers": self.env._("Survey answers"),
            "invitations": self.env._("Invitations to surveys"),
            "follow_ups": self.env._("Follow-ups of answers"),
            "calls": self.env._("Telephone calls"),
            "cases": self.env._("Cases of customers at risk"),
            "referrals": self.env._("Recommendations"),
            "checks": self.env._("Spot checks"),
            "status": self.env._("Tiers, plans, contacts due and loyalty"),
            "written": self.env._("Messages that the person wrote"),
            "orders": self.env._("Sales orders"),
            "invoices": self.env._("Invoices and payments"),
            "leads": self.env._("Leads and opportunities"),
        }

    @api.model
    def _parts(self, partner):
        """{part: {model: records}}, as superuser, in the user's companies"""
        found = self._collect(partner)

        def of(name, *fields_):
            records = found.get(name, self.env[name].sudo())
            return {
                name: records.filtered(
                    lambda row: any(row[field] == partner for field in fields_)
                )
            }

        reports = of("care.interaction", "partner_id")
        named = found.get("care.interaction", reports["care.interaction"])
        parts = {
            "family": of("care.family.member", "partner_id"),
            "relations": of("care.relationship.history", "partner_id"),
            "briefs": of("care.brief.view", "partner_id"),
            "mails": {"care.incoming.mail": self._mails_of(partner)},
            "notes": self._notes(partner),
            "interactions": reports,
            "named": {"care.interaction": named - reports["care.interaction"]},
            "complaints": of("care.complaint", "partner_id", "contact_id"),
            "promises": of("care.promise", "partner_id", "contact_id"),
            "answers": of("survey.user_input", "partner_id", "care_partner_id"),
            "invitations": of("care.invitation", "partner_id", "contact_id"),
            "follow_ups": of("care.follow.up", "partner_id"),
            "calls": of("care.call", "partner_id"),
            "cases": of("care.risk.case", "partner_id"),
            "referrals": of("care.referral", "referrer_id", "referred_id"),
            "checks": of("care.spot.check.line", "partner_id"),
            "status": {
                model: records
                for name in (
                    *("care.partner.tier", "care.plan.exception", "care.plan.target"),
                    *("care.loyalty", "care.loyalty.history"),
                )
                for model, records in of(name, "partner_id").items()
            },
            "written": {"mail.message": self._written(partner)},
        }
        return parts | self._kept_parts(partner)

    def _notes(self, partner):
        return {
            name: self.env[name]
            .sudo()
            .with_context(active_test=False)
            .search([(model, "=", "res.partner"), ("res_id", "=", partner.id)])
            for name, model in (
                ("mail.message", "model"),
                ("mail.activity", "res_model"),
                ("ir.attachment", "res_model"),
            )
        }

    def _written(self, partner):
        """On our documents in the user's companies"""
        messages = (
            self.env["mail.message"]
            .sudo()
            .search([("author_id", "=", partner.id), ("model", "=like", "care.%")])
        )
        kept = messages.browse()
        for model, rows in messages.grouped("model").items():
            if model in self.env:
                mine = self._in_companies(model).search(
                    Domain("id", "in", rows.mapped("res_id"))
                )
                kept |= rows.filtered(lambda row, ids=set(mine.ids): row.res_id in ids)
        return kept

    def _kept_parts(self, partner):
        about = self._about(partner, "partner_id")
        return {
            "orders": {
                "sale.order": self._in_companies("sale.order").search(
                    self._about(
                        partner,
                        *("partner_id", "partner_invoice_id", "partner_shipping_id"),
                    )
                )
            },
            "invoices": {
                "account.move": self._in_companies("account.move").search(
                    about | Domain("partner_shipping_id", "=", partner.id)
                )
            },
            "leads": {"crm.lead": self._in_companies("crm.lead").search(about)},
        }

    @api.model
    def _count(self, parts):
        return {
            part: count
            for part, models_ in parts.items()
            if (count := sum(len(records) for records in models_.values()))
        }

    # ------------------------------------------------------------
    # Erasing
    # ------------------------------------------------------------

    @api.model
    def _erase(self, partner, reason, request_date):
        """:raise AccessError, UserError: see :meth:`_check_erase`"""
        self._check_erase(partner)
        partner = partner.sudo()
        self.env.flush_all()
        parts = self._parts(partner)
        counts = self._count(parts)
        name = partner.name
        self._erase_parts(partner, parts)
        self._erase_contact(partner, counts.keys() & {"orders", "invoices"})
        self._erase_in_log(name)
        self.env.invalidate_all()
        return (
            self.env["care.removal"]
            .sudo()
            .create(
                {
                    "date": self.env.company._care_today(),
                    "company_id": (partner.company_id or self.env.company).id,
                    "kind": "person",
                    "count": sum(
                        counts.get(part, 0) for part in (*DELETED, *ANONYMIZED)
                    ),
                    "user_id": self.env.uid,
                    "reason": reason,
                    "request_date": request_date,
                    "counts": counts,
                }
            )
        )

    def _erase_parts(self, partner, parts):
        Retention = self.env["care.retention"].sudo()

        def ids(part):
            [records] = parts[part].values()
            return records.ids

        for part in ("family", "relations", "briefs", "mails"):
            for records in parts[part].values():
                records.unlink()
        Retention._remove_answers(ids("answers"), [partner.id])
        Retention._remove_invitations(ids("invitations"), [partner.id])
        Retention._remove_follow_ups(ids("follow_ups"), [partner.id])
        Retention._remove_complaints(ids("complaints"))
        Retention._remove_calls(ids("calls"))
        self._erase_promises(ids("promises"))
        self._rewrite_named(parts["named"]["care.interaction"], partner.name)
        self._erase_checks(ids("checks"))
        self._erase_written(ids("written"))
        for part in ("interactions", "cases", "referrals", "status"):
            for model, records in parts[part].items():
                self._clear_texts(model, records.ids)
                if "message_ids" in records._fields:
                    Retention._remove_traces(model, records.ids)
                else:
                    Retention._remove_files(model, records.ids)

    def _clear_texts(self, model, ids):
        """With SQL: the records are decided, and their guards refuse everybody."""
        Model = self.env[model]
        cleared = SQL(", ").join(
            SQL(
                "%s = %s",
                SQL.identifier(name),
                # A required text says that there was one.
                REMOVED_TEXT if Model._fields[name].required else None,
            )
            for name in CLEARED[model]
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(Model._table),
                cleared,
                ids,
            )
        )

    def _erase_promises(self, ids):
        self.env.cr.execute(
            SQL(
                "UPDATE care_promise SET name = %s, evidence = NULL, reason = NULL,"
                " contact_id = NULL WHERE id = ANY(%s)",
                REMOVED_TEXT,
                ids,
            )
        )
        self.env["care.retention"].sudo()._remove_traces("care.promise", ids)

    def _rewrite_named(self, reports, name):
        """Reports of visits to the company, which keeps them: without the name, and
        what else tells who it was."""
        texts = [
            field
            for field in CLEARED["care.interaction"]
            if reports._fields[field].type in ("char", "text")
        ]
        for report in reports:
            cleared = {
                field: anonymise(report[field], [name])
                for field in texts
                if report[field]
            }
            assignments = SQL(", ").join(
                SQL("%s = %s", SQL.identifier(field), text)
                for field, text in (cleared | {"contact_id": None}).items()
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE care_interaction SET %s WHERE id = %s",
                    assignments,
                    report.id,
                )
            )

    def _erase_checks(self, ids):
        self.env.cr.execute(
            SQL(
                "UPDATE care_spot_check_line SET name = %s, partner_id = NULL"
                " WHERE id = ANY(%s)",
                REMOVED_TEXT,
                ids,
            )
        )

    def _erase_written(self, ids):
        self.env.cr.execute(
            SQL(
                "UPDATE mail_message SET body = '', subject = NULL, author_id = NULL,"
                " email_from = NULL, reply_to = NULL, create_uid = 1, write_uid = 1"
                " WHERE id = ANY(%s)",
                ids,
            )
        )

    def _erase_contact(self, partner, by_law):
        """The contact itself is archived. Where orders or invoices are kept, which the
        law asks for, name, address and tax number are, too."""
        values = dict.fromkeys(
            (
                *("email", "phone", "function", "website", "comment", "image_1920"),
                *("care_wechat", "care_birthday", "care_preferences"),
                *("care_external_relations", "care_decision_role"),
                *("care_relationship_level", "care_need_ids", "care_archive_note"),
                "care_source_partner_id",
            ),
            False,
        )
        if not by_law:
            values |= dict.fromkeys(
                ("street", "street2", "zip", "city", "state_id", "vat", "ref"), False
            )
            values["name"] = self.env._("Erased Contact")
        values |= {
            "care_survey_opt_out": True,
            "care_erased_at": fields.Datetime.now(),
            "active": False,
        }
        silent = partner._care_unlock().with_context(
            tracking_disable=True, mail_notrack=True
        )
        silent.write(values)
        self.env["care.relationship.history"].sudo().search(
            [("partner_id", "=", partner.id)]
        ).unlink()
        self.env.flush_all()
        self.env["care.retention"].sudo()._remove_traces("res.partner", partner.ids)
        self.env.cr.execute(
            SQL("DELETE FROM mail_followers WHERE partner_id = %s", partner.id)
        )

    def _erase_in_log(self, name):
        """The protection log names customers in its details: at the beginning of a
        line, or after the name of their company."""
        if not name:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_protection_log
                   SET details = regexp_replace(
                            details, %(pattern)s, %(nothing)s, 'gn')
                 WHERE company_id = ANY(%(companies)s)
                   AND STRPOS(details, %(name)s) > 0
                """,
                name=name,
                pattern=rf"(^|, ){re.escape(name)}(?= \(#|, | · |$)",
                nothing=rf"\1{REMOVED_TEXT}",
                companies=self.env.user.company_ids.ids,
            )
        )
