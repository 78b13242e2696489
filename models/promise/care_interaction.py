from odoo import api, fields, models

from .care_promise_source import PROMISE_FIELDS, CarePromiseSource


class CareInteraction(models.Model):
    """What was promised in a report becomes a promise when the report is filed."""

    _name = "care.interaction"
    _inherit = ["care.interaction", CarePromiseSource._name]

    promise = fields.Char(compute="_compute_promise", store=True, readonly=False)
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
    promise_state = fields.Selection(
        selection_add=[
            ("to_approve", "To Approve"),
            ("forgiven", "Forgiven by the Customer"),
            ("withdrawn", "Withdrawn"),
        ],
        compute="_compute_promise_state",
        store=True,
    )

    @api.depends("promise_id.state")
    def _compute_promise_state(self):
        """A promise that is late or disputed is still open."""
        for report in self:
            state = report.promise_id.state
            report.promise_state = (
                "open" if state in ("late", "disputed") else state
            ) or report.promise_state

    @api.model_create_multi
    def create(self, vals_list):
        self = self._care_without_defaults({"promise_id"})  # noqa: PLW0642
        return super().create(self._drop_promise_id(vals_list))

    def write(self, vals):
        vals = self._check_promise_vals(vals)
        result = super().write(vals)
        if {*PROMISE_FIELDS, "partner_id", "contact_id"} & vals.keys():
            self.filtered(
                lambda row: row.state == "done" and row.promise_state
            )._sync_promises()
        return result

    @api.model
    def _promise_link(self):
        return "interaction_id"

    def _open_promise(self):
        self._sync_promises()
        self.promise_id.promised_at = min(self.date_start, fields.Datetime.now())
        if not self._is_promise_on():
            self._remind_of_promise()

    def _settle_promise(self, state):
        """Where promises are followed up, keeping one needs its evidence."""
        self.check_access("read")
        if self.promise_id and self._is_promise_on():
            promise = self.promise_id
            return promise.action_keep() if state == "kept" else promise.action_break()
        return super()._settle_promise(state)

    def _note_promise(self, state):
        """Marking a reminder from before promises were followed up keeps it."""
        promises = self.promise_id.filtered(lambda row: row.state in ("open", "late"))
        promises._settle_from_source(state)
        return super(CareInteraction, self - promises.interaction_id)._note_promise(
            state
        )
