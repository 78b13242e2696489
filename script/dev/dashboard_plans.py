"""What the dashboards show: scores, charts and lists of the reports."""

from typing import NamedTuple

PERIOD, COMPANY, DEPARTMENT, REGION = (
    "care-period",
    "care-company",
    "care-department",
    "care-region",
)
COMPLAINT, CONTACT, TIER, CUSTOMER, ANSWER, RISK, REORDER, CASE = (
    "care.complaint.report",
    "care.contact.report",
    "care.tier.report",
    "care.customer.report",
    "care.answer",
    "care.outlook",
    "care.outlook.category",
    "care.risk.case",
)
ACTIONS = {
    COMPLAINT: "customer_care.complaint_report_action",
    CONTACT: "customer_care.contact_report_action",
    TIER: "customer_care.tier_report_action",
    CUSTOMER: "customer_care.customer_report_action",
    ANSWER: "customer_care.answer_action",
    RISK: "customer_care.outlook_risk_action",
    REORDER: "customer_care.outlook_reorder_action",
    CASE: "customer_care.risk_case_action",
}
BY_DEPARTMENT = {COMPLAINT, CONTACT, TIER, CUSTOMER, ANSWER}
DATES = {COMPLAINT: "datetime", CONTACT: "date", TIER: "date", ANSWER: "datetime"}
"""Models that follow the period; customers are shown as they are now."""
NO_SUGGESTION = ["kind", "!=", "suggestion"]
"""As in the month-end report"""
COUNTED = ["aside", "=", False]
YEAR = ["date", ">=", "=1d -11m"]
"""This month and the 11 before: over the chosen period a trend would often be a dot"""
ENDED = [["state", "!=", "open"], ["owed", ">", 0]]
OPEN = [["open_count", "=", 1], NO_SUGGESTION]
LATE_NOW = [["late_count", "=", 1], NO_SUGGESTION]
REPLIED = [["reply_state", "in", ["met", "missed"]], NO_SUGGESTION]
ANSWERED = [["answered_count", "=", 1], NO_SUGGESTION]
HAS_TIER = ["tier_id", "!=", False]
STALE_NOW = [["stale_count", "=", 1], HAS_TIER]
BEHIND_NOW = [["behind_count", "=", 1], HAS_TIER]
SCORES = (
    # title, unit, model, measure, domain, decimals, sample, its number of records, menu
    # that opens where the records cannot be read; the domain selects exactly what is
    # counted, as a click on the score opens it
    ("Customers", "", CUSTOMER, "customer_count", [HAS_TIER], 0,
     412, 412, "menu_customer_report"),
    ("Sales a month", "", CUSTOMER, "monthly_amount", [HAS_TIER], 0,
     1_284_300, 412, "menu_customer_report"),
    ("Contacts made", "%", CONTACT, "attainment", ENDED, 1,
     86.4, 312, "menu_attainment"),
    ("Answered in time", "%", COMPLAINT, "reply_success", REPLIED, 1,
     94.1, 118, "menu_complaint_report"),
    ("Median answer", "h", COMPLAINT, "answer_median", ANSWERED, 1,
     1.6, 115, "menu_complaint_report"),
    ("90 % answered in", "h", COMPLAINT, "answer_p90", ANSWERED, 1,
     3.8, 115, "menu_complaint_report"),
    ("Open complaints", "", COMPLAINT, "open_count", OPEN, 0,
     17, 17, "menu_complaint"),
    ("Late complaints", "", COMPLAINT, "late_count", LATE_NOW, 0,
     2, 2, "menu_complaint"),
    ("Repeats", "%", COMPLAINT, "repeat_rate", [NO_SUGGESTION], 1,
     3.1, 124, "menu_complaint_report"),
    ("Stale cards", "", CUSTOMER, "stale_count", STALE_NOW, 0,
     39, 39, "menu_customer_card"),
    ("Falling behind", "", CUSTOMER, "behind_count", BEHIND_NOW, 0,
     21, 21, "menu_customer_report"),
    ("Surveys answered", "", ANSWER, "__count", [COUNTED], 0,
     64, 64, "menu_answer"),
    ("Satisfaction", "of 100", ANSWER, "score", [COUNTED, ["scored", "=", True]], 1,
     81.7, 64, "menu_answer"),
    ("Perceived/expected", "", ANSWER, "ratio", [COUNTED, ["rated", "=", True]], 2,
     1.04, 52, "menu_answer"),
    ("NPS", "", ANSWER, "nps", [COUNTED, ["nps_class", "!=", False]], 0,
     42, 60, "menu_answer"),
)  # fmt: skip
AVERAGES = {
    "attainment",
    "reply_success",
    "answer_median",
    "answer_p90",
    "repeat_rate",
    "score",
    "ratio",
    "nps",
}
"""A dash where there is nothing to count; the number behind them is told"""
WEIGHTS = {"attainment": "owed"}
"""What an average counts, if not records"""
COMPARED = AVERAGES | {"__count"}
"""Shown beside the period before; the others are as of today"""
ALWAYS_NOW = {"open_count", "late_count"}
"""What is open now does not depend on the period."""
TIERS = ("A", "B", "C", "D")
CHARTS = (
    # title, kind, model, group, measure, domain, sample labels, sample values
    ("Customers by tier", "bar", CUSTOMER, ["tier_id"], "customer_count",
     [HAS_TIER], TIERS, (24, 71, 130, 187)),
    ("Sales a month by tier", "pie", CUSTOMER, ["tier_id"], "monthly_amount",
     [HAS_TIER], TIERS, (898_000, 256_000, 117_000, 13_300)),
    ("Tier migration, 12 months", "bar", TIER, ["date:month", "direction"], "__count",
     [["direction", "in", ["up", "down"]], YEAR], ("Up", "Down"), (31, 18)),
    ("Contacts made by role and tier, %", "bar", CONTACT, ["role_id", "tier_id"],
     "attainment", ENDED, ("Sales Rep", "Consultant"), (88, 79)),
    ("Answered in time, 12 months, %", "line", COMPLAINT, ["date:month"],
     "reply_success", [*REPLIED, YEAR], ("I", "II", "III", "IV"), (88, 91, 90, 94)),
    ("Satisfaction, 12 months, of 100", "line", ANSWER, ["date:month"], "score",
     [COUNTED, ["scored", "=", True], YEAR], ("I", "II", "III", "IV"),
     (78, 80, 79, 82)),
    ("NPS, 12 months", "line", ANSWER, ["date:month"], "nps",
     [COUNTED, ["nps_class", "!=", False], YEAR],
     ("I", "II", "III", "IV"), (31, 36, 35, 42)),
    ("Open complaints by age", "bar", COMPLAINT, ["age", "team_id"], "__count",
     OPEN, ("≤ 1", "2–3", "4–7", "8–30"), (9, 4, 3, 1)),
)  # fmt: skip
STACKED = {"Tier migration, 12 months", "Open complaints by age"}
LATE = "Late complaints, the longest first"
BEHIND = "Who falls behind, the best tier first"
STALE = "Cards to verify, the best tier first"
LISTS = (
    # title, score whose records it lists, columns, order
    (LATE, "Late complaints", ("complaint_id", "partner_id", "sla_deadline"),
     "sla_deadline"),
    (BEHIND, "Falling behind", ("partner_id", "tier_id", "last_order_date"),
     "tier_id"),
    (STALE, "Stale cards", ("partner_id", "tier_id", "verified_date"), "tier_id"),
)  # fmt: skip


