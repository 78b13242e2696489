from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Complaints from before there were stages and clocks: the clocks of open ones
    start at the reception, closed ones get none."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    Stage, Complaint = env["care.stage"], env["care.complaint"]
    for closed, stage in (
        (False, Stage._first("record")),
        (True, Stage._first("closed")),
    ):
        cr.execute(
            "UPDATE care_complaint SET stage_id = %s,"
            " priority = COALESCE(priority, '0'), kind = COALESCE(kind, 'customer')"
            " WHERE stage_id IS NULL AND (closed_at IS NOT NULL) = %s",
            [stage.id, closed],
        )
    Complaint.invalidate_model()
    old = Complaint.search([("event_ids", "=", False)])
    old._begin_ledger()
    for complaint in old.filtered(lambda complaint: not complaint.closed_at):
        customer = complaint.partner_id.with_company(complaint.company_id)
        tier = customer.care_tier_id
        complaint.write(
            {
                "team_id": env["care.team"]._default_of(complaint.company_id).id,
                "tier_id": tier.id,
                "tier_sequence": tier.sequence or 10**6,
            }
        )
