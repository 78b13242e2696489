"""script/make-dashboard: writes the spreadsheets of the dashboard, live and sample."""

import json

from .dashboard_plans import (
    ACTIONS,
    ALWAYS_NOW,
    ANSWER,
    AVERAGES,
    BY_DEPARTMENT,
    COMPANY,
    COMPARED,
    COMPLAINT,
    CONTACT,
    DATES,
    DEPARTMENT,
    ENDED,
    OPEN,
    PERIOD,
    PLANS,
    REGION,
    STACKED,
    WEIGHTS,
    YEAR,
)
from .paths import ROOT
from .say import step

FILES = ROOT / "data/files"
PEOPLE = "Contacts agreed by person"
PEOPLE_PIVOT = 100
TABLE_ROWS = 10
MODELS = {COMPANY: "res.company", DEPARTMENT: "crm.team", REGION: "care.region"}
LEFT, RIGHT = 0, 570
WIDTH = 530
ROW, TITLE_ROW = 23, 40
CHART_ROWS = 15
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
        f"customer_care{plan.file}{suffix}_dashboard.json": json.dumps(
            Dashboard(plan, sample).build(), ensure_ascii=False, indent=1
        )
        + "\n"
        for plan in PLANS
        for suffix, sample in (("", False), ("_sample", True))
    }


class Dashboard:
    """The spreadsheet, as Odoo's own dashboards are stored.

    :param sample: with made-up numbers instead of what the database holds
    """

    def __init__(self, plan, sample):
        self.plan = plan
        self.sample = sample
        self.cells, self.styles, self.rows = {}, {}, {}
        self.data, self.formats, self.figures = {}, {}, []
        self.pivots, self.lists, self.menus = {}, {}, {}

    def build(self):
        self.add_scores()
        row = 5 * -(-len(self.plan.scores) // 5)
        for place, chart in enumerate(self.plan.charts):
            self.add_chart(row, (LEFT, RIGHT)[place % 2], *chart)
            row += CHART_ROWS * (place % 2)
        if self.sample:
            return self.book(row)
        tables = [(self.add_list, found) for found in self.plan.lists]
        if self.plan.people:
            tables.insert(1, (self.add_people, ()))
        for place, (add, parts) in enumerate(tables):
            add(row, ("ABC", "EFGH")[place % 2], *parts)
            row += (TABLE_ROWS + 3) * (place % 2)
        return self.book(row)

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
        ) in enumerate(self.plan.scores):
            row, number = place + 2, self.pivot_number(place)
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
            compared = measure in COMPARED and model in DATES
            if compared:
                before = round(sample * 0.95, digits)
                before = self.value(number + 1, measure, before)
                self.data[f"D{row}"] = f"={before}"
                self.data[f"E{row}"] = self.rounded(f"D{row}", measure, digits)
                self.add_pivot(number + 1, title, model, (measure,), domain, offset=-1)
            self.data[f"F{row}"] = f"={self.value(number, weight, count)}"
            self.data[f"G{row}"] = self.basis(row, measure, compared)
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
    def basis(row, measure, compared):
        """What stands below a score: the number it is made of and the score of the
        period before, or of when it is"""
        if not compared:
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

    def pivot_number(self, place):
        """Number of the pivot of a score, which scores and the table of people share if
        they show the same records; that of the period before has the next one"""
        records = [
            (model, domain)
            for _title, _unit, model, _name, domain, *_ in self.plan.scores
        ]
        if self.plan.people and records[place] == (CONTACT, ENDED):
            return PEOPLE_PIVOT
        return records.index(records[place]) * 2 + 1

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
        for letter, column in zip(letters, columns, strict=False):
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

    def counting(self, score):
        """:return: number of the pivot, model, measure and domain of a score"""
        for place, (title, _unit, model, measure, domain, *_rest) in enumerate(
            self.plan.scores
        ):
            if title == score:
                return self.pivot_number(place), model, measure, domain
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
        self.add_pivot(number, PEOPLE, CONTACT, measures, ENDED)
        self.pivots[str(number)] |= {
            "rows": [{"fieldName": "user_id"}],
            "sortedColumn": {"measure": "missed", "order": "desc", "domain": []},
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
                | {"isVisible": False, "formats": decimals(self.plan.scores)},
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
            "pivotNextId": PEOPLE_PIVOT + 2,
            "customTableStyles": {},
            "globalFilters": [] if self.sample else global_filters(self.plan.filters),
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


def decimals(scores):
    """{cells of a score with decimals: number of the format}"""
    return {
        f"C{row}:E{row}": digits
        for row, (*_, digits, _sample, _count, _menu) in enumerate(scores, 2)
        if digits
    }


def heading(title):
    return {"text": title, "bold": True, "fontSize": 16, "color": "#01666b"}


def global_filters(names):
    labels = {COMPANY: "Company", DEPARTMENT: "Department", REGION: "Region"}
    period = {
        "id": PERIOD,
        "type": "date",
        "label": "Period",
        "defaultValue": "last_90_days",
    }
    return [
        period
        if name == PERIOD
        else {
            "id": name,
            "type": "relation",
            "label": labels[name],
            "modelName": MODELS[name],
            "defaultValueDisplayNames": [],
            **({"includeChildren": True} if name == REGION else {}),
        }
        for name in names
    ]


def matching(model, offset=0, now=False):
    """Field of a report that each filter of the dashboard looks at"""
    fields = {COMPANY: {"chain": "company_id", "type": "many2one"}}
    if model not in BY_DEPARTMENT:
        return fields
    department = "manager_id.sale_team_id" if model == ANSWER else "department_id"
    fields |= {
        DEPARTMENT: {"chain": department, "type": "many2one"},
        REGION: {"chain": "region_id", "type": "many2one"},
    }
    if model in DATES and not now:
        fields[PERIOD] = {"chain": "date", "type": DATES[model], "offset": offset}
    return fields


def top(row, sizes):
    """Distance of a row from the top, in pixels"""
    return sum(sizes.get(str(place), {"size": ROW})["size"] for place in range(row))
