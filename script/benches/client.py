"""What the web client asks the server for."""

from lxml import etree


def form_specification(env, model):
    """Fields of the default form of ``model`` as the client reads them when it opens a
    record: of lines also those of their inline form."""
    return _view_specification(env[model], "form")


def list_specification(env, model):
    """Fields of the default list of ``model``."""
    return _view_specification(env[model], "list")


def _view_specification(records, kind):
    arch = records.get_views([(False, kind)])["views"][kind]["arch"]
    return _specify(records, etree.fromstring(arch), 0)


def _specify(records, parent, level):
    specification = {}
    for node in parent.xpath(f".//field[count(ancestor::field) = {level}]"):
        name = node.get("name")
        field = records._fields[name]
        specification[name] = {}
        if field.type in ("one2many", "many2many"):
            inner = _specify(records.env[field.comodel_name], node, level + 1)
            specification[name]["fields"] = inner or {"display_name": {}}
        elif field.type == "many2one":
            specification[name]["fields"] = {"display_name": {}}
    return specification
