from odoo import api, fields, models

from .care_promise_source import PROMISE_FIELDS, CarePromiseSource


class CareComplaint(models.Model):
    """What a customer was promised in a complaint is a promise."""

    _name = "care.complaint"
    _inherit = ["care.complaint", CarePromiseSource._name]

    promise = fields.Text(compute="_compute_promise", store=True, readonly=False)
    promise_date = fields.Date(compute="_compute_promise", store=True, readonly=False)
    promise_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Promise Currency"
    )
    promise_cost = fields.Monetary(
        "Cost of the Promise",
        compute="_compute_promise",
        store=True,
        readonly=False,
        currency_field="promise_currency_id",
        help="What keeping the promise costs the company.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self = self._care_without_defaults({"promise_id"})  # noqa: PLW0642
        complaints = super().create(self._drop_promise_id(vals_list))
        complaints.filtered(
            lambda row: row.promise and not row.promise_id
        )._sync_promises()
        return complaints

    def write(self, vals):
        vals = self._check_promise_vals(vals)
        result = super().write(vals)
        if {*PROMISE_FIELDS, "partner_id", "contact_id"} & vals.keys():
            self._sync_promises()
        return result

    # ------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------

    def _merge(self):
        """Promises go to the complaint that survives."""
        kept = super()._merge()
        for complaint in self - kept:
            promises = self.env["care.promise"]._care_unlock()
            for promise in promises.search([("complaint_id", "=", complaint.id)]):
                origin = promise.merged_complaint_id or complaint
                promise.write(
                    {"complaint_id": kept.id, "merged_complaint_id": origin.id}
                )
        return kept

    def action_unmerge(self):
        """Promises come back to the complaint in which they were made."""
        kept = {complaint: complaint.sudo().merged_into_id for complaint in self}
        result = super().action_unmerge()
        promises = self.env["care.promise"]._care_unlock()
        for complaint in self.filtered(lambda row: kept[row]):
            origins = complaint.sudo() | complaint.sudo()._merged_tree()
            for promise in promises.search(
                [
                    ("complaint_id", "=", kept[complaint].id),
                    ("merged_complaint_id", "in", origins.ids),
                ]
            ):
                origin = promise.merged_complaint_id.id
                promise.write(
                    {
                        "complaint_id": complaint.id,
                        "merged_complaint_id": origin != complaint.id and origin,
                    }
                )
        return result

    @api.model
    def _promise_link(self):
        return "complaint_id"

    def _remind_of_promise(self):
        """A promise reminds by itself, where promises are followed up."""
        own = self
        if self._is_promise_on():
            own = self.filtered(lambda row: not (row.promise or "").strip())
        return super(CareComplaint, own)._remind_of_promise()
