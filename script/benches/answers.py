"""Answers to a survey: one given through the app, and copies of it."""

from common import SQL, copy_rows


def first_answer(env, **values):
    """An answer of one customer to a campaign.

    :param values: of the campaign, whose audience is at least one customer
    """
    campaign = env["care.campaign"].create(
        {
            "seed": "bench",
            "stratified": False,
            "sample_mode": "count",
            "sample_size": 1,
            **values,
        }
    )
    campaign.action_sample()
    campaign.action_send()
    env["care.invitation"]._send_new(campaign.invitation_ids)
    answer = campaign.invitation_ids.user_input_id
    answer._mark_in_progress()
    for question in answer.survey_id.question_ids:
        options = question.suggested_answer_ids
        value = {"simple_choice": str(options[:1].id), "scale": "4"}
        answer._save_lines(question, value.get(question.question_type, ""))
    answer._mark_done()
    env.flush_all()
    return answer


def copy_answers(answer, source, values):
    """A copy of the answer, with its lines, for each row of ``source``.

    :param source: SQL of a FROM item named ``src``
    :param values: {column: SQL expression over ``src``}
    """
    env = answer.env
    campaign = answer.care_campaign_id
    lines = answer.user_input_line_ids.filtered("care_measure")
    copy_rows(
        env.cr,
        "survey_user_input",
        answer.id,
        source,
        {
            "access_token": SQL("gen_random_uuid()::text"),
            "care_score": SQL("25 * (src.id %% 5)"),
            "care_nps": SQL("(ARRAY['-100', '0', '100'])[1 + src.id %% 3]"),
            **values,
        },
    )
    others = SQL(
        "(SELECT id FROM survey_user_input WHERE care_campaign_id = %s AND id <> %s)"
        " AS src",
        campaign.id,
        answer.id,
    )
    for line in lines:
        copy_rows(
            env.cr,
            "survey_user_input_line",
            line.id,
            others,
            {"user_input_id": SQL("src.id")},
        )
    # Lines of an answer side by side, as they are saved when a survey is filled in
    env.cr.execute(
        "CLUSTER survey_user_input_line"
        " USING survey_user_input_line__user_input_id_index"
    )
    env.invalidate_all(flush=False)
