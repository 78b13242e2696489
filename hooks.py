import re

from odoo.tools import SQL

MODULE = "customer_care"
PARAMETERS = (
    "customer_care.survey_periodic",
    "customer_care.survey_complaint",
    "customer_care.survey_departments",
    "customer_care.concepts_changed",
)
"""Every system parameter that the app writes"""


def post_init_hook(env):
    """Start account teams from the salespeople that customers have; the job fills the
    cards in the background."""
    fill_account_teams(env)
    env["res.partner"]._schedule_care_refresh()
    env["survey.survey"]._care_make_ready_surveys()
    show_in_digest(env)


def show_in_digest(env):
    """Switch our figures on in the digest that Odoo brings, if the company kept it."""
    digest = env.ref("digest.digest_digest_default", raise_if_not_found=False)
    if digest:
        digest.write({"kpi_care_contacts": True, "kpi_care_answered": True})


def fill_account_teams(env):
    """Give the customers' salespeople their role in the account team, in one statement
    whatever the number of customers; running it again changes nothing."""
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO care_account_member (
            partner_id, role_id, user_id,
            create_uid, create_date, write_uid, write_date
        )
        SELECT partner.id, role.id, partner.user_id, %(uid)s, %(now)s, %(uid)s, %(now)s
          FROM res_partner partner
          JOIN res_users users ON users.id = partner.user_id AND NOT users.share
          JOIN care_role role ON role.kind = 'salesperson'
         WHERE partner.commercial_partner_id = partner.id
        ON CONFLICT (partner_id, role_id) WHERE is_additional IS NOT TRUE DO NOTHING
        """,
        {"uid": env.uid, "now": env.cr.now()},
    )


def uninstall_hook(env):
    """Empty our tables, give the addresses of teams back, and remove what mentions our
    models and fields in tables of others.

    Odoo deletes records with an XML id, such as the default tiers, before it drops
    tables, and history and reviews refer to them. What is ours is asked of the
    registry: the names of another module may begin like ours.
    """
    env.flush_all()
    models = _our_models(env)
    tables = [env[name]._table for name in models if _has_table(env[name])]
    _let_go_of_our_tables(env, tables)
    teams = env["care.complaint.team"].with_context(active_test=False).search([])
    aliases = teams.alias_id.ids
    env.cr.execute(
        SQL("TRUNCATE %s CASCADE", SQL(", ").join(map(SQL.identifier, sorted(tables))))
    )
    env.invalidate_all(flush=False)
    env["mail.alias"].browse(aliases).unlink()
    _keep_used_reasons(env)
    _remove_activities(env, models)
    _forget_names_given_by_others(env, models)
    fields = _our_fields(env, models)
    _remove_exports(env, models, fields)
    _remove_tracked_values(env, models, fields)
    _remove_filters(env, models, fields)
    env["ir.config_parameter"].sudo().search([("key", "in", PARAMETERS)]).unlink()
    env["ir.sequence"].search([("code", "=", "care.notice")]).unlink()


def _remove_activities(env, models):
    """Odoo deletes types of activities before it deletes activities of our models.
    What somebody has planned elsewhere with a type of ours becomes a to-do."""
    types = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "mail.activity.type")]
    )
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "in", models)]).unlink()
    others = activities.search([("activity_type_id", "in", types.mapped("res_id"))])
    todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
    kept = others.filtered(lambda activity: todo and not activity.automated)
    kept.activity_type_id = todo
    (others - kept).unlink()


def _our_models(env):
    """Names of the models that this app has made, abstract ones too"""
    return [
        model._name
        for model in env.registry.values()
        if model._original_module == MODULE
    ]


def _has_table(model):
    return model._auto and not model._abstract


def _our_fields(env, models):
    """{model of others: names of the fields that this app alone has added}"""
    added = {
        name: {
            field.name
            for field in env[name]._fields.values()
            if set(field._modules or ()) == {MODULE}
        }
        for name in env.registry
        if name not in models
    }
    return {name: names for name, names in added.items() if names}


def _let_go_of_our_tables(env, tables):
    """Orders, invoices and others of Odoo's own tables refer to ours: emptying ours
    with CASCADE would empty them too. Their columns go with our fields."""
    relations = {
        field.relation
        for model in env.registry.values()
        for field in model._fields.values()
        if field.type == "many2many" and field.store and field._modules == (MODULE,)
    }
    rows = env.execute_query(
        SQL(
            """
            SELECT referring.relname, con.conname
              FROM pg_constraint con
              JOIN pg_class referring ON referring.oid = con.conrelid
              JOIN pg_class referred ON referred.oid = con.confrelid
             WHERE con.contype = 'f'
               AND referred.relname = ANY(%s)
               AND referring.relname <> ALL(%s)
            """,
            tables,
            [*tables, *relations],
        )
    )
    for table, constraint in rows:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(constraint),
            )
        )


def _keep_used_reasons(env):
    """Reasons that lost leads refer to are the company's by now: Odoo must not try to
    delete them. Those of archived customers go with their column."""
    env.cr.execute(
        """
        UPDATE res_partner SET care_archive_reason_id = NULL
         WHERE care_archive_reason_id IS NOT NULL;
        DELETE FROM ir_model_data
         WHERE module = 'customer_care' AND model = 'crm.lost.reason'
           AND res_id IN (SELECT lost_reason_id FROM crm_lead)
        """
    )


def _forget_names_given_by_others(env, models):
    """Mail and other modules give XML ids to what they add to our models, and Odoo
    forgets them."""
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data data
             WHERE data.module <> %(module)s
               AND (data.model = 'ir.model.inherit' AND data.res_id IN (
                        SELECT inherit.id FROM ir_model_inherit inherit
                          JOIN ir_model model ON model.id = inherit.model_id
                         WHERE model.model = ANY(%(models)s))
                 OR data.model = 'ir.model.fields.selection' AND data.res_id IN (
                        SELECT selection.id FROM ir_model_fields_selection selection
                          JOIN ir_model_fields field ON field.id = selection.field_id
                         WHERE field.model = ANY(%(models)s)))
            """,
            module=MODULE,
            models=models,
        )
    )


def _remove_exports(env, models, fields):
    """Saved lists of columns to export"""
    env["ir.exports"].sudo().search([("resource", "in", models)]).unlink()
    ours = set().union(*fields.values())
    env["ir.exports.line"].sudo().search([]).filtered(
        lambda line: ours & set((line.name or "").split("/"))
    ).unlink()


def _remove_tracked_values(env, models, fields):
    """Changes in chatters of fields that go"""
    added = [(name, field) for name, names in fields.items() for field in names]
    env.cr.execute(
        SQL(
            """
            DELETE FROM mail_tracking_value value USING ir_model_fields field
             WHERE field.id = value.field_id
               AND (field.model = ANY(%s)
                    OR (field.model, field.name) IN (
                        SELECT * FROM unnest(%s::varchar[], %s::varchar[])))
            """,
            models,
            *map(list, zip(*added, strict=True)),
        )
    )


def _remove_filters(env, models, fields):
    """Filters on our models go; one on customers or opportunities that mentions a field
    of ours would raise an error whenever it is opened: archive it."""
    Filter = env["ir.filters"].with_context(active_test=False).sudo()
    Filter.search([("model_id", "in", models)]).unlink()
    for name, names in fields.items():
        ours = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")
        Filter.search([("model_id", "=", name), ("active", "=", True)]).filtered(
            lambda saved, ours=ours: ours.search(
                f"{saved.domain} {saved.context} {saved.sort}"
            )
        ).active = False
