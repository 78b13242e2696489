from odoo import api, fields, models


class CareComplaint(models.Model):
    """A complaint as it was heard: who, what, when, and who looks after it."""

    _name = "care.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "received_at desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html()
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        domain="[('commercial_partner_id', '=', partner_id)]",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
        tracking=True,
    )
    source = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("other", "Other"),
        ],
        default="phone",
        required=True,
    )
    received_at = fields.Datetime(
        "Received", required=True, default=fields.Datetime.now, tracking=True
    )
    closed_at = fields.Datetime("Closed", readonly=True, copy=False, tracking=True)
    care_tier_id = fields.Many2one(related="partner_id.care_tier_id")
    care_tier_color = fields.Integer(
        related="partner_id.care_tier_color", string="Tier Color"
    )

    _open_idx = models.Index("(partner_id) WHERE closed_at IS NULL")

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = " · ".join(
                filter(None, (complaint.name, complaint.subject))
            )

    @api.model_create_multi
    def create(self, vals_list):
        Partner = self.env["res.partner"]
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequence.next_by_code("care.complaint")
            partner = Partner.browse(vals.get("partner_id"))
            if partner and partner != partner.commercial_partner_id:
                vals.setdefault("contact_id", partner.id)
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def action_close(self):
        self.filtered(lambda complaint: not complaint.closed_at).write(
            {"closed_at": fields.Datetime.now()}
        )

    def action_reopen(self):
        self.write({"closed_at": False})
