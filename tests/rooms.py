"""Which room imports from which, read from the source; runs without Odoo."""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("models", "wizards")


def load_order(root=ROOT):
    """Rooms in the order in which ``models/__init__.py`` loads them."""
    return re.findall(
        r"^from \. import (\w+)$", (root / "models/__init__.py").read_text(), re.M
    )


def imports(path, root=ROOT):
    """Names of the rooms that a file imports from, its own among them."""
    package = path.relative_to(root).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1]
        target = (*base, *(node.module or "").split("."))
        if target[0] in FOLDERS and len(target) > 1:
            yield target[1] or node.names[0].name


def violations(root=ROOT):
    """Sentences about files outside a room, and imports from a room below."""
    order = load_order(root)
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            place = path.relative_to(root)
            room = place.parts[1]
            if place.parts[1:] == ("__init__.py",):
                continue
            if room not in order:
                found.append(f"{place} is in no room of models/__init__.py")
                continue
            found += [
                f"{place} imports from {used}, which is loaded after {room}"
                for used in imports(path, root)
                if used not in order or order.index(used) > order.index(room)
            ]
    return found


if __name__ == "__main__":
    found = violations(Path.cwd())
    sys.stdout.write("\n".join(found) + "\n")
    sys.exit(bool(found))
