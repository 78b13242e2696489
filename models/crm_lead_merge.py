from odoo import models


class CrmLead(models.Model):
    """What is lost when opportunities are merged: rows and card data of this app."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        self._merge_care_references(opportunities)

    def _merge_care_references(self, opportunities):
        """Rows of this app that name the merged ones name the survivor, whoever may
        read them. Merging changes no report, so nothing is checked or tracked."""
        for model, name in self._care_references():
            rows = (
                self.env[model]
                .sudo()
                .with_context(active_test=False, tracking_disable=True)
                .search([(name, "in", opportunities.ids)])
            )
            rows.write({name: self.id})
        self.env["care.handover.line"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", opportunities.ids)]
        ).write({"res_id": self.id})

    def _care_references(self):
        """(model, field) of the columns of this app that name an opportunity"""
        return [
            (model, field.name)
            for model, Model in self.env.registry.items()
            if Model._auto and not Model._abstract and model.startswith("care.")
            for field in Model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and field.store
            and not field.related
        ]

    def _merge_get_fields(self):
        return super()._merge_get_fields() + [
            name
            for name, field in self._fields.items()
            if name.startswith("care_")
            and field.store
            and not field.related
            and not field.compute
            and field.type != "one2many"
        ]

    def _merge_get_fields_specific(self):
        """Several values of one field add up, as tags do."""
        many = [
            name
            for name, field in self._fields.items()
            if name.startswith("care_") and field.store and field.type == "many2many"
        ]
        return super()._merge_get_fields_specific() | {
            name: lambda fname, leads: leads.mapped(fname) for name in many
        }
