"""script/server: the app with demo data, in a browser."""

import signal
import subprocess
import time
import urllib.error
import urllib.request

from .databases import Databases
from .paths import ROOT, short_hash
from .postgres import free_port
from .say import Fail, step
from .setup import Setup


def server(arguments):
    """Usage: script/server [ODOO OPTIONS]

    Serves Odoo with the app and demo data on the first free port from 8069, and prints
    the address and the log-in. The first run makes the database. Ctrl-C stops it.
    """
    if arguments[:1] in (["-h"], ["--help"]):
        print(server.__doc__)
        return 0
    setup = Setup()
    databases = Databases(setup)
    name = f"care_demo_{short_hash(ROOT)}"
    if name not in databases.names():
        make_database(databases, name)
    port = free_port(8069)
    process = subprocess.Popen(
        setup.command("-d", name, "--http-port", port, "--log-level=warn", *arguments),
        env=setup.variables(),
    )
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        wait(process, port)
        print(
            f"\n  Customer Care:  http://localhost:{port}/odoo\n"
            "  Log-in:         admin / admin   (a salesperson: demo / demo)\n"
            "  Stop:           Ctrl-C\n",
            flush=True,
        )
        return process.wait()
    except KeyboardInterrupt:
        step("Stopping")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        return 0


def make_database(databases, name):
    """Under another name first: a run that was stopped leaves nothing half-made."""
    template = databases.template(demo=True)
    partial = f"{name}_partial"
    databases.copy(template, partial)
    step("Installing Customer Care with demo data")
    databases.install(partial, "--with-demo")
    databases.filestore(partial).rename(databases.filestore(name))
    databases.sql("postgres", f'ALTER DATABASE "{partial}" RENAME TO "{name}"')


def wait(process, port):
    """Until the log-in page answers, or Odoo ends."""
    for _attempt in range(600):
        if process.poll() is not None:
            raise Fail("Odoo ended; what it said stands above.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    process.terminate()
    raise Fail("Odoo does not answer.")
