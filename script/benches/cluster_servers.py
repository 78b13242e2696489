"""What a company with several servers has, each as a process of this machine: a
PostgreSQL primary and a streaming standby, Odoo's processes, a proxy, a mail server."""

import contextlib
import email
import os
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev import apt
from dev.odoo import Odoo, download
from dev.paths import CACHE, addons_folder, short_hash
from dev.postgres import ROLE, Cluster, free_port
from dev.say import Fail, run
from measure import note

WARM_UP = 120
"""Seconds within which Odoo answers"""
SAFE = """
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 300
wal_level = replica
max_wal_senders = 4
wal_keep_size = 1GB
hot_standby_feedback = on
random_page_cost = 1.1
effective_cache_size = 4GB
shared_preload_libraries = 'pg_stat_statements'
"""
"""As a company has it: what was confirmed survives, and its disk is no spinning one."""


class Server(Cluster):
    """A PostgreSQL of the bench, beside that of the cache."""

    def __init__(self, name):
        super().__init__()
        self.name = name
        self.home = self.home.with_name(f"{self.home.name}-{name}")
        self.data = self.home / "data"
        self.socket = self.home / "socket"
        if len(str(self.socket)) > 80:
            self.socket = Path(f"/tmp/customer_care-{short_hash(self.home)}")
        self.port_file = CACHE / f"postgresql-{name}-port"

    def sql(self, query, db="postgres"):
        """:return: rows as lists of texts"""
        command = [self.bin / "psql", "-AtqX", "-F", "\t", "-d", db, "-c", query]
        text = run(command, problem=f"{self.name} refused.", env=self.variables)
        return [line.split("\t") for line in text.splitlines()]

    def halt(self, mode="fast"):
        self.server(
            "pg_ctl",
            "stop",
            "--wait",
            f"--mode={mode}",
            f"--pgdata={self.data}",
            problem=f"{self.name} does not stop.",
        )

    def end(self):
        with contextlib.suppress(Fail):
            self.halt()


class Primary(Server):
    def __init__(self):
        super().__init__("primary")

    def create(self):
        super().create()
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SAFE)

    def adopt(self, name, cluster, filestore, target):
        """Copy a database of another cluster and its files, unless it is here."""
        if [name] in self.sql("SELECT datname FROM pg_database"):
            return
        note(f"copying {name}")
        dump = self.home / f"{name}.dump"
        run(
            [self.bin / "pg_dump", "-Fc", "-f", dump, name],
            problem="The template cannot be read.",
            env=cluster.variables,
        )
        if (filestore / name).is_dir():
            shutil.copytree(filestore / name, target / name, dirs_exist_ok=True)
        for command in (
            ["createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", name],
            ["pg_restore", "--no-owner", "-d", name, dump],
        ):
            run(
                [self.bin / command[0], *command[1:]],
                problem="The template cannot be copied.",
                env=self.variables,
            )
        dump.unlink()

    def standby_lag(self):
        """Bytes that the standby has still to replay; None without a standby"""
        rows = self.sql(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint"
            " FROM pg_stat_replication WHERE state = 'streaming'"
        )
        return int(rows[0][0] or 0) if rows else None


class Standby(Server):
    def __init__(self, primary):
        super().__init__("standby")
        self.primary = primary

    def create(self):
        self.port_file.unlink(missing_ok=True)
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.own(self.home)
        note("copying the primary to the standby")
        self.server(
            "pg_basebackup",
            f"--pgdata={self.data}",
            f"--host={self.primary.socket}",
            f"--port={self.primary.port}",
            f"--username={ROLE}",
            "--write-recovery-conf",
            "--wal-method=stream",
            "--checkpoint=fast",
            problem="The standby cannot be made.",
        )
        self.port_file.write_text(str(free_port(5433)))

    def follow(self):
        """Start; one that has lost touch is made anew."""
        with contextlib.suppress(Fail, OSError, ValueError):
            self.start()
            if self.caught_up(20):
                return
        self.end()
        self.create()
        self.start()
        if not self.caught_up(60):
            raise Fail("The standby does not follow the primary.")

    def caught_up(self, seconds):
        return wait_for(lambda: self.primary.standby_lag() == 0, seconds)


