# ruff: noqa: F821
"""What a company has done with the app before it uninstalls it; for Odoo's shell."""

env["res.groups"]._switch_care_features(
    protection=True,
    month_report=True,
    promise=True,
    merit=True,
    outlook=True,
    phone=True,
    knowledge=True,
)
product = env["product.product"].create(
    {"name": "Serum", "type": "service", "taxes_id": False}
)
customers = env["res.partner"].create(
    [{"name": f"Salon {number}", "is_company": True} for number in range(4)]
)
for customer, amount in zip(customers, (45_000, 12_000, 4_000, 500), strict=True):
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (
                    0,
                    0,
                    {"product_id": product.id, "price_unit": amount, "tax_ids": False},
                )
            ],
        }
    )
    order.action_confirm()
    order.date_order = "2026-10-10"
review = env["care.tier.review"].create({"date": "2026-11-05"})
review.action_compute()
review.action_apply()
customers[3].write(
    {
        "care_tier_id": env.ref("customer_care.care_tier_b").id,
        "care_tier_locked_until": "2030-01-01",
        "care_tier_lock_reason": "Contract",
        "care_segment_id": env.ref("customer_care.care_segment_high").id,
        "care_potential": "high",
    }
)
env["care.tier"].create(
    {
        "code": "S",
        "name": "Own",
        "sequence": 5,
        "company_id": env.company.id,
        "min_monthly_amount": 50_000,
    }
)
pending = env["care.tier.review"].create({"date": "2026-12-05"})
pending._notify_manager("To approve")
env["crm.lead"].create({"name": "Deal", "partner_id": customers[0].id})
env["ir.filters"].create(
    [
        {
            "name": "Our A customers",
            "model_id": "res.partner",
            "domain": "[('care_tier_id.code', '=', 'A')]",
            "context": "{'group_by': ['care_tier_id']}",
        },
        {"name": "Reviews", "model_id": "care.tier.review"},
    ]
)
env["care.account.member"].create(
    {
        "partner_id": customers[0].id,
        "role_id": env.ref("customer_care.care_role_brand_manager").id,
        "user_id": env.ref("base.user_admin").id,
    }
)
customers.user_id = env.ref("base.user_admin")
env["care.plan.exception"].create(
    {"partner_id": customers[1].id, "channel": "phone", "reason": "Wants no calls"}
)
Target = env["care.plan.target"]
Target._generate("2026-09-02")
contacts = env["care.interaction"].create(
    [
        {
            "partner_id": customer.id,
            "user_id": env.ref("base.user_admin").id,
            "channel": "visit",
            "date_start": "2026-09-10 08:00:00",
            "state": "done",
            "summary": "All well",
            "promise": "Samples",
            "next_date": "2030-10-10 08:00:00",
        }
        for customer in customers
    ]
)
customers[0].care_brief_opened()
Target._generate("2026-11-20")
assert Target.search_count([("state", "=", "met")])
assert Target.search_count([("state", "=", "missed")])
Target.search([("state", "=", "open")], limit=1).action_excuse("closed")
assert contacts.next_id.calendar_event_id
env["care.complaint"].create({"subject": "Broken", "partner_id": customers[0].id})
env["mail.alias.domain"].search([], limit=1) or env["mail.alias.domain"].create(
    {"name": "example.com"}
)
team = env["care.complaint.team"].search([], limit=1)
assert team.alias_email, "the team has an address"
for marks in ("", "Precedence: bulk\n"):
    env["mail.thread"].message_process(
        None,
        f"From: zoe@example.org\nTo: {team.alias_email}\n{marks}"
        f"Subject: Leaks\nMessage-Id: <{len(marks)}@example.org>\n\nThey leak.",
    )
