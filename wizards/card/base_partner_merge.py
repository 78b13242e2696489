from odoo import api, fields, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merging deletes customers: refuse to merge those of other users, and add a
        line to the protection log."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        partners._check_care_own()
        if len(partners) > 1:
            partners._care_log_own(
                "merge",
                self.env._("%s merged customers or contacts", self.env.user.name),
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge rows that are unique per customer first: Odoo would delete all rows of
        the merged customers as soon as one conflicts. Odoo itself moves the history."""
        self._fold_care(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self._restart_care(dst_partner)
        return result

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        self.env["care.handover.line"].sudo().search(
            [("res_model", "=", "res.partner"), ("res_id", "in", src_partners.ids)]
        ).res_id = dst_partner.id
        return super()._update_reference_fields(src_partners, dst_partner)

    @api.model
    def _fold_care(self, src_partners, dst_partner):
        self.env.flush_all()
        none = self.env["care.tier"]
        before = self._care_tiers_by_company(dst_partner)
        merged = self._care_tiers_by_company(src_partners)
        self._fold_care_tiers(src_partners, dst_partner)
        self.env.invalidate_all()
        after = self._care_tiers_by_company(dst_partner)
        names = ", ".join(src_partners.mapped("display_name"))
        for company in merged:
            self.env["care.tier.history"]._record(
                [(dst_partner, before.get(company, none), after[company])],
                {"code": "merged", "names": names},
                company,
            )
        self._fold_care_review_lines(src_partners, dst_partner)
        self._fold_care_targets(src_partners, dst_partner)
        self._keep_additional_members(src_partners, dst_partner)
        self._fold_care_rows(
            "care.account.member",
            "role_id, CASE WHEN is_additional THEN user_id ELSE 0 END",
            src_partners,
            dst_partner,
        )
        self._fold_care_rows(
            "care.plan.exception",
            "company_id, COALESCE(role_id, 0), COALESCE(channel, '')",
            src_partners,
            dst_partner,
        )

    @api.model
    def _keep_additional_members(self, src_partners, dst_partner):
        """Where a role allows several people, those of the merged customers share it:
        all but the survivor's, else the first, are additional, each person once."""
        self.env.cr.execute(
            SQL(
                """
                WITH ranked AS (
                    SELECT member.id,
                           row_number() OVER role AS place,
                           row_number() OVER person AS time
                      FROM care_account_member member
                      JOIN care_role ON care_role.id = member.role_id
                     WHERE care_role.allows_several AND member.partner_id IN %(all)s
                    WINDOW role AS (PARTITION BY member.role_id ORDER BY
                                    member.partner_id = %(dst)s DESC,
                                    member.is_additional IS TRUE, member.id),
                           person AS (PARTITION BY member.role_id, member.user_id
                                      ORDER BY member.partner_id = %(dst)s DESC,
                                      member.is_additional IS TRUE, member.id)
                ), twice AS (
                    DELETE FROM care_account_member USING ranked
                     WHERE care_account_member.id = ranked.id AND ranked.time > 1
                )
                UPDATE care_account_member member
                   SET is_additional = ranked.place > 1
                  FROM ranked
                 WHERE member.id = ranked.id AND ranked.time = 1
                """,
                all=tuple((src_partners | dst_partner).ids),
                dst=dst_partner.id,
            )
        )
        self.env.invalidate_all()

    @api.model
    def _restart_care(self, customer):
        """Recount the contacts and reassign targets to the current account team."""
        self.env.invalidate_all(flush=False)
        Target = self.env["care.plan.target"].sudo()
        Target._match(Target.search([("partner_id", "=", customer.id)])._match_keys())
        Target._assign(customer)
        Target._schedule_generation()

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Run as superuser after checking write access: Odoo reads all fields here,
        including those only administrators may read, and would refuse salespeople."""
        (src_partners | dst_partner).check_access("write")
        src_partners, dst_partner = src_partners.sudo(), dst_partner.sudo()
        self._fold_care_cards(src_partners, dst_partner)
        result = super()._update_values(src_partners, dst_partner)
        self._raise_care_rows(dst_partner)
        dst_partner._care_card_changed()
        self.env["care.partner.tier"].sudo()._refresh_states(
            dst_partner.commercial_partner_id
        )
        return result

    @api.model
    def _raise_care_rows(self, contact):
        """Move rows to the company when a customer was merged into one of its contacts
        or got a parent: rows on a contact would not be shown anywhere. The contact is
        kept as contact person."""
        customer = contact.commercial_partner_id
        if customer == contact:
            return
        self._fold_care(contact, customer)
        for model, field in self._care_customer_fields():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(assign)s WHERE %(column)s = %(contact)s",
                    table=SQL.identifier(self.env[model]._table),
                    assign=SQL(", ").join(
                        self._care_raise_columns(model, field, contact, customer)
                    ),
                    column=SQL.identifier(field),
                    contact=contact.id,
                )
            )
        self._restart_care(customer)
        customer._care_card_changed()

    @api.model
    def _care_raise_columns(self, model, field, contact, customer):
        yield SQL("%s = %s", SQL.identifier(field), customer.id)
        person = self.env[model]._fields.get("contact_id")
        if person and person.store:
            yield SQL("contact_id = COALESCE(contact_id, %s)", contact.id)

    @api.model
    def _care_customer_fields(self):
        """(model, field) of this app's columns that hold a commercial partner"""
        return [("survey.user_input", "care_partner_id")] + [
            (name, "partner_id")
            for name, model in self.env.registry.items()
            if name.startswith("care.")
            and name != "care.relationship.history"
            and model._auto
            and not model._abstract
            and not model._transient
            and (field := model._fields.get("partner_id"))
            and field.store
            and not field.related
        ]

    @api.model
    def _fold_care_cards(self, src_partners, dst_partner):
        """The survivor keeps its card number, else gets that of the oldest card. The
        other cards lose theirs first, because numbers are unique; a referral of the
        survivor by itself is cleared."""
        everybody = src_partners | dst_partner
        numbered = src_partners.filtered("care_card_number").sorted(
            lambda partner: (partner.care_card_date or fields.Date.today(), partner.id)
        )[:1]
        card = {
            name: numbered[name]
            for name in ("care_card_number", "care_card_date")
            if numbered and not dst_partner.care_card_number
        }
        src_partners._write_care({"care_card_number": False})
        everybody.flush_recordset(["care_card_number"])
        if card:
            dst_partner._write_care(card)
        everybody.filtered(
            lambda partner: partner.care_source_partner_id in everybody
        ).care_source_partner_id = False

    @api.model
    def _care_tiers_by_company(self, partners):
        rows = (
            self.env["care.partner.tier"]
            .sudo()
            .search([("partner_id", "in", partners.ids), ("tier_id", "!=", False)])
        )
        return {row.company_id: row.tier_id for row in rows}

    @api.model
    def _fold_care_tiers(self, src_partners, dst_partner):
        """The survivor keeps its tier, else gets the best one of the merged customers
        in that company. Amounts are added up."""
        params = {"dst": dst_partner.id, "src": tuple(src_partners.ids)}
        self.env.cr.execute(
            SQL(
                """
                WITH merged AS (
                    SELECT status.company_id,
                           (ARRAY_AGG(status.tier_id ORDER BY tier.sequence, tier.id)
                            FILTER (WHERE status.tier_id IS NOT NULL))[1] AS tier_id,
                           SUM(status.monthly_amount) AS monthly_amount,
                           SUM(status.revenue_share) AS revenue_share,
                           MAX(status.locked_until) AS locked_until,
                           (ARRAY_AGG(status.lock_reason ORDER BY status.locked_until
                            DESC NULLS LAST))[1] AS lock_reason
                      FROM care_partner_tier status
                 LEFT JOIN care_tier tier ON tier.id = status.tier_id
                     WHERE status.partner_id IN %(src)s
                  GROUP BY status.company_id
                )
                INSERT INTO care_partner_tier AS status (
                    partner_id, company_id, tier_id, monthly_amount, revenue_share,
                    locked_until, lock_reason
                )
                SELECT %(dst)s, merged.* FROM merged
                ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET tier_id = COALESCE(status.tier_id, EXCLUDED.tier_id),
                       monthly_amount = COALESCE(status.monthly_amount, 0)
                                      + COALESCE(EXCLUDED.monthly_amount, 0),
                       revenue_share = COALESCE(status.revenue_share, 0)
                                     + COALESCE(EXCLUDED.revenue_share, 0),
                       locked_until = COALESCE(
                            status.locked_until, EXCLUDED.locked_until),
                       lock_reason = COALESCE(status.lock_reason, EXCLUDED.lock_reason)
                """,
                **params,
            )
        )
        self.env.cr.execute(
            SQL("DELETE FROM care_partner_tier WHERE partner_id IN %(src)s", **params)
        )

    @api.model
    def _fold_care_targets(self, src_partners, dst_partner):
        """Keep the survivor's open targets and all finished ones. When both had a
        target for the same window, keep one, with the contacts and messages of both."""
        Target = self.env["care.plan.target"].sudo()
        merged = Target.search([("partner_id", "in", src_partners.ids)], order="id")
        if not merged:
            return
        merged.filtered(lambda target: target.state == "open").write(
            {"state": "superseded"}
        )
        windows = (
            merged | Target.search([("partner_id", "=", dst_partner.id)])
        ).grouped(lambda row: (row.rule_id, row.date_start, row.company_id))
        for targets in windows.values():
            kept, *doubles = targets.sorted(
                lambda row: (
                    row.state == "superseded",
                    row.partner_id != dst_partner,
                    row.id,
                )
            )
            if doubles:
                self._fold_care_target(kept, Target.union(*doubles))
        self.env.flush_all()

    @api.model
    def _fold_care_target(self, kept, doubles):
        excused = doubles.filtered(lambda target: target.state == "excused")[:1]
        if kept.state == "open" and excused:
            names = ("state", "excuse_kind", "excuse_reason")
            kept.write(
                {name: excused[name] for name in names}
                | {"excused_by_id": excused.excused_by_id.id}
            )
        self.env.flush_all()
        self._update_foreign_keys_generic(doubles._name, doubles, kept)
        self._update_reference_fields_generic(doubles._name, doubles, kept)
        self.env.invalidate_all()
        doubles.unlink()

    @api.model
    def _fold_care_rows(self, model, key, src_partners, dst_partner):
        """Keep one row per ``key``: the survivor's, else the oldest. The chatter lists
        the others."""
        table = SQL.identifier(self.env[model]._table)
        places = self.env.execute_query(
            SQL(
                """
                SELECT id, kept FROM (
                    SELECT id, FIRST_VALUE(id) OVER (
                            PARTITION BY %(key)s
                            ORDER BY partner_id = %(dst)s DESC, id) AS kept
                      FROM %(table)s WHERE partner_id IN %(all)s
                ) AS ranked WHERE id != kept""",
                table=table,
                key=SQL(key),
                dst=dst_partner.id,
                all=tuple((src_partners | dst_partner).ids),
            )
        )
        Rows = self.env[model].sudo()
        lost = []
        for ids in places:
            double, kept = map(Rows.browse, ids)
            words = double._care_words()
            if words != kept._care_words():
                lost.append(f"{double.partner_id.display_name}: {words}")
            self.env["care.handover.line"].sudo().search(
                [("res_model", "=", model), ("res_id", "=", double.id)]
            ).res_id = kept.id
            self._update_foreign_keys_generic(model, double, kept)
        if lost:
            dst_partner.sudo()._message_log(
                body=self.env._("Not kept when merging: %s", "; ".join(lost))
            )
        if places:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE id = ANY(%s)",
                    table,
                    [row for row, _kept in places],
                )
            )
            self.env.invalidate_all(flush=False)

    @api.model
    def _fold_care_review_lines(self, src_partners, dst_partner):
        """Keep one line per review: the survivor's, else that of the largest merged
        customer, with the amounts of all."""
        self.env.cr.execute(
            SQL(
                """
                WITH line AS (
                    SELECT id, review_id,
                           ROW_NUMBER() OVER kept AS place,
                           SUM(monthly_amount) OVER whole AS monthly_amount,
                           SUM(share) OVER whole AS share
                      FROM care_tier_review_line
                     WHERE partner_id IN %(all)s
                    WINDOW kept AS (PARTITION BY review_id ORDER BY
                                    partner_id = %(dst)s DESC, monthly_amount DESC, id),
                           whole AS (PARTITION BY review_id)
                ), dropped AS (
                    DELETE FROM care_tier_review_line
                     WHERE id IN (SELECT id FROM line WHERE place > 1)
                 RETURNING 1
                )
                UPDATE care_tier_review_line kept
                   SET monthly_amount = line.monthly_amount, share = line.share
                  FROM line
                 WHERE kept.id = line.id AND line.place = 1
                """,
                all=tuple((src_partners | dst_partner).ids),
                dst=dst_partner.id,
            )
        )
