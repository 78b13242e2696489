from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Moves of reviews that were undone, and the changes back, are marked by a field.
    Before, only the text of the reason named the review; the next script drops it."""
    if not column_exists(cr, "care_tier_history", "reason"):
        return
    cr.execute(
        """
        WITH undoing AS (
            SELECT undo.id, moved.id AS moved_id
              FROM care_tier_history undo
              JOIN LATERAL (
                    SELECT * FROM care_tier_history earlier
                     WHERE earlier.partner_id = undo.partner_id
                       AND earlier.company_id = undo.company_id
                       AND earlier.id < undo.id
                  ORDER BY earlier.id DESC LIMIT 1) AS moved ON TRUE
              JOIN care_tier_review review ON review.id = moved.review_id
             WHERE undo.review_id IS NULL
               AND undo.old_tier_id IS NOT DISTINCT FROM moved.new_tier_id
               AND undo.new_tier_id IS NOT DISTINCT FROM moved.old_tier_id
               AND strpos(undo.reason, review.name) > 0
        )
        UPDATE care_tier_history history
           SET is_undone = TRUE
          FROM undoing
         WHERE history.id IN (undoing.id, undoing.moved_id)
           AND history.is_undone IS NOT TRUE
        """
    )
