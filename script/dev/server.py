"""script/server: the app with demo data, in a browser."""

import argparse
import contextlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

from .databases import Databases
from .paths import MODULE, ROOT, locked, short_hash
from .postgres import free_port
from .say import Fail, step
from .setup import Setup


def server(arguments):
    """Usage: script/server [ODOO OPTIONS]

    Serves Odoo with the app and demo data on the first free port from 8069, and prints
    the address and the log-in. The first run makes the database, a later one upgrades
    it if the version has changed. Ctrl-C stops it.

    -p PORT takes that port. After a change: script/server -u customer_care
    """
    if arguments[:1] in (["-h"], ["--help"]):
        print(server.__doc__)
        return 0
    port, arguments = parse(arguments)
    setup = Setup()
    databases = Databases(setup)
    name = f"care_demo_{short_hash(ROOT)}"
    with locked(name):
        if name not in databases.names():
            make_database(databases, name)
        elif databases.is_outdated(name):
            step("Upgrading Customer Care")
            databases.install(name, "-u", MODULE)
    port = port or free_port(8069)
    command = setup.command("-d", name, "--http-port", port, "--log-level=warn")
    if any(argument.startswith("--workers") for argument in arguments):
        command += ["--gevent-port", str(free_port(port + 1))]
    return serve(
        [*command, *arguments],
        setup.variables(),
        port,
    )


def parse(arguments):
    """:return: the port that was asked for, or None, and the other arguments"""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-p", "--http-port", type=int)
    options, others = parser.parse_known_args(arguments)
    if options.http_port:
        free_port(options.http_port, 1)
    return options.http_port, others


def serve(command, variables, port):
    """Run Odoo until Ctrl-C. In a session of its own it gets one signal, from here:
    at a second one it would not clean up."""
    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), interrupt)
    process = subprocess.Popen(command, env=variables, start_new_session=True)
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
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        return 0
    finally:
        process.kill()


def interrupt(*_arguments):
    raise KeyboardInterrupt


def make_database(databases, name):
    """Under another name first: a run that was stopped leaves nothing half-made."""
    template = databases.template(demo=True)
    partial = f"{name}_partial"
    databases.copy(template, partial)
    step("Installing Customer Care with demo data")
    databases.install(partial, "--with-demo")
    databases.rename(partial, name)


def wait(process, port):
    """Until the log-in page answers, or Odoo ends."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _attempt in range(600):
        if process.poll() is not None:
            raise Fail("Odoo ended; what it said stands above.")
        try:
            direct.open(f"http://127.0.0.1:{port}/web/login", timeout=60)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise Fail("Odoo does not answer.")
