from odoo import models


class CareNamed(models.AbstractModel):
    """Records that people choose by name: a copy has a name of its own, in each
    language."""

    _name = "care.named"
    _description = "Record with a Unique Name"

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        if "name" in (default or {}):
            return copies
        taken = set()
        for record, vals in zip(self, copies, strict=True):
            vals["name"] = record._care_name_of_copy(taken)
        return copies

    def copy_translations(self, new, excluded=()):
        """Keep the names made for the copy: do not copy the original's translations
        over them."""
        super().copy_translations(new, {*excluded, "name"})
        field = self._fields["name"]
        if "name" in excluded or not field.translate or self == new:
            return
        langs = field._get_stored_translations(self) or {}
        langs = langs.keys() & dict(self.env["res.lang"].get_installed()).keys()
        for lang in langs - {self.env.lang or "en_US"}:
            record = self.with_context(lang=lang)
            new.with_context(lang=lang).name = record._care_name_of_copy()

    def _care_name_of_copy(self, taken=None):
        """The first free name of "X (copy)", "X (copy 2)" and so on.

        :param taken: names given in the same call, added to
        """
        taken = set() if taken is None else taken
        names = self.with_context(active_test=False).sudo()
        name = self.env._("%s (copy)", self.name)
        number = 2
        while name in taken or names.search_count([("name", "=", name)], limit=1):
            name = self.env._(
                "%(name)s (copy %(number)s)", name=self.name, number=number
            )
            number += 1
        taken.add(name)
        return name
