from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

UNLOCKED = object()
"""Context value that RPC clients cannot send: they cannot produce this very object."""


class Base(models.AbstractModel):
    _inherit = "base"

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort groups by the order of the app's selections: high, medium, low instead
        of high, low, medium."""
        terms = groupby_terms | {
            name: self._care_rank(self._fields[name], value)
            for name, value in groupby_terms.items()
            if self._care_is_ranked(name)
        }
        orderby = super()._read_group_orderby(order, terms, query)
        groupby_terms.update(
            (name, value)
            for name, value in terms.items()
            if not self._care_is_ranked(name)
        )
        return orderby

    def _care_is_ranked(self, name):
        field = self._fields.get(name)
        return (
            field is not None
            and field.type == "selection"
            and field._module == "customer_care"
        )

    def _care_rank(self, field, value):
        """Place of a value in its selection, as SQL"""
        return SQL(
            "array_position(%s::varchar[], %s::varchar)",
            field.get_values(self.env),
            value,
        )

    # ------------------------------------------------------------
    # Protected fields
    # ------------------------------------------------------------

    def _care_unlock(self):
        """Return these records as superuser, allowed to write protected fields. Only
        for values made by our own code, after its access checks; all overrides of
        ``write`` run."""
        return self.sudo().with_context(care_unlocked=UNLOCKED)

    @api.model
    def _care_is_free(self):
        """Administrators of the app, and its own code, go beyond what others may."""
        return self.env.su or self.env.user.has_group("customer_care.group_manager")

    def _care_is_unlocked(self):
        return self.env.context.get("care_unlocked") is UNLOCKED

    def _care_without_defaults(self, names):
        """Drop the defaults of callers for these fields: they control the context, and
        their own defaults (``ir.default``), and must not set them."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in names
        }
        context["care_guarded"] = {
            self._name: (*self._care_guarded(), *names),
        }
        return self.with_context(context)  # pylint: disable=context-overridden

    @api.model
    def _care_guarded(self):
        """Names of the fields that ``_care_without_defaults`` has been called for"""
        guarded = self.env.context.get("care_guarded")
        return guarded.get(self._name, ()) if isinstance(guarded, dict) else ()

    @api.model
    def _care_is_closed(self, name):
        """Is the field one that the user cannot fill in? Company-dependent fields keep
        the values of all records in ``ir.default``."""
        field = self._fields.get(name)
        if field is None or field.company_dependent:
            return False
        if name in self._care_guarded():
            return True
        if "customer_care" not in field._modules:
            return False
        ours = self._original_module == "customer_care"
        return field.readonly or (
            ours and not self.sudo(False).browse().has_access("create")
        )

    def _care_in_language_of(self, person):
        """Return these records in the language of a user or partner, to word what is
        written to that person."""
        return self.with_context(lang=person.sudo().lang or self.env.lang)

    def _care_differs(self, name, value):
        """Whether writing ``value`` would change a record. Protected fields accept
        unchanged values, so that an export can be imported again."""
        field = self._fields[name]
        for record in self.sudo():
            wanted = field.convert_to_record(
                field.convert_to_cache(value, record), record
            )
            present = record[name]
            if field.type in ("one2many", "many2many"):
                wanted, present = set(wanted.ids), set(present.ids)
            if (wanted or False) != (present or False):
                return True
        return False

    def _care_drop_unchanged(self, names, vals):
        """:return: ``vals`` without the fields in ``names`` that keep their value"""
        return {
            name: value
            for name, value in vals.items()
            if name not in names or self._care_differs(name, value)
        }

    def _care_check_copy(self, default, key):
        """Refuse to duplicate a record that must be unique.

        :param key: {names of fields of which one must differ}
        """
        if self and not key & set(default or ()):
            names = [self._fields[name]._description_string(self.env) for name in key]
            raise UserError(
                self.env._(
                    "%(record)s cannot be duplicated: there is one for each "
                    "%(fields)s. Create a new one instead.",
                    record=self[0].display_name,
                    fields=", ".join(sorted(names)),
                )
            )
