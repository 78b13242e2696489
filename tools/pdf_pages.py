"""Letterhead and page numbers of PDF reports without page headers and footers, which
wkhtmltopdf ignores where it is built with an unpatched Qt (Debian, Ubuntu)."""

import io
import re

import lxml.html
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

NUMBER_HEIGHT = 17
"""Points between the lower edge of the page and the page number"""
WITH_CLASS = ".//div[contains(concat(' ', normalize-space(@class), ' '), ' {} ')]"


def letterhead_in_body(html):
    """Move headers and footers of a rendered report into the articles that they belong
    to: above the first page, and below the last one.

    :param html: as bytes, with an equal number of headers, articles and footers
    """
    root = lxml.html.fromstring(html, parser=lxml.html.HTMLParser(encoding="utf-8"))
    articles = root.xpath(WITH_CLASS.format("article"))
    for name, position in (("header", 0), ("footer", None)):
        parts = root.xpath(WITH_CLASS.format(name))
        for article, part in zip(articles, parts, strict=False):
            _drop_numbers(part)
            part.getparent().remove(part)
            part.set("class", part.get("class").replace(name, f"o_care_{name}"))
            for drawing in part.xpath(".//svg"):
                # Waves and bubbles are placed on a page, and would cover text in a body
                drawing.drop_tree()
            article.insert(len(article) if position is None else position, part)
    return lxml.html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")


def _drop_numbers(part):
    """“Page 1 / 2” of a layout: only wkhtmltopdf's own footers know the numbers"""
    for page in part.xpath(".//span[@class='page']"):
        page.getparent().drop_tree()


def number_pages(content):
    """Write “1 / 3” at the foot of each page, unless there is one only, and leave out a
    last page to which only the margin of the one before has run over.

    :param content: the PDF as bytes
    :return: the PDF as bytes
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    writer = PdfFileWriter()
    count = reader.getNumPages()
    if count > 1 and _is_empty(reader.getPage(count - 1)):
        count -= 1
    if count == reader.getNumPages() == 1:
        return content
    for index in range(count):
        page = reader.getPage(index)
        width, height = (float(size) for size in page.mediaBox.upperRight)
        page.mergePage(_number(f"{index + 1} / {count}", width, height))
        writer.addPage(page)
    numbered = io.BytesIO()
    writer.write(numbered)
    return numbered.getvalue()


def _is_empty(page):
    """Whether a page shows neither text, also as outlines of letters, which
    wkhtmltopdf makes of some fonts, nor pictures"""
    drawing = page["/Contents"].getObject().getData()
    return not re.search(rb"Tj|TJ| Do|\sc\s", drawing)


def _number(text, width, height):
    """A page with nothing but its number"""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(width, height))
    canvas.setFont("Helvetica", 8)
    canvas.setFillGray(0.4)
    canvas.drawCentredString(width / 2, NUMBER_HEIGHT, text)
    canvas.save()
    return PdfFileReader(stream).getPage(0)
