from odoo import api, fields, models

OUTCOMES = [
    ("unknown", "Not Asked"),
    ("satisfied", "Satisfied"),
    ("unsatisfied", "Not Satisfied"),
]
ACTION_TYPES = (
    "customer_care.mail_activity_type_corrective",
    "customer_care.mail_activity_type_preventive",
)


class CareComplaint(models.Model):
    """The case file: what the customer wants, why it happened, what was done about it,
    who checked it, and who answers for it (domain, section 4)."""

    _inherit = "care.complaint"

    genuine = fields.Selection(
        [
            ("unknown", "Not Known Yet"),
            ("genuine", "Genuine"),
            ("malicious", "Malicious"),
        ],
        default="unknown",
        required=True,
        tracking=True,
        help="Is the complaint genuine, or made up to gain an advantage?",
    )
    against_team_id = fields.Many2one(
        "crm.team",
        "Against Department",
        check_company=True,
        index="btree_not_null",
        help="For internal complaints: the department whose work the complaint is "
        "about.",
    )
    order_id = fields.Many2one(
        "sale.order",
        "Sales Order",
        domain="[('partner_id.commercial_partner_id', '=', partner_id)]",
        check_company=True,
        copy=False,
        index="btree_not_null",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null")
    wanted = fields.Text("The Customer Wants")
    wanted_date = fields.Date("Wanted by")
    promise = fields.Text("We Promised", tracking=True)
    promise_date = fields.Date("Promised by", tracking=True)
    root_cause_id = fields.Many2one(
        "care.root.cause",
        "Class of Cause",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )
    root_cause = fields.Text()
    solution = fields.Text(
        help="How the complaint is solved, in words for the customer."
    )
    first_contact = fields.Boolean(
        "Solved at First Contact",
        copy=False,
        help="The complaint was solved while it was being recorded.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    co_responsible_ids = fields.Many2many(
        "res.users",
        "care_complaint_co_responsible_rel",
        "complaint_id",
        "user_id",
        "Co-Responsible",
        copy=False,
        help="The supervisor, who is responsible together with the person.",
    )
    outcome = fields.Selection(
        OUTCOMES,
        default="unknown",
        required=True,
        copy=False,
        tracking=True,
        help="Is the customer satisfied with how the complaint was solved?",
    )
    corrective_count = fields.Integer(
        "Corrective Actions", compute="_compute_corrective_count"
    )
    outcome_comment = fields.Text("Customer Feedback", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        told = [
            complaint.id
            for complaint, vals in zip(complaints, vals_list, strict=True)
            if vals.get("responsible_id") and "co_responsible_ids" not in vals
        ]
        complaints.browse(told)._fill_co_responsible()
        if promised := complaints.filtered("promise_date"):
            promised._remind_of_promise()
        return complaints

    def write(self, vals):
        vals = self._care_drop_unchanged({"responsible_id", "promise_date"}, vals)
        result = super().write(vals)
        if "responsible_id" in vals and "co_responsible_ids" not in vals:
            self._fill_co_responsible()
        if "promise_date" in vals:
            self._remind_of_promise()
        return result

    @api.onchange("responsible_id")
    def _onchange_responsible_id(self):
        self._fill_co_responsible()

    def _fill_co_responsible(self):
        """The supervisor is responsible together with the person (domain, section
        4)."""
        for complaint in self:
            person = complaint.responsible_id
            supervisor = person.sudo().sale_team_id.user_id.sudo(False) - person
            if person and not supervisor:
                supervisor = complaint.company_id._care_manager() - person
            complaint.co_responsible_ids = supervisor

    def _remind_of_promise(self):
        """Schedule one activity on the promised date."""
        kind = "customer_care.mail_activity_type_complaint_promise"
        self.activity_unlink([kind])
        for complaint in self.filtered("promise_date"):
            complaint.activity_schedule(
                kind,
                complaint.promise_date,
                summary=complaint.promise,
                user_id=complaint.user_id.id or self.env.uid,
            )

    # ------------------------------------------------------------
    # Corrective and preventive actions
    # ------------------------------------------------------------

    def _compute_corrective_count(self):
        counts = dict(
            self.env["mail.activity"]
            .with_context(active_test=False)
            ._read_group(self._corrective_domain(), ["res_id"], ["__count"])
        )
        for complaint in self:
            complaint.corrective_count = counts.get(complaint.id, 0)

    def _corrective_domain(self):
        types = self.env["mail.activity.type"].union(
            *(
                kind
                for name in ACTION_TYPES
                if (kind := self.env.ref(name, raise_if_not_found=False))
            )
        )
        return [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("activity_type_id", "in", types.ids),
        ]

    def action_plan_corrective(self):
        return self._plan_action(0)

    def action_plan_preventive(self):
        return self._plan_action(1)

    def _plan_action(self, place):
        """Open the form of a new activity, to choose its owner and date."""
        self.ensure_one()
        kind = self.env.ref(ACTION_TYPES[place])
        return {
            "type": "ir.actions.act_window",
            "name": kind.name,
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self.id,
                "default_activity_type_id": kind.id,
            },
        }

    def action_open_corrective(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.corrective_action"
        )
        return action | {
            "domain": self._corrective_domain(),
            "context": {"active_test": False},
        }