class Process:
    """A program of the bench, in a session of its own so that all of it can end."""

    def __init__(self, name, command, log, env=None):
        self.name, self.command, self.log, self.env = name, command, log, env
        self.popen = None
        self.wanted = False

    def start(self):
        with self.log.open("a") as file:
            self.popen = subprocess.Popen(
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=self.env,
                start_new_session=True,
                cwd="/",
            )
        self.wanted = True

    def watch(self):
        """What systemd does with Restart=always"""
        if self.wanted and self.popen.poll() is not None:
            note(f"{self.name} has ended: starting it again")
            self.start()

    def end(self):
        self.wanted = False
        if self.popen and self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(20)
        self.kill()

    def kill(self):
        self.wanted = False
        if self.popen:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()


class Services:
    """Odoo's processes and the proxy for one database."""

    def __init__(self, primary, standby, options, workers, crons):
        self.primary, self.standby = primary, standby
        self.home = options.folder
        self.data = options.data
        self.port = free_port(8200)
        self.web_port = free_port(8300)
        self.gevent_port = free_port(8400)
        self.mail = Mail()
        self.workers, self.crons = workers, crons
        self.log = self.home / "odoo.log"
        self.processes = []

    def config(self, name, db=None, **options):
        lines = {
            "db_host": self.primary.socket,
            "db_port": self.primary.port,
            "db_user": ROLE,
            "db_name": db,
            "db_app_name": f"bench-{name}-{{pid}}",
            "addons_path": ",".join([*Odoo().addons, str(addons_folder())]),
            "data_dir": self.data,
            "http_interface": "127.0.0.1",
            "email_from": "care@example.com",
            "smtp_server": "127.0.0.1",
            "smtp_port": self.mail.port,
        } | options
        path = self.home / f"{name}.conf"
        rows = [f"{key} = {value}" for key, value in lines.items() if value is not None]
        path.write_text("\n".join(["[options]", *rows, ""]))
        return path

    def start(self, db):
        """Web workers with the websocket, the processes of jobs, the proxy."""
        self.log.unlink(missing_ok=True)
        self.log.touch()
        web = self.config(
            "web",
            db,
            workers=self.workers,
            max_cron_threads=0,
            list_db=False,
            http_port=self.web_port,
            gevent_port=self.gevent_port,
            proxy_mode=True,
            db_replica_host=self.standby.socket,
            db_replica_port=self.standby.port,
            limit_time_real=600,
        )
        cron = self.config(
            "cron",
            db,
            # with none, only the thread of jobs would end with the primary
            workers=1,
            http_enable=False,
            max_cron_threads=1,
            limit_time_real_cron=3600,
        )
        self.web = self.odoo("web", web)
        self.cron = [self.odoo(f"cron {n}", cron) for n in range(1, self.crons + 1)]
        self.proxy = self.make_proxy()
        self.processes = [self.proxy, self.web, *self.cron]
        for process in self.processes:
            process.start()
        threading.Thread(target=self.watch, daemon=True).start()
        self.mail.start()
        if not wait_for(lambda: answers(self.port), WARM_UP):
            raise Fail(f"Odoo does not answer; its log is {self.log}.")

    def odoo(self, name, config):
        env = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PG", "ODOO"))
        } | {"ODOO_NOTIFY_CRON_CHANGES": "1"}
        command = [sys.executable, Odoo().script, "-c", config]
        return Process(name, command, self.log, env)

    def make_proxy(self):
        binary = nginx(self.home)
        path = self.home / "nginx.conf"
        path.write_text(
            NGINX.format(
                home=self.home,
                user="user root;" if os.geteuid() == 0 else "",
                port=self.port,
                web=self.web_port,
                gevent=self.gevent_port,
            )
        )
        command = [binary, "-p", self.home, "-c", path, "-e", self.home / "nginx.log"]
        return Process("proxy", command, self.home / "nginx.log")

    def watch(self):
        while processes := self.processes:
            for process in processes:
                process.watch()
            time.sleep(2)

    def end(self):
        for process in reversed(self.processes):
            process.end()
        self.processes = []
        self.mail.end()

    def workers_now(self):
        """Process ids of the web workers, without that of the websocket"""
        pids = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parent = path.read_text().rsplit(")", 1)[1].split()[1]
                words = (path.parent / "cmdline").read_bytes().split(b"\0")
                if int(parent) == self.web.popen.pid and b"gevent" not in words:
                    pids.append(int(path.parent.name))
        return pids


