"""Fields computed as superuser that tests/superuser_fields.py does not list.

Run by script/lint in a copy of the checkout; needs no Odoo.
"""

import ast
import sys
from pathlib import Path

FOLDERS = ("models", "wizards")
LIST = "superuser_fields.py"


def main():
    allowed = listed(next(Path("tests").rglob(LIST)))
    found = [
        (path, line, name)
        for folder in FOLDERS
        for path in sorted(Path(folder).rglob("*.py"))
        for line, name in superuser_fields(ast.parse(path.read_text("utf-8")))
    ]
    new = [
        f"{path}:{line}: {name} is computed as superuser and is not listed in {LIST}:"
        " compute it with the reader's rights, or give the reason there"
        for path, line, name in found
        if name not in allowed and name.rpartition(".")[0] not in allowed
    ]
    print("\n".join(new))
    return bool(new)


def listed(path):
    """Names in the dictionary of reasons"""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign):
            return " ".join(ast.literal_eval(node.value).values()).split()
    return []


def superuser_fields(module):
    """[(line, model.field)]"""
    for class_ in ast.walk(module):
        if isinstance(class_, ast.ClassDef):
            values = dict(assigned(class_))
            model = text(values.get("_name")) or text(values.get("_inherit"))
            for name, value in values.items():
                if is_field(value) and as_superuser(value):
                    yield value.lineno, f"{model}.{name}"


def assigned(class_):
    for node in class_.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def text(node):
    if isinstance(node, ast.List) and len(node.elts) == 1:
        node = node.elts[0]
    return node.value if isinstance(node, ast.Constant) else None


def is_field(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "fields"
    )


def as_superuser(call):
    """As ``Field._get_attrs`` decides it"""
    options = {option.arg: option.value for option in call.keywords}

    def says(name, default):
        value = options.get(name)
        return bool(value.value) if isinstance(value, ast.Constant) else default

    if "related" in options:
        return says("compute_sudo", says("related_sudo", True))
    if "compute" in options:
        return says("compute_sudo", says("store", False))
    return says("compute_sudo", False)


if __name__ == "__main__":
    sys.exit(main())
