def migrate(cr, version):
    """Perceived and expected scores of each answer, and their ratio on marks from 1 to
    5; samples drawn before had no minimum per tier, and keep their seed."""
    cr.execute(
        """
        WITH expected AS (
            SELECT DISTINCT ON (user_input_id, care_dimension)
                   user_input_id, care_dimension, care_value
              FROM survey_user_input_line
             WHERE care_measure = 'expectation'
          ORDER BY user_input_id, care_dimension, question_sequence DESC, id DESC
        ), pair AS (
            SELECT line.user_input_id AS id, AVG(line.care_value) AS perceived,
                   AVG(expected.care_value) AS expected
              FROM survey_user_input_line line
              JOIN expected ON expected.user_input_id = line.user_input_id
               AND expected.care_dimension IS NOT DISTINCT FROM line.care_dimension
             WHERE line.care_measure = 'perception'
          GROUP BY line.user_input_id
        )
        UPDATE survey_user_input answer
           SET care_perceived = pair.perceived, care_expected = pair.expected,
               care_ratio = (1 + pair.perceived / 25) / (1 + pair.expected / 25)
          FROM pair
         WHERE pair.id = answer.id AND answer.care_rated
        """
    )
    cr.execute(
        """
        UPDATE care_campaign SET seed_fixed = (sampled_at IS NOT NULL),
               stratum_minimum = CASE WHEN sampled_at IS NULL
                                      THEN stratum_minimum ELSE 0 END
        """
    )
    cr.execute(
        """
        UPDATE care_follow_up
           SET cause = CASE WHEN answer.care_scored THEN 'score' ELSE 'recommend' END,
               cause_value = CASE WHEN answer.care_scored THEN follow_up.score
                                  ELSE 0 END
          FROM care_follow_up follow_up
     LEFT JOIN survey_user_input answer ON answer.id = follow_up.user_input_id
         WHERE follow_up.id = care_follow_up.id AND follow_up.kind = 'low'
        """
    )
