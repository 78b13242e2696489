"""A private PostgreSQL for development: own cluster, own socket, no network."""

import os
import pwd
import re
import shutil
import socket
import stat
import subprocess
import time
from pathlib import Path

from . import apt
from .paths import CACHE, is_complete, mark_complete, short_hash
from .say import Fail, as_root, run, step

ROLE = "customer_care"
SERVER_USERS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root: root runs it as the first of these."""

SETTINGS = """
listen_addresses = ''
max_connections = 100
shared_buffers = {shared_buffers}MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
jit = off
fsync = off
synchronous_commit = off
full_page_writes = off
"""
"""Fast rather than safe: the databases can be made again at any time."""


def binaries():
    """Folder of initdb and its friends; installs PostgreSQL if it is missing."""
    for attempt in range(2):
        found = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/initdb"),
            key=lambda path: int(path.parts[-3]),
        )
        if found:
            folder = found[-1].parent
        elif shutil.which("initdb"):
            folder = Path(shutil.which("initdb")).resolve().parent
        elif not attempt:
            apt.install(["postgresql"], reason="PostgreSQL 13 or later is needed.")
            continue
        else:
            break
        check_version(folder)
        return folder
    raise Fail("PostgreSQL was installed, but its initdb cannot be found.")


def check_version(folder):
    text = run([folder / "postgres", "--version"], problem="PostgreSQL does not start.")
    major = int(re.search(r"(\d+)", text)[1])
    if major < 13:
        raise Fail(f"PostgreSQL {major} is too old: install 13 or later.")


class Cluster:
    """The cluster of this cache, started when it is needed."""

    def __init__(self):
        self.user = None
        self.home = CACHE / "postgresql"
        if as_root():
            self.user = next(filter(user_exists, SERVER_USERS), None)
            if not self.user:
                apt.install(["postgresql"], reason="PostgreSQL 13 or later is needed.")
                self.user = SERVER_USERS[0]
            if not reachable(CACHE):
                self.home = Path(f"/var/lib/customer_care-{short_hash(CACHE)}")
        self.data = self.home / "data"
        self.socket = self.home / "socket"
        if len(str(self.socket)) > 80:
            self.socket = Path(f"/tmp/customer_care-{short_hash(CACHE)}")
        self.port_file = self.home / "port"

    @property
    def port(self):
        return self.port_file.read_text()

    @property
    def variables(self):
        """Environment for PostgreSQL's own commands."""
        return os.environ | {
            "PGHOST": str(self.socket),
            "PGPORT": self.port,
            "PGUSER": ROLE,
            "PGCONNECT_TIMEOUT": "10",
        }

    def server(self, name, *arguments, problem):
        """Run a program of PostgreSQL as the user that owns the cluster."""
        kwargs = {}
        if self.user:
            entry = pwd.getpwnam(self.user)
            kwargs = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return run([self.bin / name, *arguments], problem=problem, cwd="/", **kwargs)

    def start(self):
        """Make the cluster if it is not whole, and start it unless it runs."""
        self.bin = binaries()
        if self.is_running():
            return
        if not is_complete(self.home, self.bin.parts[-2]):
            self.create()
        step("Starting PostgreSQL")
        self.make_socket_folder()
        self.server(
            "pg_ctl",
            "start",
            "--wait",
            f"--pgdata={self.data}",
            f"--log={self.home / 'log'}",
            f"--options=-k {self.socket} -p {self.port}",
            problem=f"PostgreSQL does not start; its log is {self.home / 'log'}. If it "
            f"is beyond repair, delete {self.home} and run this again.",
        )
        self.make_role()

    def is_running(self):
        """True when the server answers on its socket."""
        if not (self.port_file.is_file() and is_complete_any(self.home)):
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket / f".s.PGSQL.{self.port}"))
            except OSError:
                return False
        return True

    def create(self):
        step("Making a PostgreSQL cluster")
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.own(self.home)
        self.server(
            "initdb",
            f"--pgdata={self.data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            problem="The PostgreSQL cluster could not be made.",
        )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(shared_buffers=max(128, min(1024, memory // 8))))
        self.port_file.write_text(str(free_port(5433)))
        mark_complete(self.home, self.bin.parts[-2])

    def make_socket_folder(self):
        """Only the owner of the cluster (and root) may connect: there are no
        passwords."""
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.own(self.socket)

    def own(self, folder):
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)

    def make_role(self):
        """Odoo refuses to work as the role postgres."""
        for _attempt in range(50):
            known = subprocess.run(
                [self.bin / "psql", "-Atq", "-d", "postgres", "-c", "SELECT 1"],
                env=self.variables,
                capture_output=True,
                text=True,
                check=False,
            )
            if known.returncode == 0:
                return
            if "does not exist" in known.stderr:
                break
            time.sleep(0.1)
        run(
            [self.bin / "createuser", "--createdb", "--superuser", ROLE],
            problem="The database role could not be made.",
            env=self.variables | {"PGUSER": "postgres"},
        )


def user_exists(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def reachable(folder):
    """Can another user than root get there? /root is closed to others."""
    folder.mkdir(parents=True, exist_ok=True)
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def is_complete_any(home):
    return (home / ".complete").is_file()


def free_port(first):
    """First port from ``first`` on which nothing listens."""
    for port in range(first, first + 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Fail(f"No port between {first} and {first + 199} is free.")