NGINX = """
{user}
daemon off;
worker_processes 1;
pid {home}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {home}/nginx-body;
  proxy_temp_path {home}/nginx-proxy;
  fastcgi_temp_path {home}/nginx-fastcgi;
  uwsgi_temp_path {home}/nginx-uwsgi;
  scgi_temp_path {home}/nginx-scgi;
  client_max_body_size 128m;
  keepalive_timeout 3600s;
  keepalive_requests 1000000;
  proxy_read_timeout 720s;
  upstream odoo {{ server 127.0.0.1:{web}; }}
  upstream odoo_websocket {{ server 127.0.0.1:{gevent}; }}
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Real-IP $remote_addr;
    location /websocket {{
      proxy_pass http://odoo_websocket;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Real-IP $remote_addr;
    }}
    location / {{
      proxy_pass http://odoo;
      proxy_redirect off;
    }}
  }}
}}
"""


def nginx(home):
    """Program of Debian's nginx, unpacked without installing it."""
    folder = home / "nginx"
    if not (folder / "usr/sbin/nginx").is_file():
        download([("nginx", apt.STABLE)])
        file = apt.downloaded("nginx", apt.STABLE)
        run(["dpkg", "-x", file, folder], problem=f"{file} is damaged: delete it.")
    return folder / "usr/sbin/nginx"


class Mail:
    """A mail server on the loopback that keeps what it gets and can refuse."""

    def __init__(self):
        self.refusing = False
        self.refused = 0
        self.received = []
        self.port = free_port(8500)
        self.server = None

    def start(self):
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        socketserver.ThreadingTCPServer.daemon_threads = True
        address = ("127.0.0.1", self.port)
        self.server = socketserver.ThreadingTCPServer(address, self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def marks(self):
        """Counter of (mark, recipient) in what was received"""
        found = Counter()
        for raw in self.received:
            message = email.message_from_bytes(raw)
            texts = [
                part.get_payload(decode=True).decode(errors="replace")
                for part in message.walk()
                if part.get_content_type() == "text/plain"
            ]
            for mark in set(re.findall(r"bench-[0-9a-f]{12}", " ".join(texts))):
                found[mark, message["To"]] += 1
        return found

    def handler(self):
        mail = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, text):
                self.wfile.write(f"{text}\r\n".encode())

            def handle(self):
                with contextlib.suppress(OSError):
                    if mail.refusing:
                        mail.refused += 1
                        return self.say("421 not now")
                    self.say("220 bench")
                    self.talk()
                return None

            def talk(self):
                while line := self.rfile.readline():
                    word = line[:4].upper()
                    if word == b"DATA":
                        self.say("354 go on")
                        mail.received.append(self.data())
                    elif word == b"QUIT":
                        return self.say("221 bye")
                    self.say("250 ok")
                return None

            def data(self):
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                return b"".join(lines)

        return Handler


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as link:
            link.settimeout(WARM_UP)
            link.sendall(b"GET /web/login HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b" 200 " in link.recv(64)
    except OSError:
        return False


def wait_for(what, seconds, every=0.3):
    """:return: whether it became true in time"""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(every)
    return False
