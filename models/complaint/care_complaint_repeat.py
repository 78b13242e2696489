from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..sla.care_sla_policy import PRIORITIES

REPEAT_MATCH_FIELDS = {"partner_id", "kind", "category_id", "product_id", "received_at"}
"""Fields compared to find an earlier complaint about the same"""
NEW_COMPLAINT_ID = 2**31 - 1
"""Stands for the id of complaints that are not created yet"""


class CareComplaint(models.Model):
    """Repeats: the same complaint again within the month. It becomes more urgent, and
    responsibility is settled (domain, section 4)."""

    _inherit = "care.complaint"

    repeat_of_id = fields.Many2one(
        "care.complaint",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="set null",
        help="First complaint of the customer about the same category or product in "
        "the same calendar month, in the company's time zone.",
    )
    repeat_state = fields.Selection(
        [
            ("proposed", "To Confirm"),
            ("confirmed", "Repeat"),
            ("rejected", "Not a Repeat"),
        ],
        "Repeat",
        readonly=True,
        copy=False,
        tracking=True,
    )
    repeat_priority = fields.Selection(
        PRIORITIES, "Priority before the Repeat", readonly=True, copy=False
    )
    repeat_ids = fields.One2many("care.complaint", "repeat_of_id", "Repeated by")

    def write(self, vals):
        """A category or product entered later may reveal a repeat."""
        if not REPEAT_MATCH_FIELDS & vals.keys():
            return super().write(vals)
        seen = {c: c._sameness() for c in self}
        result = super().write(vals)
        self.filtered(lambda c: c._sameness() != seen[c])._find_repeats()
        return result

    def action_confirm_repeat(self):
        self.check_access("write")
        self.filtered(lambda c: c.repeat_state == "proposed").sudo().write(
            {"repeat_state": "confirmed"}
        )

    def action_reject_repeat(self):
        """Reject the proposed repeat and restore the priority."""
        self.check_access("write")
        self.filtered("repeat_of_id")._clear_repeat("rejected")

    def _sameness(self):
        return tuple(self[name] for name in sorted(REPEAT_MATCH_FIELDS))

    @api.model
    def _prepare_repeats(self, vals_list):
        """Propose new complaints as repeats, with one query for all of them.

        :return: {index in the list: index of the complaint that it repeats}, where
            both are new
        """
        rows = []
        for place, case in enumerate(vals_list):
            if (
                case.get("partner_id")
                and case.get("kind") != "suggestion"
                and (case.get("category_id") or case.get("product_id"))
            ):
                rows.append(
                    (
                        place,
                        NEW_COMPLAINT_ID,
                        case["company_id"],
                        case["partner_id"],
                        case["kind"],
                        case.get("category_id") or None,
                        case.get("product_id") or None,
                        fields.Datetime.to_datetime(case["received_at"]),
                        case.get("split_from_id") or None,
                    )
                )
        again = {}
        for place, earlier, other in self._earlier(rows):
            vals = vals_list[place]
            vals |= self._repeated(vals["priority"])
            if earlier:
                vals["repeat_of_id"] = earlier
            else:
                again[place] = other
        return again

    def _link_repeats(self, again):
        """:param again: result of :meth:`_prepare_repeats` for these new complaints"""
        if not again:
            return
        self.flush_recordset(["repeat_of_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE care_complaint SET repeat_of_id = pair.earlier"
                " FROM UNNEST(%s, %s) AS pair(id, earlier)"
                " WHERE care_complaint.id = pair.id",
                [self[place].id for place in again],
                [self[place].id for place in again.values()],
            )
        )
        self.invalidate_recordset(["repeat_of_id"], flush=False)

    def _find_repeats(self):
        """Search again for repeated complaints, unless a repeat was confirmed."""
        open_ones = self.filtered(lambda c: c.repeat_state != "confirmed")
        found = {
            id_: earlier
            for id_, earlier, _other in self._earlier(
                [
                    (
                        complaint.id,
                        complaint.id,
                        complaint.company_id.id,
                        complaint.partner_id.id,
                        complaint.kind,
                        complaint.category_id.id or None,
                        complaint.product_id.id or None,
                        complaint.received_at,
                        complaint.split_from_id.id or None,
                    )
                    for complaint in open_ones
                    if complaint.kind != "suggestion"
                    and (complaint.category_id or complaint.product_id)
                ]
            )
            if earlier
        }
        for complaint in open_ones:
            earlier = found.get(complaint.id)
            if not earlier:
                complaint._clear_repeat()
            elif complaint.repeat_of_id.id != earlier:
                values = {"repeat_of_id": earlier, "repeat_state": "proposed"}
                if not complaint.repeat_priority and not complaint.closed_at:
                    values |= self._repeated(complaint.priority)
                complaint.sudo().write(values)

    @api.model
    def _repeated(self, priority):
        """Values of a repeat: one step more urgent."""
        most = PRIORITIES[-1][0]
        return {
            "repeat_state": "proposed",
            "repeat_priority": priority or "0",
            "priority": min(str(int(priority or "0") + 1), most),
        }

    def _clear_repeat(self, state=False):
        """Clear the repeat and restore the priority, unless it was changed since."""
        for complaint in self.filtered(lambda c: c.repeat_of_id or c.repeat_state):
            values = {"repeat_of_id": False, "repeat_state": state}
            before = complaint.repeat_priority
            if before:
                raised = self._repeated(before)["priority"]
                values["repeat_priority"] = False
                if complaint.priority == raised != before:
                    values["priority"] = before
            complaint.sudo().write(values)

    @api.model
    def _earlier(self, rows):
        """Find the complaints that these repeat: the first of the month in the
        company's time zone that is not cancelled. Parts of one complaint do not repeat
        it, nor each other.

        :param rows: [(key, id, company, customer, kind, category, product, received,
            complaint that it was split from or None)]
        :return: [(key, id of an earlier complaint or None, key of another row or None)]
        """
        if not rows:
            return []
        self.flush_model(
            [*REPEAT_MATCH_FIELDS, "company_id", "stage_id", "split_from_id"]
        )
        columns = [list(column) for column in zip(*rows, strict=True)]
        companies = self.env["res.company"].browse(set(columns[2]))
        return self.env.execute_query(
            SQL(
                """
                WITH new AS (
                    SELECT row.*,
                           date_trunc('month',
                               row.at AT TIME ZONE 'UTC' AT TIME ZONE zone.name)
                           AT TIME ZONE zone.name AT TIME ZONE 'UTC' AS month
                      FROM UNNEST(
                           %s::int[], %s::int[], %s::int[], %s::int[], %s::text[],
                           %s::int[], %s::int[], %s::timestamp[], %s::int[]
                           ) AS row(key, id, company, partner, kind, category, product,
                                    at, whole)
                      JOIN UNNEST(%s::int[], %s::text[]) AS zone(company, name)
                        ON zone.company = row.company
                )
                SELECT new.key, earlier.id, CASE WHEN earlier.id IS NULL THEN other.key
                       END
                  FROM new
             LEFT JOIN LATERAL (
                       SELECT c.id
                         FROM care_complaint c
                         JOIN care_complaint_stage stage ON stage.id = c.stage_id
                        WHERE c.partner_id = new.partner
                          AND c.company_id = new.company
                          AND c.kind = new.kind
                          AND (c.category_id = new.category
                               OR c.product_id = new.product)
                          AND c.received_at >= new.month
                          AND (c.received_at, c.id) < (new.at, new.id)
                          AND stage.phase <> 'cancelled'
                          AND c.id IS DISTINCT FROM new.whole
                          AND (c.split_from_id IS NULL
                               OR c.split_from_id NOT IN
                                  (new.id, COALESCE(new.whole, new.id)))
                     ORDER BY c.received_at, c.id
                        LIMIT 1
                       ) earlier ON TRUE
             LEFT JOIN LATERAL (
                       SELECT o.key
                         FROM new o
                        WHERE new.id = %s
                          AND o.partner = new.partner
                          AND o.company = new.company
                          AND o.kind = new.kind
                          AND (o.category = new.category OR o.product = new.product)
                          AND o.at >= new.month
                          AND (o.at, o.key) < (new.at, new.key)
                     ORDER BY o.at, o.key
                        LIMIT 1
                       ) other ON TRUE
                 WHERE earlier.id IS NOT NULL OR other.key IS NOT NULL
              ORDER BY new.key
                """,
                *columns,
                companies.ids,
                [company._care_tz().zone for company in companies],
                NEW_COMPLAINT_ID,
            )
        )

    def action_open_repeats(self):
        """Open the repeated complaint and all its repeats."""
        self.ensure_one()
        first = self.repeat_of_id or self
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.complaint_action"
        )
        domain = Domain("id", "=", first.id) | Domain("repeat_of_id", "=", first.id)
        return action | {
            "domain": list(domain),
            "views": [(False, "list"), (False, "form")],
            "context": {},
        }
