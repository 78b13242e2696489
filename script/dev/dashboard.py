"""script/make-dashboard: writes the spreadsheets of the dashboard, live and sample."""

import json

from .paths import ROOT
from .say import step

FILES = ROOT / "data/files"
PERIOD, COMPANY, DEPARTMENT, REGION = (
    "care-period",
    "care-company",
    "care-department",
    "care-region",
)
COMPLAINT, CONTACT, TIER, CUSTOMER, ANSWER = (
    "care.complaint.report",
    "care.contact.report",
    "care.tier.report",
    "care.customer.report",
    "care.answer",
)
ACTIONS = {
    COMPLAINT: "customer_care.complaint_report_action",
    CONTACT: "customer_care.contact_report_action",
    TIER: "customer_care.tier_report_action",
    CUSTOMER: "customer_care.customer_report_action",
    ANSWER: "customer_care.answer_action",
}
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
TABLE_ROWS = 10
LATE = "Late complaints, the longest first"
PEOPLE = "Contacts agreed by person"
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
PEOPLE_PIVOT = 100
MODELS = {COMPANY: "res.company", DEPARTMENT: "crm.team", REGION: "care.region"}
LEFT, RIGHT = 0, 570
WIDTH = 530
ROW, TITLE_ROW = 23, 40
SCORE_ROWS, CHART_ROWS = 15, 15
COLUMNS = (250, 145, 155, 20, 230, 100, 100, 100)
HEAD, NUMBER_HEAD, DAY = 2, 3, 4
"""Styles; a day stands left, as its heading does"""


