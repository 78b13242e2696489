import io
from collections import defaultdict

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.spreadsheet import safe_cell, sheet_name

EXPORTERS = "base.group_allow_export"


class CareCampaign(models.Model):
    """Results as a spreadsheet. The answers of customers are in it only where the
    campaign is not anonymous, and as far as the user may read them."""

    _inherit = "care.campaign"

    def action_export_results(self):
        self.ensure_one()
        self._check_export()
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_care/campaign/{self.id}/results.xlsx",
            "target": "download",
        }

    def _check_export(self):
        """:raise AccessError: the user may not see the results or not export"""
        self._check_results()
        if not self.env.user.has_group(EXPORTERS):
            raise AccessError(
                self.env._(
                    "You do not have the right to export. Ask your administrator."
                )
            )

    def _export_results(self):
        """The spreadsheet as bytes. Customers in it count against the limit of exports.

        :raise AccessError: the user may not see the results or not export
        :raise UserError: more customers than the user may export
        """
        self.ensure_one()
        self._check_export()
        sheets = [(self.env._("Results"), self._export_figures())]
        summary = self.env._("Results of the campaign “%s”", self.name)
        if self.anonymous:
            self.env["care.protection.log"]._log("export", 0, summary)
        else:
            answers = self._export_readable()
            self.env["res.partner"]._care_watch_export(
                set(answers.partner_id.ids), summary
            )
            sheets.append((self.env._("Answers"), self._export_answers(answers)))
        return write_sheets(sheets)

    def _export_figures(self):
        """Rows of all figures on the page of results"""
        printed = self._print_results()
        results = printed["results"]
        rows = [
            (self.name,),
            *printed["asked"],
            (),
            (
                self.env._("Figure"),
                self.env._("Mean"),
                self.env._("95 % from"),
                self.env._("95 % to"),
                self.env._("n"),
            ),
            *self._export_means(results),
            (),
            *(
                (f"{label} ({code})", rate)
                for code, label, _said, rate in printed["rates"]
            ),
            *(
                (row["label"], row["count"])
                for row in results["response"]["dispositions"]
            ),
            (),
            *(
                (row["label"], row["percent"], row["low"], row["high"], row["count"])
                for row in results["levels"]
                if results["score"]["count"]
            ),
        ]
        rows += self._export_dimensions(results["dimensions"])
        rows += self._export_departments(results["departments"])
        for group in results["groups"]:
            rows += [
                (),
                (
                    group["name"],
                    self.env._("Satisfaction"),
                    self.env._("95 % from"),
                    self.env._("95 % to"),
                    self.env._("n"),
                    self.env._("NPS"),
                ),
            ]
            rows += [
                (row["name"], row["score"]["value"], row["score"]["low"])
                + (row["score"]["high"], row["answers"], row["nps"]["value"])
                if row["name"]
                else (self.env._("Too few to be shown separately"),)
                for row in group["rows"]
            ]
        rows += [(), *printed["changes"], (), *printed["left_out"]]
        if results["comments"] and self.anonymous:
            rows += [(), (self.env._("In the customers' words"),)]
            rows += [(comment["words"],) for comment in results["comments"]]
        return rows

    def _export_means(self, results):
        named = [
            (self.env._("Satisfaction (0 to 100)"), results["score"]),
            (self.env._("Recommendation (NPS)"), results["nps"]),
        ]
        if value := results["value"]:
            named += [
                (self.env._("Value to the customer"), value["value"]),
                (self.env._("Cost to the customer"), value["cost"]),
                (self.env._("Delivered value"), value["delivered"]),
                *((part["label"], part) for part in value["parts"]),
            ]
        ratio = results["ratio"]
        return [
            *(
                (label, row["value"], row["low"], row["high"], row["count"])
                for label, row in named
            ),
            (
                self.env._("Perceived / expected"),
                ratio["value"],
                None,
                None,
                ratio["count"],
            ),
        ]

    def _export_dimensions(self, dimensions):
        if not dimensions:
            return []
        return [
            (),
            (
                self.env._("Dimension"),
                self.env._("Expected"),
                self.env._("Perceived"),
                self.env._("Perceived / expected"),
                self.env._("n"),
                self.env._("Derived importance"),
            ),
            *(
                (
                    row["label"],
                    row["importance"],
                    row["satisfaction"],
                    row["ratio"],
                    row["count"],
                    row["derived"],
                )
                for row in dimensions
            ),
        ]

    def _export_departments(self, matrix):
        """Rated departments in rows, asking ones in columns: what the page of results
        shows, without the cells that it hides."""
        if not matrix:
            return []

        def said(mean, own=False):
            if mean:
                return mean["value"], mean["count"]
            return "–" if own else self.env._("hidden"), None

        counted = self.env._("n")
        heads = [column["name"] for column in matrix["columns"]]
        return [
            (),
            (self.env._("How departments rate each other"),),
            (
                self.env._("Rated department"),
                self.env._("All"),
                counted,
                *(word for head in heads for word in (head, counted)),
            ),
            *(
                (
                    row["name"],
                    *said(row["total"]),
                    *(
                        word
                        for cell in row["cells"]
                        for word in said(cell["mean"], cell["own"])
                    ),
                )
                for row in matrix["rows"]
            ),
        ]

    def _export_readable(self):
        """Answers that count, as far as the user may read them"""
        answers = self.env["care.answer"].search(
            [("campaign_id", "=", self.id), ("aside", "=", False)], order="id"
        )
        answers.fetch(["partner_id", "date", "tier_id", "score", "scored", "nps_class"])
        return answers

    def _export_answers(self, answers):
        """A row for each answer, with a column for each question"""
        questions = self.survey_id.sudo().question_ids
        said = self._export_said(answers)
        nps = self._labels("care.answer", "nps_class")
        rows = [
            (
                self.env._("Customer"),
                self.env._("Date"),
                self.env._("Tier"),
                self.env._("Satisfaction (0 to 100)"),
                self.env._("Recommendation (NPS)"),
                *questions.mapped("title"),
            )
        ]
        for answer in answers:
            rows.append(
                (
                    answer.partner_id.sudo().name,
                    str(answer.date or ""),
                    answer.tier_id.sudo().name,
                    answer.score if answer.scored else None,
                    nps.get(answer.nps_class),
                    *(said[answer.id].get(question) for question in questions.ids),
                )
            )
        return rows

    def _export_said(self, answers):
        """{answer: {question: words or number}}"""
        self.env["survey.user_input.line"].flush_model()
        lang = self.env.lang or "en_US"
        said = defaultdict(dict)
        for answer, question, number, words in self.env.execute_query(
            SQL(
                """
                SELECT line.user_input_id, line.question_id,
                       MAX(COALESCE(line.value_scale, line.value_numerical_box)),
                       STRING_AGG(CONCAT_WS(': ',
                           COALESCE(matrix.value->>%(lang)s, matrix.value->>'en_US'),
                           COALESCE(chosen.value->>%(lang)s, chosen.value->>'en_US',
                                    line.value_text_box, line.value_char_box,
                                    line.value_date::text, line.value_datetime::text)),
                           '; ' ORDER BY line.id)
                  FROM survey_user_input_line line
             LEFT JOIN survey_question_answer chosen
                    ON chosen.id = line.suggested_answer_id
             LEFT JOIN survey_question_answer matrix ON matrix.id = line.matrix_row_id
                 WHERE line.user_input_id = ANY(%(answers)s)
                   AND line.skipped IS NOT TRUE
              GROUP BY line.user_input_id, line.question_id
                """,
                lang=lang,
                answers=answers.ids,
            )
        ):
            said[answer][question] = words or number
        return said


def write_sheets(sheets):
    """A spreadsheet in which no text is taken for a formula

    :param sheets: [(name, rows)]
    """
    import xlsxwriter  # noqa: PLC0415  as Odoo's own export: it is loaded when needed

    output = io.BytesIO()
    book = xlsxwriter.Workbook(
        output,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    for name, rows in sheets:
        sheet = book.add_worksheet(sheet_name(name))
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 20, 18)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    sheet.write_number(place, column, value)
                elif value:
                    sheet.write_string(place, column, safe_cell(str(value)))
    book.close()
    return output.getvalue()
