from odoo import api, fields, models
from odoo.tools import SQL

from ..complaint.care_complaint_case import ACTION_TYPES

KINDS = [
    ("promise", "Promise"),
    ("dispute", "Answer to a Dispute"),
    ("order", "Written Order"),
    ("contact", "Visit or Call"),
    ("complaint", "Complaint"),
    ("action", "Corrective Action"),
]
OVERDUE = [
    (
        "promise",
        "care.promise",
        """
        SELECT o.id, o.user_id, o.supervisor_id, o.department_id, o.partner_id,
               o.company_id, o.date_due
          FROM care_promise o
         WHERE o.state IN ('open', 'late')
        """,
    ),
    (
        "dispute",
        "care.promise",
        """
        SELECT o.id, o.user_id, o.supervisor_id, o.department_id, o.partner_id,
               o.company_id, o.dispute_due AS date_due
          FROM care_promise o
         WHERE o.state = 'disputed' AND o.denied_at IS NULL AND o.order_due IS NULL
        """,
    ),
    (
        "order",
        "care.notice",
        """
        SELECT o.id, o.user_id, o.supervisor_id, o.department_id, p.partner_id,
               o.company_id, o.date_due
          FROM care_notice o
     LEFT JOIN care_promise p ON p.id = o.promise_id
         WHERE o.state = 'open'
        """,
    ),
    (
        "contact",
        "care.plan.target",
        """
        SELECT o.id, o.user_id, NULL::int AS supervisor_id, NULL::int AS department_id,
               o.partner_id, o.company_id, o.date_aim AS date_due
          FROM care_plan_target o
         WHERE o.state = 'open'
        """,
    ),
    (
        "complaint",
        "care.complaint",
        """
        SELECT o.id, o.user_id, NULL::int AS supervisor_id, NULL::int AS department_id,
               o.partner_id, o.company_id, o.sla_deadline::date AS date_due
          FROM care_complaint o
         WHERE o.closed_at IS NULL AND o.merged_into_id IS NULL
               AND o.spam IS NOT TRUE AND o.sla_deadline < %(now)s
        """,
    ),
    (
        "action",
        "mail.activity",
        """
        SELECT o.id, o.user_id, NULL::int AS supervisor_id, NULL::int AS department_id,
               c.partner_id, c.company_id, o.date_deadline AS date_due
          FROM mail_activity o
          JOIN care_complaint c ON c.id = o.res_id
         WHERE o.active AND o.res_model = 'care.complaint'
               AND o.activity_type_id = ANY(%(types)s)
        """,
    ),
]
"""(kind, model, query of what is still to be done, with the day it is due)"""
KIND_FEATURES = {"contact": "visit", "complaint": "complaint", "action": "complaint"}


class CareOverdue(models.Model):
    """Everything overdue in the selected companies, and who owes it"""

    _name = "care.overdue"
    _description = "Overdue in the Company"
    _auto = False
    _order = "days desc, id"
    _depends = {
        "care.promise": [
            "state",
            "user_id",
            "supervisor_id",
            "department_id",
            "partner_id",
            "company_id",
            "date_due",
            "dispute_due",
            "denied_at",
            "order_due",
        ],
        "care.notice": [
            "state",
            "user_id",
            "supervisor_id",
            "department_id",
            "company_id",
            "date_due",
        ],
        "care.plan.target": [
            "state",
            "user_id",
            "partner_id",
            "company_id",
            "date_aim",
        ],
        "care.complaint": [
            "user_id",
            "partner_id",
            "company_id",
            "sla_deadline",
            "closed_at",
            "merged_into_id",
            "spam",
        ],
        "mail.activity": ["user_id", "date_deadline", "active", "res_model"],
        "res.users": ["sale_team_id"],
        "crm.team": ["user_id"],
    }

    kind = fields.Selection(KINDS, readonly=True)
    name = fields.Char("What", compute="_compute_name")
    user_id = fields.Many2one("res.users", "Owed by", readonly=True)
    supervisor_id = fields.Many2one("res.users", readonly=True)
    department_id = fields.Many2one("crm.team", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    days = fields.Integer("Days Overdue", readonly=True, aggregator="max")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(readonly=True, model_field="res_model")

    @api.model
    def _owed(self):
        """[(kind, model, query, feature)] of what can be overdue"""
        return [(*row, KIND_FEATURES.get(row[0], "promise")) for row in OVERDUE]

    @property
    def _table_query(self):
        days = self._sql_days()
        has = self.env["res.groups"]._has_care_feature
        owing = self._owed()
        parts = [
            SQL(
                """
                SELECT o.id::bigint * %(count)s + %(place)s AS id, %(kind)s AS kind,
                       o.user_id,
                       COALESCE(o.supervisor_id, NULLIF(team.user_id, o.user_id),
                                NULLIF(days.manager_id, o.user_id)) AS supervisor_id,
                       COALESCE(o.department_id, person.sale_team_id)
                           AS department_id,
                       o.partner_id, o.company_id, o.date_due,
                       days.today - o.date_due AS days,
                       %(model)s AS res_model, o.id AS res_id
                  FROM (%(owed)s) o
                  JOIN %(days)s ON days.company_id = o.company_id
             LEFT JOIN res_users person ON person.id = o.user_id
             LEFT JOIN crm_team team ON team.id = person.sale_team_id
                 WHERE o.date_due < days.today OR %(kind)s = 'complaint'
                """,
                count=len(owing),
                place=place,
                kind=kind,
                model=model,
                days=days,
                owed=SQL(
                    owed, now=fields.Datetime.now(), types=self._action_type_ids()
                ),
            )
            for place, (kind, model, owed, feature) in enumerate(owing)
            if has(feature)
        ]
        return SQL(" UNION ALL ").join(parts or [self._sql_nothing()])

    @api.model
    def _sql_nothing(self):
        """No row, while all features are off"""
        columns = {
            "id": "bigint",
            "kind": "varchar",
            "user_id": "int",
            "supervisor_id": "int",
            "department_id": "int",
            "partner_id": "int",
            "company_id": "int",
            "date_due": "date",
            "days": "int",
            "res_model": "varchar",
            "res_id": "int",
        }
        return SQL(
            "SELECT %s WHERE FALSE",
            SQL(", ").join(
                SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name))
                for name, kind in columns.items()
            ),
        )

    @api.model
    def _sql_days(self):
        """Rows (company, its day of today, its care manager)"""
        return SQL(
            "(VALUES %s) AS days(company_id, today, manager_id)",
            SQL(", ").join(
                SQL(
                    "(%s, %s::date, %s::int)",
                    company.id,
                    company._care_today(),
                    company._care_manager().id or None,
                )
                for company in self.env.companies.sudo()
            ),
        )

    @api.model
    def _action_type_ids(self):
        return [
            kind.id
            for name in ACTION_TYPES
            if (kind := self.env.ref(name, raise_if_not_found=False))
        ]

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_name(self):
        """Names of those records that the reader may read"""
        for model, rows in self.grouped("res_model").items():
            records = self.env[model].browse(rows.mapped("res_id"))
            names = {
                record.id: record.display_name
                for record in records.exists()._filtered_access("read")
            }
            for row in rows:
                row.name = names.get(row.res_id, False)

    def action_open(self):
        """Open the record that is overdue; a corrective action in its complaint."""
        self.ensure_one()
        self.check_access("read")
        model, res_id = self.res_model, self.res_id
        if model == "mail.activity":
            activity = self.env[model].browse(res_id)
            model, res_id = activity.res_model, activity.res_id
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "views": [(False, "form")],
        }
