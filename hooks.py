from odoo.fields import Domain


def uninstall_hook(env):
    """Empty our tables and archive the users' saved filters that would break.

    Odoo deletes records with an XML id, such as the default tiers, before it drops
    tables, and history and reviews refer to them. Filters on our own models go with
    them; a filter on customers or opportunities that mentions a ``care_`` field would
    raise an error whenever it is opened.
    """
    env.flush_all()
    env.cr.execute(
        "TRUNCATE care_tier_history, care_tier_review_line, care_partner_tier"
    )
    env.invalidate_all(flush=False)
    Filter = env["ir.filters"].with_context(active_test=False).sudo()
    Filter.search([("model_id", "=like", "care.%")]).unlink()
    mentions = Domain.OR(
        Domain(field, "ilike", "care_") for field in ("domain", "context", "sort")
    )
    Filter.search(mentions & Domain("active", "=", True)).active = False
