from functools import partial
from itertools import chain

from odoo import api, fields, models
from odoo.tools import SQL, unique

Mean = partial(fields.Float, readonly=True, aggregator="avg", digits=(16, 1))
"""A column of which a group shows the mean of those rows that have it"""


class Flag(fields.Integer):
    """1 where the boolean column of this name holds, else 0: a sum counts the rows.

    Conditions use the boolean itself. PostgreSQL can estimate it and find its rows in
    an index, which it cannot with a number made by CASE.
    """

    def to_sql(self, model, alias):
        return SQL("CASE WHEN %s THEN 1 ELSE 0 END", self._sql_holds(alias))

    def _condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if operator not in ("in", "not in") or set(value) != {1}:
            return super()._condition_to_sql(
                field_expr, operator, value, model, alias, query
            )
        model._check_field_access(self, "read")
        holds = self._sql_holds(alias)
        return holds if operator == "in" else SQL("%s IS NOT TRUE", holds)

    def _sql_holds(self, alias):
        return SQL.identifier(alias, self.name, to_flush=self)


def sql_attainment(made, owed):
    """Percentage of a group: from its contacts, not as a mean of percentages"""
    return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", made, owed)


class CareAnalysis(models.AbstractModel):
    """Fields that all report models share: customer, region, department and company.

    Reports are SQL queries on live records, so each figure opens the records it counts
    and a replica can serve them. They write nothing, not even a
    temporary table.
    """

    _name = "care.analysis"
    _description = "Customer Care Report"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one(
        "crm.team",
        readonly=True,
        help="The person's sales team.",
    )
    region_id = fields.Many2one("care.region", readonly=True)

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Sort groups in Python when the default order is asked for: joining the names
        to all rows in SQL would take most of the time."""
        usual = order == ", ".join(groupby) and not offset and not limit
        rows = super()._read_group(
            domain, groupby, aggregates, having, offset, limit, None if usual else order
        )
        return self._in_order(rows, groupby) if usual else rows

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        usual = order == ", ".join(unique(chain(*grouping_sets)))
        found = super()._read_grouping_sets(
            domain, grouping_sets, aggregates, None if usual else order
        )
        if not usual:
            return found
        return [
            self._in_order(rows, groupby)
            for rows, groupby in zip(found, grouping_sets, strict=True)
        ]

    @api.model
    def _in_order(self, rows, groupby):
        """Sort rows by the order of each many2one's model, empty values last; other
        columns keep the order of their raw values."""
        ranks = {
            place: self._ranks(row[place] for row in rows)
            for place, name in enumerate(groupby)
            if name in self._fields and self._fields[name].type == "many2one"
        }
        first = {}
        for index, row in enumerate(rows):
            for place in range(len(groupby)):
                first.setdefault(row[: place + 1], index)
        return sorted(
            rows,
            key=lambda row: [
                ranks[place][row[place]] if place in ranks else first[row[: place + 1]]
                for place in range(len(groupby))
            ],
        )

    @api.model
    def _ranks(self, records):
        """{record: place in the order of its model}"""
        records = set(records)
        model = next(iter(records), self).sudo().with_context(active_test=False)
        found = model.search([("id", "in", [record.id for record in records])])
        places = {record.id: place for place, record in enumerate(found)}
        return {record: places.get(record.id, len(places)) for record in records}

    @api.model
    def _sql_rates(self):
        """Rows (company, rate) that convert amounts of the selected companies to the
        currency of the current one, at today's rate. A currency without a
        rate counts 1 : 1, as everywhere in Odoo."""
        target = self.env.company
        today = fields.Date.context_today(self)
        return SQL(
            "(VALUES %s) AS rates(company_id, rate)",
            SQL(", ").join(
                SQL(
                    "(%s, %s::numeric)",
                    company.id,
                    self.env["res.currency"]._get_conversion_rate(
                        company.currency_id, target.currency_id, target, today
                    ),
                )
                for company in self.env.companies.sudo()
            ),
        )

    @api.model
    def _sql_today(self):
        return SQL("%s::date", fields.Date.context_today(self))

    def _open(self, record):
        """The form of a record behind a row; the customer's is Odoo's usual one."""
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
