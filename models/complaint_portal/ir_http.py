from odoo import models
from odoo.http import request

OWN_MODULE = "odoo.addons.customer_care."


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """PostgreSQL keeps no NUL, and fails when it is asked for one."""
        if _is_ours(endpoint):
            request.params = {
                name: value.replace("\0", "") if isinstance(value, str) else value
                for name, value in request.params.items()
            }
        return super()._dispatch(endpoint)


def _is_ours(endpoint):
    """Does a controller of ours answer, be it with a method that it inherits?"""
    controller = getattr(getattr(endpoint, "func", endpoint), "__self__", None)
    return any(
        base.__module__.startswith(OWN_MODULE) for base in type(controller).__mro__
    )
