from odoo.tests import TransactionCase, tagged

from .superuser_fields import SUPERUSER_FIELDS


@tagged("post_install", "-at_install")
class TestSuperuserFields(TransactionCase):
    def test_list_is_what_the_registry_has(self):
        """No field more, and none that is gone"""
        listed = " ".join(SUPERUSER_FIELDS.values()).split()
        self.assertEqual(len(listed), len(set(listed)), "a field has one reason")
        found = {
            f"{name}.{field.name}"
            for name, model in self.registry.items()
            if name not in listed
            for field in model._fields.values()
            if "customer_care" in field._modules
            and field.compute
            and field.compute_sudo
        }
        models = {name for name in listed if name in self.registry}
        self.assertEqual(found, set(listed) - models)
