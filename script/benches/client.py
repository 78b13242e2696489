"""What the web client asks the server for."""

from lxml import etree

COUNT_LIMIT = 10_000
"""Up to where the web client counts, unless the list says otherwise."""


def form_specification(env, model):
    """Fields of the default form of ``model`` as the client reads them when it opens a
    record: of lines also those of their inline form."""
    return _view_specification(env[model], "form")


def list_specification(env, model):
    """Fields of the default list of ``model``."""
    return _view_specification(env[model], "list")


def read_kanban(records, domain):
    """The columns of the default kanban with their first cards, as it opens."""
    arch = _arch(records, "kanban")
    specification = _specify(records, arch, 0)
    group = arch.get("default_group_by")
    order = arch.get("default_order")
    if not group:
        return records.web_search_read(domain, specification, limit=80, order=order)
    return records.web_read_group(
        domain,
        [group],
        [],
        limit=80,
        auto_unfold=True,
        unfold_read_specification=specification,
        unfold_read_default_limit=80,
    )


def list_count_limit(env, model):
    """Up to where the web client asks how many records the list has."""
    return int(_arch(env[model], "list").get("count_limit", COUNT_LIMIT)) + 1


def _view_specification(records, kind):
    return _specify(records, _arch(records, kind), 0)


def _arch(records, kind):
    arch = records.get_views([(False, kind)])["views"][kind]["arch"]
    return etree.fromstring(arch)


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
