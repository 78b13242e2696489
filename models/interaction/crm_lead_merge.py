from odoo import models
from odoo.tools import SQL


class CrmLead(models.Model):
    """Merging opportunities deletes all but one: move their records and card data to
    it."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._merge_care_pointing_fields(opportunities)
        self._merge_care_card(opportunities)
        self._unlink_foreign_interactions(opportunities)
        return result

    def _merge_dependences_calendar_events(self, opportunities):
        """Meetings keep their planned contacts, also those with another customer."""
        return super(
            CrmLead, self.with_context(care_no_interaction=True)
        )._merge_dependences_calendar_events(opportunities)

    def _unlink_foreign_interactions(self, opportunities):
        """Contacts with another customer than that of the opportunity that remains keep
        their customer and leave the opportunity."""
        leads = self.sudo() | opportunities.sudo()
        partner = next(filter(None, (lead.partner_id for lead in leads)), None)
        if not partner:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE care_interaction SET lead_id = NULL WHERE lead_id = %s AND"
                " partner_id IS DISTINCT FROM %s",
                self.id,
                partner.commercial_partner_id.id,
            )
        )
        self.env["care.interaction"].invalidate_model(["lead_id"], flush=False)
        self.invalidate_recordset(["care_interaction_ids"], flush=False)

    def _merge_care_pointing_fields(self, opportunities):
        """Uses SQL, because reports of other users move too, and a report may end up on
        the opportunity of another customer, which the ORM's checks refuse."""
        self.env.flush_all()
        columns = [
            (self.env[model]._table, field.name, SQL("TRUE"))
            for model, field in self._care_pointing_fields()
        ]
        columns.append(
            ("care_handover_line", "res_id", SQL("res_model = %s", self._name))
        )
        for table, column, condition in columns:
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(kept)s "
                    "WHERE %(column)s = ANY(%(merged)s) AND %(condition)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    kept=self.id,
                    merged=opportunities.ids,
                    condition=condition,
                )
            )
        self.env.invalidate_all(flush=False)

    def _care_pointing_fields(self):
        """(model, field) of the columns of this app that name an opportunity"""
        return [
            (name, field)
            for name, model in self.env.registry.items()
            if name.startswith("care.") and model._auto and not model._abstract
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and field.store
            and not field.related
        ]

    def _merge_care_card(self, opportunities):
        """Keep the first value, as Odoo does for its own fields; collect the needs and
        reasons of all."""
        head = self.sudo()
        leads = head | opportunities.sudo()
        values = {}
        for name, field in self._fields.items():
            if (
                not name.startswith("care_")
                or not field.store
                or field.related
                or field.compute
                or field.type == "one2many"
            ):
                continue
            found = leads.mapped(name)
            value = (
                found
                if field.type == "many2many"
                else next(filter(None, found), head[name])
            )
            if value and value != head[name]:
                values[name] = field.convert_to_write(value, head)
        if values:
            head.write(values)