assert env["care.incoming.mail"].search_count([("state", "=", "aside")])
env["care.complaint"]._cron_acknowledge()
late = env["care.complaint"].create(
    {
        "subject": "Late",
        "partner_id": customers[1].id,
        "received_at": "2026-01-05 08:00:00",
        "user_id": env.ref("base.user_admin").id,
        "category_id": env.ref("customer_care.care_category_late").id,
    }
)
assert late.sla_ids
assert late.sla_state == "missed"
assert env["care.sla.status"]._escalate()
assert late.activity_ids
late.message_post(
    body="We are sorry",
    subtype_xmlid="mail.mt_comment",
    partner_ids=customers[1].ids,
)
late.stage_id = env.ref("customer_care.care_stage_waiting")
late.action_close()
late.action_reopen()
env["crm.lead"].search([("partner_id", "=", customers[0].id)]).activity_schedule(
    "mail.mail_activity_data_call"
).with_user(env.ref("base.user_admin")).action_feedback("Spoke")
assert env["care.capacity"].create({}).matrix["rows"]
env["care.outlook"]._train()
env["care.outlook"]._refresh()
env["care.referral"].create(
    {"referrer_id": customers[0].id, "referred_id": customers[1].id}
)
env["care.loyalty"]._refresh(env.company)
env["care.stock.count"].create(
    {
        "partner_id": customers[0].id,
        "category_id": env["product.category"].create({"name": "Care"}).id,
        "quantity": 2,
    }
)
promises = env["care.promise"].create(
    [
        {"name": name, "partner_id": customers[0].id, "date_due": "2026-01-10"}
        for name in ("Jars", "Training")
    ]
)
promises[0].action_keep("Delivered")
promises[1].action_break()
assert promises[1].broken_complaint_id
promises[0].action_dispute()
promises[0].action_not_confirmable("2099-01-01")
assert promises.notice_ids.mapped("name")
Risk = env["care.risk.case"]
seen = Risk._report_competitor(customers[0], env.company, "Velours", "5 % off")
seen.write({"price_offer": "A rebate", "cost_of_keeping": 50})
seen.action_ask_price()
gone = Risk.create({"partner_id": customers[1].id, "cause": "staff"})
gone.lesson = "Introduce successors in person"
gone.action_lose()
Risk._open_for_risk([(customers[2].id, env.company.id, 99.5, [])])
assert env["care.risk.playbook"].search([], limit=1).step_ids

region = env["care.region"].create({"name": "North"})
customers[0].write(
    {
        "care_region_id": region.id,
        "care_need_ids": [(6, 0, env["care.need"].search([], limit=2).ids)],
        "care_kind": "family",
        "care_source_partner_id": customers[1].id,
    }
)
buyer = env["res.partner"].create(
    {
        "name": "Buyer",
        "parent_id": customers[0].id,
        "email": "buyer@example.com",
        "care_decision_role": "decision_maker",
        "care_relationship_level": "acquaintance",
        "care_birthday": "1990-01-01",
    }
)
buyer.care_relationship_level = "friend"
customers[0].action_care_verify()
env["res.partner"]._cron_refresh_cards()
successor = env["res.users"].create(
    {
        "name": "Successor",
        "login": "successor",
        "email": "successor@example.com",
        "group_ids": [
            (4, env.ref("sales_team.group_sale_salesman").id),
            (4, env.ref("base.group_allow_export").id),
        ],
    }
)
handover = env["care.handover"].create(
    {
        "from_user_id": env.ref("base.user_admin").id,
        "user_id": successor.id,
        "introduce": True,
    }
)
handover.action_preview()
handover.action_apply()
env["res.partner"]._cron_introduce()
env["res.partner"].search([]).with_user(successor).export_data(["name", "email"])
lead = env["crm.lead"].create({"name": "Lost", "partner_name": "Shop"})
lead.care_region_id = region
lead.action_set_lost(lost_reason_id=env.ref("customer_care.lost_reason_quality").id)
env["care.partner.archive"].create(
    {
        "partner_ids": [(6, 0, customers[3].ids)],
        "reason_id": env.ref("customer_care.lost_reason_terms").id,
    }
).action_confirm()
shops = env["res.partner"].create(
    [
        {
            "name": f"Shop {number}",
            "is_company": True,
            "email": f"s{number}@shops.example.net",
        }
        for number in range(6)
    ]
)
for anonymous in (False, True):
    campaign = env["care.campaign"].create(
        {
            "name": "How are we?",
            "domain": str([("id", "in", shops.ids)]),
            "anonymous": anonymous,
            "quarantine_days": 0,
        }
    )
    assert campaign.survey_id
    campaign.action_sample()
    campaign.action_send()
env["care.campaign"]._cron_campaign()
for answer in env["survey.user_input"].search([("care_company_id", "!=", False)]):
    question = answer.survey_id.question_ids[0]
    answer._mark_in_progress()
    answer._save_lines(question, str(question.suggested_answer_ids[4].id))
    answer._mark_done()
