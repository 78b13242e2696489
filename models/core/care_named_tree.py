from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


def search_words(model, name, operator, value):
    """Search method of a field that is worded in the reader's language, for models with
    some hundred records at most."""
    if operator == "in":
        fits = set(value).__contains__
    elif operator == "ilike" and isinstance(value, str):

        def fits(text):
            return value.casefold() in (text or "").casefold()
    else:
        return NotImplemented
    records = model.with_context(active_test=False).search(Domain.TRUE)
    return [("id", "in", records.filtered(lambda record: fits(record[name])).ids)]


class CareNamedTree(models.AbstractModel):
    """Named records in a tree of some hundred at most, such as regions: shown, sorted
    and found by their path in the reader's language.

    Models add ``parent_id`` and ``parent_path``.
    """

    _name = "care.named.tree"
    _description = "Tree of Named Records"
    _inherit = ["care.named"]
    _order = "complete_name"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name"]

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    complete_name = fields.Char(
        compute="_compute_complete_name",
        search="_search_complete_name",
        recursive=True,
    )

    @api.depends_context("lang")
    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for record in self:
            record.complete_name = " / ".join(
                filter(None, (record.parent_id.complete_name, record.name))
            )

    def _search_complete_name(self, operator, value):
        return search_words(self, "complete_name", operator, value)

    @api.depends_context("lang", "hierarchical_naming")
    @api.depends("complete_name")
    def _compute_display_name(self):
        """The search panel draws the tree, so it asks for the last part of the path."""
        whole = self.env.context.get("hierarchical_naming", True)
        for record in self:
            record.display_name = record.complete_name if whole else record.name

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by path. A grouped query is grouped by the record, so that a path is
        looked up once for each record and not for each row."""
        if field_name != "complete_name":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        query._order_groupby.append(SQL.identifier(alias, "id"))
        path = self._care_sql_path(alias, self._care_sql_sort_key("care_up"))
        return SQL("%s %s %s", path, direction, nulls)

    def _care_sql_path(self, alias, value=None):
        """Names from the root to the record in ``alias`` as an array, in the reader's
        language; or another value of each, of ``care_up``"""
        return SQL(
            """(SELECT array_agg(%(key)s ORDER BY length(care_up.parent_path))
                  FROM %(table)s AS care_up
                 WHERE care_up.id = ANY(
                        string_to_array(rtrim(%(path)s, '/'), '/')::int[]))""",
            key=value or self._field_to_sql("care_up", "name"),
            table=SQL.identifier(self._table),
            path=SQL.identifier(
                alias, "parent_path", to_flush=self._fields["parent_path"]
            ),
        )

    def _care_sql_sort_key(self, alias):
        """By what the parts of one record are sorted, as text"""
        return self._field_to_sql(alias, "name")