class Plan(NamedTuple):
    """A dashboard. Titles of lists are also those of their scores."""

    file: str
    scores: tuple
    charts: tuple
    lists: tuple
    filters: tuple
    people: bool = False
    """With the table of contacts by person"""


AT_RISK = [["at_risk", "=", True]]
DUE = [
    ["ordered_on", "=", False],
    ["due_date", "<=", "today +6d"],
    ["due_until", ">=", "today"],
]
"""Reorders of this week, as the list shows them"""
OPEN_CASES = [["closed_at", "=", False]]
WARNING_SCORES = (
    ("Customers at risk", "", RISK, "__count", AT_RISK, 0,
     19, 19, "menu_outlook_risk"),
    ("Sales at risk", "", RISK, "year_amount", AT_RISK, 0,
     212_400, 19, "menu_outlook_risk"),
    ("Reorders due", "", REORDER, "__count", DUE, 0,
     27, 27, "menu_outlook_reorder"),
    ("Open cases", "", CASE, "__count", OPEN_CASES, 0,
     8, 8, "menu_risk_case"),
    ("Would be lost", "", CASE, "cost_of_loss", OPEN_CASES, 0,
     48_700, 8, "menu_risk_case"),
)  # fmt: skip
WARNING_CHARTS = (
    ("Sales at risk by tier", "bar", RISK, ["tier_id"], "year_amount", AT_RISK,
     TIERS, (96_000, 71_000, 38_400, 7_000)),
    ("Customers by risk", "pie", RISK, ["risk_band"], "__count", [],
     ("Low", "Medium", "High"), (310, 83, 19)),
    ("Reorders due by salesperson", "bar", REORDER, ["user_id"], "__count", DUE,
     ("I", "II", "III"), (11, 9, 7)),
    ("Open cases by cause", "bar", CASE, ["cause"], "__count", OPEN_CASES,
     ("Price", "Payment Terms", "Cared for Less"), (4, 3, 1)),
)  # fmt: skip
WARNING_LISTS = (
    ("Customers at risk, the best tier first", "Customers at risk",
     ("partner_id", "tier_id", "last_order_date"), "tier_sequence"),
    ("Open cases, the oldest first", "Open cases", ("partner_id", "state", "cause"),
     "opened_at"),
)  # fmt: skip
PLANS = (
    Plan("", SCORES, CHARTS, LISTS, (PERIOD, COMPANY, DEPARTMENT, REGION), people=True),
    Plan("_early_warning", WARNING_SCORES, WARNING_CHARTS, WARNING_LISTS, (COMPANY,)),
)
