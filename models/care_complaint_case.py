from odoo import fields, models

OUTCOMES = [
    ("unknown", "Not Asked"),
    ("satisfied", "Satisfied"),
    ("unsatisfied", "Not Satisfied"),
]


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
        help="Is the complaint real, or made up to get something?",
    )
    against_team_id = fields.Many2one(
        "crm.team",
        "Against Department",
        check_company=True,
        index="btree_not_null",
        help="Internal complaints: the department whose work is complained about.",
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
    root_cause = fields.Text()
    solution = fields.Text(help="How it is made good, in words for the customer.")
    first_contact = fields.Boolean(
        "Solved at First Contact",
        copy=False,
        help="The customer had the solution while the complaint was received.",
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
        "Responsible Too",
        copy=False,
        help="The supervisor answers together with the person.",
    )
    outcome = fields.Selection(
        OUTCOMES,
        default="unknown",
        required=True,
        copy=False,
        tracking=True,
        help="Is the customer satisfied with how the complaint was solved?",
    )
    outcome_comment = fields.Text("What the Customer Says of It", copy=False)

    def _care_record_outcome(self, outcome, comment=None):
        """What the customer says of the solution: from the portal, a survey, a call.

        :param outcome: ``satisfied`` or ``unsatisfied``
        """
        values = {"outcome": outcome}
        if comment:
            values["outcome_comment"] = comment
        self.write(values)
