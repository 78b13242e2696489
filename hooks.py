from odoo.fields import Domain


def uninstall_hook(env):
    """Archive the users' saved filters that would break without our fields.

    Filters on our own models go with them; a filter on customers or opportunities
    that mentions a ``care_`` field would raise an error whenever it is opened.
    """
    Filter = env["ir.filters"].with_context(active_test=False).sudo()
    Filter.search([("model_id", "=like", "care.%")]).unlink()
    mentions = Domain.OR(
        Domain(field, "ilike", "care_") for field in ("domain", "context", "sort")
    )
    Filter.search(mentions & Domain("active", "=", True)).active = False