assert env["care.answer"].search_count([]) == len(shops)
assert env["care.follow.up"].search_count([]) == len(shops)
place = env["care.survey.place"].create(
    {"name": "Counter", "survey_id": campaign.survey_id.id}
)
visit = place._begin("en_US")
visit._care_save_first(visit.survey_id.question_ids[0].suggested_answer_ids[0].id)
visit._mark_done()
assert env["care.walk.in"].search_count([]) == place.answer_count == 1
late.stage_id = env.ref("customer_care.care_stage_verify")
env["care.campaign"]._cron_campaign()
late._care_record_outcome("unsatisfied", "Not at all")
assert late.reopen_count
env["ir.exports"].create(
    [
        {
            "name": "For the phone list",
            "resource": "res.partner",
            "export_fields": [(0, 0, {"name": name}) for name in ("name", "care_kind")],
        },
        {"name": "All complaints", "resource": "care.complaint"},
    ]
)
assert env["mail.tracking.value"].search_count(
    [("field_id.name", "=like", "care\\_%"), ("field_id.model", "=", "res.partner")]
), "a field of ours on customers is tracked"
assert env["care.handover.line"].search_count([])
assert env["care.protection.log"].search_count([])
assert env["care.relationship.history"].search_count([])
Entry = env["care.merit.entry"]
assert sum(Entry._propose(f"2026-{month}-01") for month in ("09", "10", "11"))
Entry.search([], limit=1).action_waive("First week in the job")
Entry._close_month("2026-09-01")
assert env["care.merit.statement"].search_count([])
team = env["crm.team"].search([("company_id", "in", (env.company.id, False))], limit=1)
standard = env["care.service.standard"].create(
    {"name": "Phone", "department_id": team.id, "text": "<p>Pick up in time.</p>"}
)
standard.action_publish()
env["care.standard.confirmation"].create(
    {"standard_id": standard.id, "user_id": env.ref("base.user_admin").id}
)
fund = env["care.fund"]._of(env.company, team)
env["care.fund.move"].create(
    [
        {"fund_id": fund.id, "kind": "entry", "amount": 50, "state": "booked"},
        {"fund_id": fund.id, "name": "Dinner", "amount": 20},
    ]
)
assert fund.balance == 50
env["res.groups"]._switch_care_features(phone=True)
[filed] = env["care.phone.report"]._file(
    {
        "user": env.uid,
        "now": 0,
        "version": 1,
        "reports": [{"key": "a-key-of-the-phone", "partner": customers[0].id, "at": 0}],
    }
)
assert filed["state"] == "filed", filed
env["care.partner.merged"].create({"old_id": 1_000_000, "partner_id": customers[0].id})
assert env["care.month.duty"]._generate(
    env.company, env.company._care_today().replace(day=1)
)
knowledge = env["care.knowledge"].create(
    {"name": "A jar is broken", "answer": "We send a new one."}
)
knowledge.action_review()
knowledge.action_publish()
knowledge._log_use("solved")
macro = env["care.macro"].create(
    {
        "name": "Late delivery",
        "reply": "<p>Dear {contact}, we look into {number}.</p>",
        "assign": "me",
        "priority": "2",
        "team_ids": [(6, 0, env["care.complaint.team"].search([], limit=1).ids)],
        "tag_ids": [(0, 0, {"name": "Carrier"})],
        "activity_type_id": env.ref("mail.mail_activity_data_call").id,
    }
)
env["care.macro.apply"].create(
    {
        "complaint_ids": [(6, 0, late.ids)],
        "priority": macro.priority,
        "tag_ids": [(6, 0, macro.tag_ids.ids)],
    }
).action_apply()
assert late.priority == "2"
assert late.tag_ids == macro.tag_ids
env.user.care_extension = "201"
exchange = env["care.call.system"].create({"name": "Exchange"})
exchange.action_new_key()
for reference, events in {
    "answered": ("ringing", "answered", "ended"),
    "missed": ("ringing", "ended"),
    "ringing": ("ringing",),
}.items():
    for event in events:
        call = env["care.call"]._take_event(
            exchange,
            {
                "event": event,
                "call": reference,
                "number": "+86 571 8800 1234",
                "extension": "201",
            },
        )
assert call["state"] == "ringing"
made = env["care.complaint"].care_hotline_record(
    {"partner_id": customers[0].id, "subject": "Called", "call_id": call["call"]}
)
called = env["care.complaint"].browse(made["id"])
missed = env["care.call"].search([("state", "=", "missed")])
missed.action_called_back()
assert missed.called_back_id
called.solution = "A new jar was sent."
called.action_close()
assert called.action_draft_knowledge()["res_id"]
late.care_use_knowledge(knowledge.id)
assert knowledge.use_count == 1
env["care.search.concept"].create({"name": "Jar", "words": "jar, pot, 罐"})
env.company.care_keep_calls = 24
env["care.retention"]._cron_remove()
person = env["res.partner"].create(
    {"name": "Nina", "email": "nina@example.com", "phone": "+49 30 1234567"}
)
env["care.personal.data"]._export(person).close()
env["care.person.erase"].create(
    {"partner_id": person.id, "reason": "request"}
).action_erase()
assert not person.email
env["care.search.text"]._cron_count()
assert env["care.search.term"].search_count([])
env.cr.commit()
