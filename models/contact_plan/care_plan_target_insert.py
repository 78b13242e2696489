from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import due_dates, sampling, windows
from .care_plan_target_place import NOBODY

ANALYSE_FROM = 1000
"""New rows from which PostgreSQL's statistics are renewed at once"""
SLOT_VALUES = (
    "partner",
    "rule",
    "start",
    "end",
    "last_aim",
    "slot",
    "slot_end",
    "goal",
    "latest",
    "current",
    "exception",
)


class CarePlanTarget(models.Model):
    """Making the targets of the current and the next window.

    The current one only if the customer came into the plan, or the rule into force,
    while more than half of the window remained.
    """

    _inherit = "care.plan.target"

    @api.model
    def _insert_wanted(self, company, today):
        """Make the targets of the current and the next window that are missing.

        They are collected in a temporary table first: what is due on which day is
        decided by how many there are. Many new rows are analysed at once: PostgreSQL
        would else go on with plans made for an empty table.

        :return: ids
        """
        slots = self._general_slots(company, today)
        slots += self._sampled_slots(company, today)
        slots += self._exception_slots(company, today)
        if not slots:
            return []
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE care_new_target ON COMMIT DROP AS
                   WITH %(slots)s, %(wanted)s %(rows)s""",
                slots=self._sql_slots(slots),
                wanted=self._sql_missing(company),
                rows=self._sql_new_targets(company, today),
            )
        )
        rows = self._insert_placed(self._place_new(slots, company, today), company)
        self.env.cr.execute("DROP TABLE care_new_target")
        if len(rows) > ANALYSE_FROM:
            self.env.cr.execute("ANALYZE care_plan_target")
        return [target for (target,) in rows]

    @api.model
    def _place_new(self, slots, company, today):
        """Due dates of the new targets: of each person, slot and last contact so many
        on each day.

        :return: [(id of the person or NOBODY, number of the slot, last contact,
            day, first, last place on the day)]
        """
        groups, keys = {}, {}
        for person, number, last, count in self.env.execute_query(
            SQL(
                "SELECT person, number, last_contact, count(*) FROM care_new_target"
                " GROUP BY person, number, last_contact"
            )
        ):
            slot = slots[number - 1]
            span = due_dates.Span(
                slot["slot"],
                slot["slot_end"],
                slot["end"],
                today,
                last,
                slot["min_days"],
            ).simplified()
            key = person, span, number
            groups[key] = count
            keys[key] = last
        placements = []
        placed = self._level(groups, company, today)
        for key, days in placed.items():
            person, _span, number = key
            first = 1
            for day, count in days:
                placements.append(
                    (person, number, keys[key], day, first, first + count - 1)
                )
                first += count
        return placements

    @api.model
    def _insert_placed(self, placements, company):
        """Insert ``care_new_target`` with its due dates. Customers of one place are due
        on the same day or on days that follow each other."""
        if not placements:
            return []
        columns = zip(*placements, strict=True)
        person, number, last, day, first, until = (list(column) for column in columns)
        return self.env.execute_query(
            SQL(
                """
                WITH placement AS (
                    SELECT person, number, last_contact, day,
                           generate_series(first, until) AS place
                      FROM unnest(%(person)s::int[], %(number)s::int[],
                                  %(last)s::date[], %(day)s::date[],
                                  %(first)s::int[], %(until)s::int[])
                        AS day(person, number, last_contact, day, first, until)
                ), ranked AS (
                    SELECT *, row_number() OVER (
                                PARTITION BY person, number, last_contact
                                ORDER BY zip COLLATE "C", partner_id) AS place
                      FROM care_new_target
                )
                INSERT INTO care_plan_target AS target (
                    partner_id, rule_id, exception_id, role_id, user_id, company_id,
                    tier_id, channel, date_start, date_end, date_last_aim,
                    date_aim, date_slot,
                    goal, done, counted, state,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner_id, rule_id, exception_id, role_id,
                       NULLIF(new.person, %(nobody)s), %(company)s,
                       tier_id, channel, date_start, date_end, date_last_aim,
                       day, date_slot, goal, 0, 0, 'open',
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM ranked new
                  JOIN placement
                    ON placement.person = new.person
                   AND placement.number = new.number
                   AND placement.place = new.place
                   AND COALESCE(placement.last_contact, '-infinity')
                     = COALESCE(new.last_contact, '-infinity')
              ORDER BY partner_id, rule_id, date_start
                ON CONFLICT (partner_id, rule_id, date_start, company_id) DO UPDATE
                   SET state = 'open', role_id = EXCLUDED.role_id,
                       user_id = EXCLUDED.user_id,
                       exception_id = EXCLUDED.exception_id,
                       tier_id = EXCLUDED.tier_id, channel = EXCLUDED.channel,
                       date_end = EXCLUDED.date_end, goal = EXCLUDED.goal,
                       date_last_aim = EXCLUDED.date_last_aim,
                       date_aim = EXCLUDED.date_aim, date_slot = EXCLUDED.date_slot,
                       done = 0, counted = 0, excuse_kind = NULL, excuse_reason = NULL,
                       excused_by_id = NULL, excused_on = NULL, excuse_state = NULL,
                       write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                 WHERE target.state = 'superseded'
                RETURNING id
                """,
                person=person,
                number=number,
                last=last,
                day=day,
                first=first,
                until=until,
                nobody=NOBODY,
                company=company.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )

    @api.model
    def _sql_slots(self, slots):
        """The plain values of ``_slots`` as a table expression ``slot``"""
        return SQL(
            """slot AS (
                    SELECT * FROM unnest(
                        %(partner)s::int[], %(rule)s::int[], %(start)s::date[],
                        %(end)s::date[], %(last_aim)s::date[], %(slot)s::date[],
                        %(slot_end)s::date[], %(goal)s::int[], %(latest)s::date[],
                        %(current)s::bool[], %(exception)s::int[])
                      WITH ORDINALITY
                      AS slot(customer_id, rule_id, date_start, date_end, date_last_aim,
                              date_slot, slot_end, goal, latest, is_current,
                              exception_id, number)
                )""",
            **{name: [slot[name] for slot in slots] for name in SLOT_VALUES},
        )

    @api.model
    def _sql_missing(self, company):
        """Table expressions on ``slot``: ``wanted``, a row for each customer it holds
        for, and ``missing``, those of them without a target.

        A slot without a customer is for all customers of the tiers of its plan, except
        those that have an exception for its role and channel.
        """
        return SQL(
            """wanted AS (
                    SELECT status.partner_id, status.tier_id,
                           rule.role_id, rule.channel,
                           rule.date_from AS rule_since, slot.*
                      FROM slot
                      JOIN care_plan_rule rule ON rule.id = slot.rule_id
                      JOIN care_tier tier ON tier.plan_id = rule.plan_id
                      JOIN care_partner_tier status
                        ON status.tier_id = tier.id
                       AND status.company_id = %(company)s
                     WHERE slot.customer_id IS NULL
                       AND NOT EXISTS (
                            SELECT FROM care_plan_exception exception
                             WHERE exception.partner_id = status.partner_id
                               AND exception.company_id = %(company)s
                               AND COALESCE(exception.role_id, rule.role_id)
                                   = rule.role_id
                               AND COALESCE(exception.channel, rule.channel)
                                   = rule.channel)
                 UNION ALL
                    SELECT status.partner_id, status.tier_id,
                           rule.role_id, rule.channel,
                           rule.date_from AS rule_since, slot.*
                      FROM slot
                      JOIN care_plan_rule rule ON rule.id = slot.rule_id
                      JOIN care_partner_tier status
                        ON status.partner_id = slot.customer_id
                       AND status.company_id = %(company)s
                ), missing AS MATERIALIZED (
                    SELECT wanted.*
                      FROM wanted
                     WHERE NOT EXISTS (
                            SELECT FROM care_plan_target present
                             WHERE present.partner_id = wanted.partner_id
                               AND present.rule_id = wanted.rule_id
                               AND present.date_start = wanted.date_start
                               AND present.company_id = %(company)s
                               AND present.state <> 'superseded')
                )""",
            company=company.id,
        )

    @api.model
    def _sql_new_targets(self, company, today):
        """New targets of ``missing``: with the person who has the role in the account
        team and the last contact that a due date must keep away from, and only where
        no other target of the same role and channel covers a day of the window."""
        return SQL(
            """SELECT missing.partner_id, rule_id, exception_id, missing.role_id,
                       COALESCE(person.id, %(nobody)s) AS person, tier_id,
                       missing.channel, date_start, date_end, date_last_aim, date_slot,
                       goal, number::int, partner.zip,
                       CASE WHEN last.day + (slot_end - date_slot)
                                 >= GREATEST(date_slot, %(today)s)
                            THEN last.day END AS last_contact
                  FROM missing
                  JOIN care_plan_rule rule ON rule.id = missing.rule_id
                  JOIN res_partner partner
                    ON partner.id = missing.partner_id
                   AND partner.active
                   AND partner.commercial_partner_id = partner.id
             LEFT JOIN care_account_member member
                    ON member.partner_id = missing.partner_id
                   AND member.role_id = missing.role_id
                   AND member.is_additional IS NOT TRUE
             LEFT JOIN (res_users person
                        JOIN res_company_users_rel works
                          ON works.user_id = person.id AND works.cid = %(company)s)
                    ON person.id = member.user_id AND person.active
             LEFT JOIN LATERAL (%(last)s) last ON TRUE
                 WHERE (NOT is_current OR %(since)s <= latest)
                   AND NOT EXISTS (
                        SELECT FROM care_plan_target other
                         WHERE other.partner_id = missing.partner_id
                           AND other.role_id = missing.role_id
                           AND other.channel = missing.channel
                           AND other.company_id = %(company)s
                           AND other.state <> 'superseded'
                           AND other.date_start <= missing.date_end
                           AND other.date_end >= missing.date_start)""",
            company=company.id,
            since=self._sql_in_plan_since(company, today),
            last=self._sql_last_contact("missing", company),
            nobody=NOBODY,
            today=today,
        )

    @api.model
    def _sql_in_plan_since(self, company, today):
        """Day from which a customer owes the rule of ``missing``: the change of its
        tier or the day the rule came into force; today for a customer that had no
        target of the rule before."""
        return SQL(
            """CASE WHEN EXISTS (
                                    SELECT FROM care_plan_target earlier
                                     WHERE earlier.partner_id = missing.partner_id
                                       AND earlier.rule_id = missing.rule_id
                                       AND earlier.company_id = %(company)s
                                       AND earlier.date_start < missing.date_start
                                       AND earlier.state <> 'superseded')
                                 THEN LEAST(%(today)s, GREATEST(
                                    rule_since, COALESCE((
                                        SELECT history.date
                                          FROM care_tier_history history
                                         WHERE history.partner_id = missing.partner_id
                                           AND history.company_id = %(company)s
                                      ORDER BY history.id DESC LIMIT 1), '-infinity')))
                                 ELSE %(today)s
                            END""",
            company=company.id,
            today=today,
        )

    @api.model
    def _rules(self, company, mode):
        """Rules of a mode that concern customers of the company."""
        return (
            self.env["care.plan.rule"]
            .sudo()
            .search(
                [
                    ("mode", "=", mode),
                    ("role_id.active", "=", True),
                    ("plan_id.active", "=", True),
                    ("plan_id.tier_ids.company_id", "in", (company.id, False)),
                ]
            )
        )

    @api.model
    def _slots(self, rule, frequency, today, partner=None, exception=None):
        """Plain values of the current and the next window of a rule."""
        current = windows.window_of(frequency, today)
        for window in (current, windows.following(frequency, current)):
            first = windows.slots(frequency, window)[0]
            yield {
                "partner": partner,
                "rule": rule.id,
                "start": window.start,
                "end": window.end,
                "last_aim": windows.aim_window(frequency, window).end,
                "slot": first.start,
                "slot_end": first.aim,
                "min_days": rule.min_days or windows.min_days(window, frequency.times),
                "goal": frequency.times,
                "latest": windows.last_start(window),
                "current": window == current,
                "exception": exception,
            }

    @api.model
    def _general_slots(self, company, today):
        return [
            slot
            for rule in self._rules(company, "fixed")
            for slot in self._slots(rule, rule._to_frequency(), today)
        ]

    @api.model
    def _sampled_slots(self, company, today):
        """A seeded share of a tier's customers for each window, drawn once: who comes
        later is in the next draw."""
        slots = []
        for rule in self._rules(company, "sampling"):
            for slot in self._slots(rule, rule._to_frequency(), today):
                if slot["current"] and today > slot["latest"]:
                    continue
                drawn = self.sudo().search_count(
                    [
                        ("rule_id", "=", rule.id),
                        ("date_start", "=", slot["start"]),
                        ("company_id", "=", company.id),
                        ("state", "!=", "superseded"),
                    ],
                    limit=1,
                )
                if drawn:
                    continue
                slots += [
                    slot | {"partner": partner}
                    for partner in sampling.share(
                        f"{rule.id}:{slot['start']}",
                        self._sampled_customers(rule, company),
                        rule.sample_percent,
                    )
                ]
        return slots

    @api.model
    def _sampled_customers(self, rule, company):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT status.partner_id
                  FROM care_partner_tier status
                  JOIN care_tier tier
                    ON tier.id = status.tier_id AND tier.plan_id = %(plan)s
                  JOIN res_partner partner
                    ON partner.id = status.partner_id
                   AND partner.active AND partner.commercial_partner_id = partner.id
                 WHERE status.company_id = %(company)s
                   AND NOT EXISTS (
                        SELECT FROM care_plan_exception exception
                         WHERE exception.partner_id = status.partner_id
                           AND exception.company_id = %(company)s
                           AND COALESCE(exception.role_id, %(role)s) = %(role)s
                           AND COALESCE(exception.channel, %(channel)s) = %(channel)s)
                """,
                plan=rule.plan_id.id,
                company=company.id,
                role=rule.role_id.id,
                channel=rule.channel,
            )
        )
        return [partner for (partner,) in rows]

    @api.model
    def _exception_slots(self, company, today):
        """Windows of customers with a frequency of their own. One without any contact
        just has no window."""
        exceptions = (
            self.env["care.plan.exception"]
            .sudo()
            .search([("company_id", "=", company.id)])
        )
        excluded = {
            (exception.partner_id.id, role, channel)
            for exception in exceptions
            if exception.kind == "exclude"
            for role in (exception.role_id.id,)
            for channel in (exception.channel,)
        }
        own = exceptions.filtered(
            lambda exception: exception.kind == "frequency"
            and not {
                (exception.partner_id.id, role, channel)
                for role in (exception.role_id.id, False)
                for channel in (exception.channel, False)
            }
            & excluded
        )
        if not own:
            return []
        plans = {
            row.partner_id: row.tier_id.plan_id
            for row in self.env["care.partner.tier"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", own.partner_id.ids),
                    ("company_id", "=", company.id),
                ]
            )
        }
        rules = {
            (rule.plan_id, rule.role_id, rule.channel): rule
            for rule in self.env["care.plan.rule"]
            .sudo()
            .search(
                Domain("plan_id", "in", [plan.id for plan in plans.values()])
                & Domain("role_id.active", "=", True)
                & Domain("plan_id.active", "=", True)
            )
        }
        slots = []
        for exception in own:
            plan = plans.get(exception.partner_id)
            rule = rules.get((plan, exception.role_id, exception.channel))
            if rule:
                slots += self._slots(
                    rule,
                    exception._to_frequency(plan),
                    today,
                    exception.partner_id.id,
                    exception.id,
                )
        return slots
