import json
import re

from odoo.tools import file_open

FOLDER = "customer_care/data/files/"


class DashboardBook:
    """What the spreadsheet of a dashboard asks for"""

    file = "customer_care_dashboard.json"

    def book(self, name=None):
        with file_open(FOLDER + (name or self.file)) as file:
            return json.load(file)

    def sources(self):
        """(model, domain, fields) of everything that reads from the database"""
        book = self.book()
        for pivot in book["pivots"].values():
            names = [row["fieldName"] for row in pivot["rows"]]
            names += [measure["fieldName"] for measure in pivot["measures"]]
            names = [name for name in names if name != "__count"]
            self.assertTrue(self.env.ref(pivot["actionXmlId"]))
            yield pivot["model"], pivot["domain"], names, pivot["fieldMatching"]
        for found in book["lists"].values():
            names = [*found["columns"], *(order["name"] for order in found["orderBy"])]
            yield found["model"], found["domain"], names, found["fieldMatching"]
        for figure in book["sheets"][0]["figures"]:
            data = figure["data"]
            if data["type"] == "scorecard":
                continue
            meta = data["metaData"]
            names = [name.partition(":")[0] for name in meta["groupBy"]]
            if meta["measure"] != "__count":
                names.append(meta["measure"])
            domain = data["searchParams"]["domain"]
            yield meta["resModel"], domain, names, data["fieldMatching"]

    def scores(self):
        """{title: (pivot of the number shown, measure)}"""
        book = self.book()
        cells = book["sheets"][1]["cells"]
        found = {}
        for figure in book["sheets"][0]["figures"]:
            if figure["data"]["type"] != "scorecard":
                continue
            shown = cells[figure["data"]["keyValue"].removeprefix("Data!")]
            [(number, measure)] = re.findall(r'PIVOT\.VALUE\((\d+),"(\w+)"\)', shown)
            title = figure["data"]["title"]["text"]
            found[title] = (book["pivots"][number], measure)
        return found

    def check_sources(self):
        """As the current user"""
        for model, domain, names, filters in self.sources():
            Model = self.env[model]
            with self.subTest(model=model, names=names):
                Model.search(domain, limit=1)
                self.assertLessEqual(set(names), set(Model.fields_get()))
                for match in filters.values():
                    Model.search([(match["chain"], "!=", False)], limit=1)
