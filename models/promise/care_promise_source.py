from odoo import api, fields, models
from odoo.exceptions import UserError

PROMISE_FIELDS = {"promise", "promise_date", "promise_cost"}
"""Fields of a source, and of its promise in ``_promise_values``"""


class CarePromiseSource(models.AbstractModel):
    """Records in which somebody enters a promise: its words, day and cost are those of
    the promise, as soon as there is one."""

    _name = "care.promise.source"
    _description = "Source of a Promise"

    promise_id = fields.Many2one(
        "care.promise",
        "Promise Record",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    care_promise_count = fields.Integer(
        "Promises", compute="_compute_care_promise_count"
    )

    def _auto_init(self):
        """Columns that exist are not computed: an upgrade would go through all
        records."""
        if self._auto and not self._abstract:
            self.env.cr.execute(
                f"ALTER TABLE IF EXISTS {self._table}"  # pylint: disable=E8103
                " ADD COLUMN IF NOT EXISTS promise_cost numeric"
            )
        return super()._auto_init()

    @api.depends("promise_id.name", "promise_id.date_due", "promise_id.company_cost")
    def _compute_promise(self):
        """Without a promise yet they keep what was entered."""
        for record in self:
            promise = record.promise_id
            if promise or not record.id:
                record.promise = promise.name if promise else record.promise
                record.promise_date = (
                    promise.date_due if promise else record.promise_date
                )
                record.promise_cost = (
                    promise.company_cost if promise else record.promise_cost
                )

    def _compute_care_promise_count(self):
        name = self._promise_link()
        counts = dict(
            self.env["care.promise"]._read_group(
                [(name, "in", self.ids)], [name], ["__count"]
            )
        )
        for record in self:
            record.care_promise_count = counts.get(record, 0)

    def _drop_promise_id(self, vals_list):
        """Only the app links a promise: its words are copied as superuser."""
        if self.env.su:
            return vals_list
        return [
            {name: value for name, value in vals.items() if name != "promise_id"}
            for vals in vals_list
        ]

    def _check_promise_vals(self, vals):
        vals = self._care_drop_unchanged(PROMISE_FIELDS | {"promise_id"}, vals)
        if "promise_cost" in vals and any(
            promise._is_foreign() for promise in self.sudo().promise_id
        ):
            raise UserError(
                self.env._(
                    "The cost of this promise is in another currency: change it in "
                    "the promise."
                )
            )
        if self.env.su:
            return vals
        if "promise_id" in vals:
            raise UserError(self.env._("A promise is linked by the app only."))
        if PROMISE_FIELDS & vals.keys() and self._is_promise_on():
            for promise in self.sudo().promise_id:
                names = {"promise": "name", "promise_date": "date_due"}
                if "promise" in vals and not (vals["promise"] or "").strip():
                    promise.sudo(False)._check_withdraw()
                promise.sudo(False)._check_write(
                    {
                        names.get(name, "cost"): vals[name]
                        for name in PROMISE_FIELDS & vals.keys()
                    }
                )
        return vals

    @api.model
    def _is_promise_on(self):
        return self.env["res.groups"]._has_care_feature("promise")

    @api.model
    def _promise_link(self):
        """Name of the field of a promise that links to this model"""
        raise NotImplementedError

    def _promise_values(self):
        """Values of the promise that follow from this record"""
        self.ensure_one()
        return {
            "name": self.promise,
            "date_due": self.promise_date,
            "cost": self.promise_cost,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
        }

    def _sync_promises(self):
        """The promise of a record follows what was entered: made, changed or, if its
        words were deleted, withdrawn."""
        Promise = self.env["care.promise"]._care_unlock()
        for record in self.sudo():
            promise = record.promise_id
            if not (record.promise or "").strip():
                if promise:
                    record.promise_id = False
                    promise._drop_from_source()
            elif promise:
                values = record._promise_values()
                if promise._is_foreign():
                    del values["cost"]
                promise._care_unlock().write(values)
            else:
                link = record._promise_link()
                record.promise_id = Promise.with_company(record.company_id).create(
                    {
                        **record._promise_values(),
                        "promised_at": fields.Datetime.now(),
                        "user_id": record.user_id.id or self.env.uid,
                        "company_id": record.company_id.id,
                        "currency_id": record.promise_currency_id.id,
                        link: record.id,
                    }
                )

    def action_open_care_promises(self):
        """Open its promises; a new one is linked to it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.promise_action"
        )
        name = self._promise_link()
        return action | {
            "domain": [(name, "=", self.id)],
            "context": {
                f"default_{name}": self.id,
                "default_partner_id": self.partner_id.commercial_partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
