from odoo import models
from odoo.http import request

OWN_MODULE = "odoo.addons.customer_care."


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Reject NUL characters, which PostgreSQL cannot store or compare."""
        if _is_ours(endpoint):
            request.params = {
                name: value.replace("\0", "") if isinstance(value, str) else value
                for name, value in request.params.items()
            }
        return super()._dispatch(endpoint)


def _is_ours(endpoint):
    """Is the endpoint one of our controllers, including inherited methods?"""
    controller = getattr(getattr(endpoint, "func", endpoint), "__self__", None)
    return any(
        base.__module__.startswith(OWN_MODULE) for base in type(controller).__mro__
    )
