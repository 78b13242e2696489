"""What the web client asks the server for."""

from lxml import etree


def form_specification(env, model):
    """Fields of the default form of ``model`` as the client reads them when it opens a
    record."""
    Model = env[model]
    arch = Model.get_views([(False, "form")])["views"]["form"]["arch"]
    return _specify(Model, etree.fromstring(arch).xpath("//field[not(ancestor::field)]"))


def _specify(Model, nodes):
    specification = {}
    for node in nodes:
        name = node.get("name")
        field = Model._fields[name]
        specification[name] = {}
        if field.type in ("one2many", "many2many"):
            parts = node.xpath("./*//field[count(ancestor::field) = %d]" % depth(node))
            inner = _specify(Model.env[field.comodel_name], parts)
            specification[name]["fields"] = inner or {"display_name": {}}
        elif field.type == "many2one":
            specification[name]["fields"] = {"display_name": {}}
    return specification


def depth(node):
    return len(node.xpath("ancestor-or-self::field"))
