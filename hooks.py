import re

from odoo.fields import Domain
from odoo.tools import SQL


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
        ON CONFLICT (partner_id, role_id) DO NOTHING
        """,
        {"uid": env.uid, "now": env.cr.now()},
    )


def uninstall_hook(env):
    """Empty our tables, give the addresses of teams back, and archive the users' saved
    filters that would break.

    Odoo deletes records with an XML id, such as the default tiers, before it drops
    tables, and history and reviews refer to them. Filters on our own models go with
    them, and so do XML ids that mail gave to our models and Odoo forgets; a filter on
    customers or opportunities that mentions a ``care_`` field would
    raise an error whenever it is opened.
    """
    env.flush_all()
    _let_go_of_our_tables(env)
    env.cr.execute(
        "TRUNCATE care_plan_target, care_interaction, care_complaint,"
        " care_sla_status, care_plan_exception, care_account_member,"
        " care_tier_history, care_tier_review_line, care_partner_tier,"
        " care_handover, care_relationship_history, care_protection_log,"
        " care_incoming_mail, care_invitation, care_follow_up, care_campaign CASCADE"
    )
    _keep_used_reasons(env)
    env.invalidate_all(flush=False)
    env["care.complaint.team"].with_context(active_test=False).search([]).unlink()
    env.cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module <> 'customer_care'
           AND (name LIKE 'model\\_inherit\\_\\_care\\_%'
                OR name LIKE 'selection\\_\\_care\\_%')
        """
    )
    Filter = env["ir.filters"].with_context(active_test=False).sudo()
    Filter.search([("model_id", "=like", "care.%")]).unlink()
    mentions = Domain.OR(
        Domain(field, "ilike", r"care\_") for field in ("domain", "context", "sort")
    )
    env["ir.config_parameter"].sudo().search(
        [("key", "=like", "customer_care.%")]
    ).unlink()
    ours = re.compile(r"\bcare_")
    Filter.search(mentions & Domain("active", "=", True)).filtered(
        lambda saved: ours.search(f"{saved.domain} {saved.context} {saved.sort}")
    ).active = False


def _let_go_of_our_tables(env):
    """Orders, invoices and others of Odoo's own tables refer to ours: emptying ours
    with CASCADE would empty them too. Their columns go with our fields."""
    rows = env.execute_query(
        SQL(
            """
            SELECT con.conrelid::regclass::text, con.conname
              FROM pg_constraint con
              JOIN pg_class referring ON referring.oid = con.conrelid
              JOIN pg_class referred ON referred.oid = con.confrelid
             WHERE con.contype = 'f'
               AND referred.relname LIKE 'care\\_%%'
               AND referring.relname NOT LIKE 'care\\_%%'
            """
        )
    )
    for table, constraint in rows:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL(table),
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