def make_dashboard(arguments):
    """Usage: script/make-dashboard [--check]

    Writes the dashboard and the one with sample data that an empty database shows.

    --check tells whether they are as they would be written.
    """
    if arguments and arguments != ["--check"]:
        print(make_dashboard.__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    books = spreadsheets()
    if arguments:
        stale = [name for name, text in books.items() if read(name) != text]
        for name in stale:
            print(f"data/files/{name} differs: run script/make-dashboard")
        return 1 if stale else 0
    for name, text in books.items():
        (FILES / name).write_text(text)
        step(f"Wrote data/files/{name}")
    return 0


def read(name):
    path = FILES / name
    return path.read_text() if path.exists() else ""


def spreadsheets():
    """{name of the file: its text}"""
    return {
        f"customer_care{suffix}_dashboard.json": json.dumps(
            Dashboard(sample).build(), ensure_ascii=False, indent=1
        )
        + "\n"
        for suffix, sample in (("", False), ("_sample", True))
    }


class Dashboard:
    """The spreadsheet, as Odoo's own dashboards are stored.

    :param sample: with made-up numbers instead of what the database holds
    """

    def __init__(self, sample):
        self.sample = sample
        self.cells, self.styles, self.rows = {}, {}, {}
        self.data, self.formats, self.figures = {}, {}, []
        self.pivots, self.lists, self.menus = {}, {}, {}

    def build(self):
        self.add_scores()
        row = SCORE_ROWS
        for place in range(0, len(CHARTS), 2):
            self.add_chart(row, LEFT, *CHARTS[place])
            self.add_chart(row, RIGHT, *CHARTS[place + 1])
            row += CHART_ROWS
        if self.sample:
            return self.book(row)
        late, behind, stale = LISTS
        self.add_list(row, "ABC", *late)
        self.add_people(row, "EFGH")
        row += TABLE_ROWS + 3
        self.add_list(row, "ABC", *behind)
        self.add_list(row, "EFG", *stale)
        return self.book(row + TABLE_ROWS + 3)

    # Parts ------------------------------------------------------------------

    def add_scores(self):
        for place, (
            title,
            unit,
            model,
            measure,
            domain,
            digits,
            sample,
            count,
            menu,
        ) in enumerate(SCORES):
            row, number = place + 2, pivot_number(place)
            self.data[f"A{row}"] = f"=_t({json.dumps(title)})"
            value = self.value(number, measure, sample)
            self.data[f"B{row}"] = f"={value}"
            self.data[f"C{row}"] = (
                f"=FORMAT.LARGE.NUMBER({value})"
                if sample >= 10_000
                else self.rounded(f"B{row}", measure, digits, value)
            )
            now = measure in ALWAYS_NOW
            weight = WEIGHTS.get(measure, "__count")
            self.add_pivot(number, title, model, (measure, weight), domain, now=now)
            if measure in COMPARED:
                before = round(sample * 0.95, digits)
                before = self.value(number + 1, measure, before)
                self.data[f"D{row}"] = f"={before}"
                self.data[f"E{row}"] = self.rounded(f"D{row}", measure, digits)
                self.add_pivot(number + 1, title, model, (measure,), domain, offset=-1)
            self.data[f"F{row}"] = f"={self.value(number, weight, count)}"
            self.data[f"G{row}"] = self.basis(row, measure)
            figure = self.score(place, title, unit, row, model)
            self.figures.append(figure)
            if not self.sample:
                self.menus[figure["id"]] = f"customer_care.{menu}"

    def value(self, number, measure, sample):
        if self.sample:
            return str(sample)
        return f"PIVOT.VALUE({number},{json.dumps(measure)})"

    @staticmethod
    def rounded(cell, measure, digits, value=None):
        """:param value: formula of the cell, where a click opens its records"""
        value = value or cell
        if measure in AVERAGES:
            return f'=IF({cell}="","–",ROUND({value},{digits}))'
        return f"=ROUND({value},{digits})"

    @staticmethod
    def basis(row, measure):
        """What stands below a score: the number it is made of and the score of the
        period before, or of when it is"""
        if measure not in COMPARED:
            return '=_t("as of today")'
        before = f'_t("before:")&" "&E{row}'
        if measure not in AVERAGES:
            return f"={before}"
        return f'="n = "&ROUND(F{row},0)&", "&{before}'

    @staticmethod
    def score(place, title, unit, row, model):
        return {
            "id": f"care-score-{place}",
            "tag": "chart",
            "width": 212,
            "height": 100,
            "col": 0,
            "row": 0,
            "offset": {"x": 222 * (place % 5), "y": 10 + 110 * (place // 5)},
            "data": {
                "type": "scorecard",
                "title": {
                    "text": title,
                    "bold": True,
                    "color": "#434343",
                    "fontSize": 12,
                },
                "background": {COMPLAINT: "#FEF2F2", CONTACT: "#EFF6FF"}.get(
                    model, "#F3F0F5"
                ),
                "keyValue": f"Data!C{row}",
                "humanize": False,
                "baselineMode": "text",
                "baselineColorUp": "#434343",
                "baselineColorDown": "#434343",
                "baseline": f"Data!G{row}",
                **({"keyDescr": {"text": unit}} if unit else {}),
            },
        }

    def add_pivot(self, number, name, model, measures, domain, now=False, offset=0):
        if self.sample:
            return
        if found := self.pivots.get(str(number)):
            measures = (*(measure["id"] for measure in found["measures"]), *measures)
            name = f"{found['name']}, {name}"
        self.pivots[str(number)] = {
            "type": "ODOO",
            "id": str(number),
            "formulaId": str(number),
            "name": name,
            "model": model,
            "domain": domain,
            "context": {},
            "actionXmlId": ACTIONS[model],
            "measures": [
                {"id": measure, "fieldName": measure}
                for measure in sorted(dict.fromkeys(measures), key="__count".__eq__)
            ],
            "columns": [],
            "rows": [],
            "fieldMatching": matching(model, offset=offset, now=now),
        }

    def add_title(self, row, column, title, number, measure):
        """A heading with the number of a pivot, whose records a click opens"""
        cell = f"{column}{row + 1}"
        value = f"ROUND(PIVOT.VALUE({number},{json.dumps(measure)}),0)"
        self.cells[cell] = f'=_t({json.dumps(title)})&": "&{value}'
        self.styles[cell] = 1
        self.rows[str(row)] = {"size": TITLE_ROW}

    def add_chart(self, row, left, title, kind, model, group, measure, domain, *sample):
        number = len(self.figures)
        figure = {
            "id": f"care-chart-{number}",
            "tag": "chart",
            "width": WIDTH,
            "height": ROW * CHART_ROWS - 12,
            "col": 0,
            "row": 0,
            "offset": {"x": left, "y": top(row, self.rows) + 6},
        }
        if self.sample:
            figure["data"] = self.sample_chart(number, title, kind, *sample)
        else:
            figure["data"] = {
                "type": f"odoo_{kind}",
                "title": heading(title),
                "background": "#FFFFFF",
                "legendPosition": "top" if kind == "pie" or len(group) > 1 else "none",
                "verticalAxisPosition": "left",
                "stacked": title in STACKED,
                "metaData": {
                    "groupBy": group,
                    "measure": measure,
                    "order": None,
                    "resModel": model,
                    "mode": kind,
                    "cumulatedStart": False,
                },
                "searchParams": {
                    "comparison": None,
                    # A month without answers has no mean, not one of 0.
                    "context": {"fill_temporal": False} if kind == "line" else {},
                    "domain": domain,
                    "groupBy": group,
                    "orderBy": [],
                },
                "dataSets": [],
                "actionXmlId": ACTIONS[model],
                "fieldMatching": matching(model, now=domain == OPEN or YEAR in domain),
            }
        self.figures.append(figure)

    def sample_chart(self, number, title, kind, labels, values):
        first = 20 + 10 * number
        for place, (label, value) in enumerate(zip(labels, values, strict=True)):
            self.data[f"A{first + place}"] = label
            self.data[f"B{first + place}"] = str(value)
        last = first + len(labels) - 1
        return {
            "type": kind,
            "title": heading(title),
            "background": "#FFFFFF",
            "legendPosition": "top" if kind == "pie" else "none",
            "dataSetsHaveTitle": False,
            "dataSets": [{"dataRange": f"Data!B{first}:B{last}"}],
            "labelRange": f"Data!A{first}:A{last}",
            "stacked": False,
            "aggregated": False,
        }

    def add_list(self, row, letters, title, score, columns, order):
        number = len(self.lists) + 1
        pivot, model, measure, domain = self.counting(score)
        self.add_title(row, letters[0], title, pivot, measure)
        for letter, column in zip(letters, columns, strict=True):
            head = f"{letter}{row + 2}"
            self.cells[head] = f'=ODOO.LIST.HEADER({number},"{column}")'
            self.styles[head] = HEAD
            if column.endswith(("_date", "_deadline")):
                self.styles[f"{letter}{row + 3}:{letter}{row + 2 + TABLE_ROWS}"] = DAY
            for place in range(1, TABLE_ROWS + 1):
                self.cells[f"{letter}{row + 2 + place}"] = (
                    f'=ODOO.LIST({number},{place},"{column}")'
                )
        self.lists[str(number)] = {
            "id": str(number),
            "name": title,
            "model": model,
            "columns": list(columns),
            "domain": domain,
            "context": {},
            "orderBy": [{"name": order, "asc": True}],
            "fieldMatching": matching(model, now=True),
        }

    @staticmethod
    def counting(score):
        """:return: number of the pivot, model, measure and domain of a score"""
        for place, (title, _unit, model, measure, domain, *_rest) in enumerate(SCORES):
            if title == score:
                return pivot_number(place), model, measure, domain
        raise KeyError(score)

    def add_people(self, row, letters):
        """Owed, missed and made of each person, who missed most first"""
        number = PEOPLE_PIVOT
        measures = ("owed", "missed", "attainment")
        self.add_title(row, letters[0], PEOPLE, number, "owed")
        heads = ("Person", "Agreed", "Missed", "Made, %")
        for letter, head in zip(letters, heads, strict=True):
            self.cells[f"{letter}{row + 2}"] = f'=_t("{head}")'
            self.styles[f"{letter}{row + 2}"] = (
                HEAD if letter == letters[0] else NUMBER_HEAD
            )
        for place in range(1, TABLE_ROWS + 1):
            line = row + 2 + place
            key = f'"#user_id",{place}'
            self.cells[f"{letters[0]}{line}"] = f"=PIVOT.HEADER({number},{key})"
            for letter, measure in zip(letters[1:], measures, strict=True):
                self.cells[f"{letter}{line}"] = (
                    f'=PIVOT.VALUE({number},"{measure}",{key})'
                )
        self.formats[f"{letters[3]}{row + 3}:{letters[3]}{row + 2 + TABLE_ROWS}"] = 1
        self.pivots[str(number)] = {
            "type": "ODOO",
            "id": str(number),
            "formulaId": str(number),
            "name": PEOPLE,
            "model": CONTACT,
            "domain": ENDED,
            "context": {},
            "actionXmlId": ACTIONS[CONTACT],
            "measures": [{"id": name, "fieldName": name} for name in measures],
            "columns": [],
            "rows": [{"fieldName": "user_id"}],
            "sortedColumn": {"measure": "missed", "order": "desc", "domain": []},
            "fieldMatching": matching(CONTACT),
        }

    # The whole -----------------------------------------------------------------

    def book(self, rows):
        bold = {"textColor": "#434343", "bold": True, "fontSize": 11}
        return {
            "version": "18.4.14",
            "sheets": [
                self.sheet("Dashboard", self.cells, rows)
                | {
                    "rows": self.rows,
                    "cols": {
                        str(place): {"size": size} for place, size in enumerate(COLUMNS)
                    },
                    "styles": self.styles,
                    "formats": self.formats,
                    "figures": self.figures,
                    "colNumber": len(COLUMNS),
                },
                self.sheet("Data", self.data, 150)
                | {"isVisible": False, "formats": decimals()},
            ],
            "styles": {
                "1": {"textColor": "#01666b", "fontSize": 16, "bold": True},
                str(HEAD): bold,
                str(NUMBER_HEAD): bold | {"align": "right"},
                str(DAY): {"align": "left"},
            },
            "formats": {"1": "0.0", "2": "0.00"},
            "borders": {},
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "settings": {
                "locale": {
                    "name": "English (US)",
                    "code": "en_US",
                    "thousandsSeparator": ",",
                    "decimalSeparator": ".",
                    "dateFormat": "mm/dd/yyyy",
                    "timeFormat": "hh:mm:ss",
                    "formulaArgSeparator": ",",
                    "weekStart": 7,
                }
            },
            "pivots": self.pivots,
            "pivotNextId": PEOPLE_PIVOT + 1,
            "customTableStyles": {},
            "globalFilters": [] if self.sample else global_filters(),
            "lists": self.lists,
            "listNextId": len(self.lists) + 1,
            "chartOdooMenusReferences": self.menus,
        }

    @staticmethod
    def sheet(name, cells, rows):
        return {
            "id": name.lower(),
            "name": name,
            "colNumber": 26,
            "rowNumber": rows,
            "rows": {},
            "cols": {},
            "merges": [],
            "cells": cells,
            "styles": {},
            "formats": {},
            "borders": {},
            "conditionalFormats": [],
            "dataValidationRules": [],
            "figures": [],
            "tables": [],
            "areGridLinesVisible": False,
            "isVisible": True,
            "headerGroups": {"ROW": [], "COL": []},
            "comments": {},
        }


def pivot_number(place):
    """Number of the pivot of a score, which scores of the same records share; that of
    the period before has the next one"""
    records = [(model, domain) for _title, _unit, model, _measure, domain, *_ in SCORES]
    return records.index(records[place]) * 2 + 1


def decimals():
    """{cells of a score with decimals: number of the format}"""
    return {
        f"C{row}:E{row}": digits
        for row, (*_, digits, _sample, _count, _menu) in enumerate(SCORES, 2)
        if digits
    }


def heading(title):
    return {"text": title, "bold": True, "fontSize": 16, "color": "#01666b"}


def global_filters():
    labels = {COMPANY: "Company", DEPARTMENT: "Department", REGION: "Region"}
    return [
        {
            "id": PERIOD,
            "type": "date",
            "label": "Period",
            "defaultValue": "last_90_days",
        },
        *(
            {
                "id": name,
                "type": "relation",
                "label": label,
                "modelName": MODELS[name],
                "defaultValueDisplayNames": [],
                **({"includeChildren": True} if name == REGION else {}),
            }
            for name, label in labels.items()
        ),
    ]


def matching(model, offset=0, now=False):
    """Field of a report that each filter of the dashboard looks at"""
    department = "manager_id.sale_team_id" if model == ANSWER else "department_id"
    fields = {
        COMPANY: {"chain": "company_id", "type": "many2one"},
        DEPARTMENT: {"chain": department, "type": "many2one"},
        REGION: {"chain": "region_id", "type": "many2one"},
    }
    if model in DATES and not now:
        fields[PERIOD] = {"chain": "date", "type": DATES[model], "offset": offset}
    return fields


def top(row, sizes):
    """Distance of a row from the top, in pixels"""
    return sum(sizes.get(str(place), {"size": ROW})["size"] for place in range(row))
