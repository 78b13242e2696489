from collections import defaultdict

from odoo import api, models

UNCHECKED_MODELS = ("res.partner", "res.users")
"""Whom everybody inside may choose; rules of the records themselves look at them."""


class CareReferenceMixin(models.AbstractModel):
    """Records that a user chooses must be readable for that user.

    Odoo shows the name of a chosen record to whom may read the record that points at
    it. Without this, any id in a form, in a value or in a default of the context would
    tell its name, and related fields more than that.
    """

    _name = "care.reference.mixin"
    _description = "Reference Access Check Mixin"

    @api.model
    def default_get(self, fields):
        """A default that the user may not read is none, also where the values that are
        written with it were checked before."""
        values = super().default_get(fields)
        for name, records in self._care_references(values):
            if not records.has_access("read"):
                del values[name]
        return values

    def onchange(self, values, field_names, fields_spec):
        self._check_care_references([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_care_references(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_care_references([vals])
        return super().write(vals)

    def _check_care_references(self, vals_list):
        """One check for each model, whatever the number of records.

        :raise AccessError: a record newly chosen is not readable
        """
        if self._care_is_unlocked():
            return
        chosen = defaultdict(set)
        for vals in vals_list:
            for name, records in self._care_references(vals):
                chosen[records._name] |= set(records.ids) - set(self.sudo()[name].ids)
        for model, ids in chosen.items():
            self.env[model].browse(ids).check_access("read")

    def _care_references(self, vals):
        """[(field, records)] that values point at, of the fields of this app"""
        if self.env.su:
            return []
        return [
            (name, self.env[field.comodel_name].browse(ids))
            for name in vals
            if (field := self._fields.get(name))
            and field.type in ("many2one", "many2many")
            and field.comodel_name not in UNCHECKED_MODELS
            and "customer_care" in field._modules
            and (ids := _chosen(vals[name]))
        ]


def _chosen(value):
    """Ids in a value of a relational field, as the web client or code gives it"""
    if isinstance(value, models.BaseModel):
        return value.ids
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, int):
        return [value] if value else []
    ids = []
    for command in value or ():
        if isinstance(command, int):
            ids.append(command)
        elif command[0] == 4:
            ids.append(command[1])
        elif command[0] == 6:
            ids += command[2]
    return [id_ for id_ in ids if isinstance(id_, int)]
