def migrate(cr, version):
    """Anonymous answers lose what could lead to a person: moments, language, and the
    transaction in which their token was used. Those being filled in wait."""
    cr.execute("DELETE FROM care_survey_token WHERE used")
    cr.execute(
        """
        UPDATE survey_user_input
           SET care_waiting_campaign_id = care_campaign_id, care_campaign_id = NULL
         WHERE care_anonymous AND state <> 'done'
        """
    )
    cr.execute(
        """
        UPDATE survey_user_input
           SET lang_id = NULL, last_displayed_page_id = NULL, deadline = NULL,
               access_token = gen_random_uuid()::text,
               start_datetime = NULL,
               end_datetime = date_trunc('day', end_datetime),
               create_date = date_trunc('day', end_datetime),
               write_date = date_trunc('day', end_datetime)
         WHERE care_anonymous AND state = 'done'
        """
    )
    cr.execute(
        """
        UPDATE survey_user_input_line line
           SET create_date = answer.end_datetime, write_date = answer.end_datetime
          FROM survey_user_input answer
         WHERE answer.id = line.user_input_id
           AND answer.care_anonymous AND answer.state = 'done'
        """
    )
    cr.execute(
        """
        DELETE FROM mail_message message USING survey_user_input answer
         WHERE message.model = 'survey.user_input' AND message.res_id = answer.id
           AND answer.care_anonymous
        """
    )
