"""The whole environment, and how Odoo is called in it."""

import copy
import os
import shutil
import subprocess

from . import apt, python
from .odoo import Odoo, unpack
from .paths import CACHE, ROOT, addons_folder, check_disk, locked, short_hash
from .postgres import Cluster
from .say import step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Setup:
    """What is needed to run Odoo: its source, a Python, a PostgreSQL, a config."""

    def __init__(self):
        with locked():
            if not (CACHE / "checkouts").is_dir():
                check_disk()
            self.odoo = Odoo()
            self.cluster = Cluster()
            self.python = python.environment(python.REQUIREMENTS) / "bin/python"
            unpack()
            self.odoo.check()
            self.cluster.start()
        self.data = CACHE / "data"
        self.data.mkdir(exist_ok=True)
        self.config = self.write_config()

    def at(self, folder):
        """The same with the module from another addons folder."""
        other = copy.copy(self)
        addons = ",".join([*self.odoo.addons, str(folder)])
        other.config = self.write_config(addons_path=addons)
        return other

    def write_config(self, **options):
        """Configuration file of this checkout; further options make another one."""
        lines = {
            "db_host": self.cluster.socket,
            "db_port": self.cluster.port,
            "db_user": "customer_care",
            "addons_path": ",".join([*self.odoo.addons, str(addons_folder())]),
            "data_dir": self.data,
            "http_interface": "127.0.0.1",
        } | options
        text = "[options]\n" + "".join(f"{key} = {val}\n" for key, val in lines.items())
        path = addons_folder() / f"odoo-{short_hash(text)}.conf"
        if not path.is_file():
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.write_text(text)
            temporary.rename(path)
        return path

    def variables(self, config=None):
        return self.cluster.variables | {
            "ODOO_RC": str(config or self.config),
            "PYTHONPATH": str(self.odoo.python_path),
            "PYTHONWARNINGS": "ignore",
            "PATH": f"{self.python.parent}:{os.environ.get('PATH', '')}",
        }

    def command(self, *arguments):
        """Odoo's own script: with ``-m odoo`` and workers, the process for websockets
        would be started from inside the package and not find it."""
        return [str(self.python), str(self.odoo.script), *map(str, arguments)]

    def exec_odoo(self, arguments):
        """Become Odoo, in the folder where the user is."""
        os.execve(self.python, self.command(*arguments), self.variables())

    def exec_python(self, arguments, **variables):
        os.execve(
            self.python,
            [str(self.python), *map(str, arguments)],
            self.variables() | variables,
        )


def need_programs():
    """Tours need Chromium, PDF reports wkhtmltopdf; CJK fonts make Chinese readable in
    both."""
    missing = []
    if not any(map(shutil.which, BROWSERS)):
        missing += ["chromium", "fonts-noto-cjk"]
    if not shutil.which("wkhtmltopdf"):
        missing.append("wkhtmltopdf")
    if missing:
        apt.install(missing, reason="Tests need a browser and a maker of PDF files.")


def version(setup):
    return subprocess.run(
        setup.command("--version"),
        env=setup.variables(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()


def bootstrap(arguments):
    """Usage: script/bootstrap

    Gets everything that the other commands need into
    ${XDG_CACHE_HOME:-~/.cache}/customer_care: Odoo 19, its Python environment, a
    private PostgreSQL, Chromium, wkhtmltopdf. What is there is not made again; an
    interrupted run is continued.

    ODOO_SRC=FOLDER uses a checkout of Odoo 19 that you already have.
    """
    if arguments:
        print(bootstrap.__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    setup = Setup()
    need_programs()
    step(f"Ready: {version(setup)}")
    return 0


def odoo(arguments):
    """Odoo's own command line; see script/odoo --help."""
    Setup().exec_odoo(arguments)


def bench(arguments):
    """Usage: script/bench NAME [OPTIONS]

    Measures the app against a bound in the same run and prints JSON.
    """
    folder = ROOT / "script/benches"
    names = sorted(
        path.stem for path in folder.glob("*.py") if "def main" in path.read_text()
    )
    if not arguments or arguments[0] not in names:
        print(bench.__doc__, f"\n    Benches: {', '.join(names)}")
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    return run_file(folder / f"{arguments[0]}.py", arguments[1:])


def load_cdnow(arguments):
    """Runs script/benches/load_cdnow.py; see script/load-cdnow --help."""
    return run_file(ROOT / "script/benches/load_cdnow.py", arguments)


def run_file(path, arguments):
    """Become Python running a file that uses Odoo and the template database."""
    from .databases import Databases  # noqa: PLC0415

    setup = Setup()
    template = Databases(setup).template()
    setup.exec_python([path, *arguments], CARE_TEMPLATE=template)
