"""A private PostgreSQL for development: own cluster, own socket, no network."""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

from . import apt
from .paths import CACHE, open_lock, short_hash
from .say import Fail, as_root, run, step

ROLE = "customer_care"
"""Owns the cluster: Odoo refuses to work as the role postgres."""
SERVER_USERS = ("postgres", "nobody")
"""Root runs PostgreSQL as the first of these that exists."""
RESERVED = {}
"""{port: file whose lock reserves it}, to the end of the command"""
REJECTING = 1
"""Exit code of pg_isready when a server is there, but still starting or stopping."""

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


def binaries(made_with):
    """Folder of initdb and its friends, and their version; installs PostgreSQL if it
    is missing.

    :param made_with: the version of the cluster that is there, which stays in use
    """
    for attempt in range(2):
        found = {
            int(path.parts[-3]): path.parent
            for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        }
        if not found and shutil.which("initdb"):
            folder = Path(shutil.which("initdb")).resolve().parent
            found = {major(folder): folder}
        if found:
            version = made_with if made_with in found else max(found)
            if version < 13:
                raise Fail(f"PostgreSQL {version} is too old: install 13 or later.")
            return found[version], version
        if not attempt:
            apt.install(["postgresql"], reason="PostgreSQL 13 or later is needed.")
    raise Fail("PostgreSQL was installed, but its initdb cannot be found.")


def major(folder):
    text = run([folder / "postgres", "--version"], problem="PostgreSQL does not start.")
    return int(re.search(r"\d+", text)[0])


class Cluster:
    """The cluster of this cache, started when it is needed."""

    def __init__(self):
        self.home = CACHE / "postgresql"
        if as_root() and not reachable(CACHE):
            self.home = Path(f"/var/lib/customer_care-{short_hash(CACHE)}")
        self.data = self.home / "data"
        self.socket = self.home / "socket"
        if len(str(self.socket)) > 80 or re.search(r"[^\w./-]", str(self.socket)):
            self.socket = Path(f"/tmp/customer_care-{short_hash(CACHE)}")
        self.port_file = CACHE / "postgresql-port"
        self.bin, self.version = binaries(self.made_with())
        self.user = self.owner() if as_root() else None

    def made_with(self):
        """Version of PostgreSQL whose cluster is there and whole, or None."""
        try:
            return self.port and int((self.data / "PG_VERSION").read_text())
        except (OSError, ValueError):
            return None

    def owner(self):
        """PostgreSQL refuses to run as root: root runs it as this user."""
        if self.made_with():
            return self.data.owner()
        user = next(filter(user_exists, SERVER_USERS), None)
        if not user:
            raise Fail("PostgreSQL cannot run as root: add a user named postgres.")
        return user

    @property
    def port(self):
        """Written when the cluster is whole, and in the cache, so that a cluster
        elsewhere does not outlive the files of its databases."""
        return int(self.port_file.read_text())

    @property
    def variables(self):
        """Environment for PostgreSQL's own commands."""
        return os.environ | {
            "PGHOST": str(self.socket),
            "PGPORT": str(self.port),
            "PGUSER": ROLE,
            "PGCONNECT_TIMEOUT": "10",
        }

    def server(self, name, *arguments, problem):
        """Run a program of PostgreSQL as the user that owns the cluster."""
        kwargs = {}
        if self.user:
            entry = pwd.getpwnam(self.user)
            kwargs = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return run(
            [self.bin / name, *arguments],
            problem=problem,
            daemon=name == "pg_ctl",
            cwd="/",
            **kwargs,
        )

    def start(self):
        """Make the cluster if it is not whole, and start it unless it runs."""
        if self.made_with() != self.version:
            self.create()
        elif self.is_running():
            return
        step("Starting PostgreSQL")
        self.stop()
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

    def is_running(self):
        """True when the server answers; one that is starting is waited for."""
        for _attempt in range(600):
            code = subprocess.run(
                [self.bin / "pg_isready", "--quiet"], env=self.variables, check=False
            ).returncode
            if code != REJECTING:
                return code == 0
            time.sleep(0.1)
        return False

    def create(self):
        """Anew: what may be there is half-made, or of a PostgreSQL that has gone."""
        step("Making a PostgreSQL cluster")
        self.port_file.unlink(missing_ok=True)
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.own(self.home)
        self.server(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            problem="The PostgreSQL cluster could not be made.",
        )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(shared_buffers=max(128, min(1024, memory // 8))))
        self.port_file.write_text(str(free_port(5433)))

    def stop(self):
        """End a server that runs on what is to be deleted, or whose socket has gone,
        and remove the locks of one that was killed: PostgreSQL takes another program
        with its number, or its zombie in a container, for itself."""
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(lock.read_text().split()[0])
            while str(self.data) in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGINT)
                time.sleep(0.1)
        for stale in (lock, *self.socket.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def make_socket_folder(self):
        """Only the owner of the cluster (and root) may connect: there are no
        passwords."""
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.own(self.socket)

    def own(self, folder):
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)


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


def reserve(port):
    """Keep a port from other commands of ours as long as this one runs: between finding
    a free port and listening on it another one could take it.

    :return: False if another command has it
    """
    lock = open_lock(f"port-{port}")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    RESERVED[port] = lock
    return True


def free_port(first, count=200):
    """First port from ``first`` on which nothing listens and that no other command is
    about to take."""
    for port in range(first, first + count):
        with socket.socket() as probe:
            # A connection that was just closed does not make its port taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if reserve(port):
            return port
    if count == 1:
        raise Fail(f"Port {first} is taken, or may not be used: choose another one.")
    raise Fail(f"No port between {first} and {first + count - 1} is free.")
