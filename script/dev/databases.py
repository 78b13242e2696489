"""Databases made by copying a template that has the dependencies installed."""

import ast
import os
import shutil
import subprocess

from .logs import check_log
from .paths import MODULE, ROOT, locked, short_hash
from .say import LOCKS, Fail, run, step

PREFIX = "care"


def manifest():
    return ast.literal_eval((ROOT / "__manifest__.py").read_text())


def depends():
    return manifest()["depends"]


class Databases:
    def __init__(self, setup):
        self.setup = setup

    def pg(self, program, *arguments, problem="PostgreSQL refused."):
        command = [self.setup.cluster.bin / program, *arguments]
        return run(command, problem=problem, env=self.setup.cluster.variables)

    def names(self):
        rows = self.pg(
            "psql", "-Atq", "-d", "postgres", "-c", "SELECT datname FROM pg_database"
        )
        return set(rows.split())

    def sql(self, name, query):
        return self.pg("psql", "-Atq", "-F", "\t", "-d", name, "-c", query)

    def template(self, demo=False):
        """Name of the database with the dependencies installed, made when missing or
        when the dependencies or Odoo change; older ones go."""
        kind = "demo" if demo else "plain"
        key = short_hash(self.setup.odoo.version, *sorted(depends()))
        name = f"{PREFIX}_template_{kind}_{key}"
        with locked(f"template-{kind}"):
            if name not in self.names():
                self.make_template(name, demo)
                for old in self.names():
                    if old.startswith(f"{PREFIX}_template_{kind}_") and old != name:
                        self.drop(old)
        return name

    def make_template(self, name, demo):
        """Under another name first, so that what has the right name is whole."""
        partial = f"{PREFIX}_partial_{'demo' if demo else 'plain'}"
        self.drop(partial)
        data = "with demo data " if demo else ""
        step(f"Making the template database {data}(one to three minutes, once)")
        self.create(partial)
        self.odoo(
            partial,
            "-i",
            ",".join(depends()),
            *(["--with-demo"] if demo else []),
            problem="Odoo's own modules could not be installed.",
            strict=False,
        )
        self.rename(partial, name)

    def is_outdated(self, name):
        """Has the database another version of the module?"""
        query = f"SELECT latest_version FROM ir_module_module WHERE name = '{MODULE}'"
        return self.sql(name, query).strip() != manifest()["version"]

    def create(self, name):
        self.pg("createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", name)

    def copy(self, source, name):
        """Copy a database and its files (as hard links: Odoo never changes one)."""
        self.drop(name)
        self.pg("createdb", "-T", source, name)
        if self.filestore(source).is_dir():
            shutil.copytree(
                self.filestore(source), self.filestore(name), copy_function=os.link
            )

    def rename(self, partial, name):
        """The database last: it is what tells that all is there."""
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        if self.filestore(partial).is_dir():
            self.filestore(partial).rename(self.filestore(name))
        self.sql("postgres", f'ALTER DATABASE "{partial}" RENAME TO "{name}"')

    def drop(self, name):
        self.pg("dropdb", "--if-exists", "--force", name)
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def filestore(self, name):
        return self.setup.data / "filestore" / name

    def odoo(self, name, *arguments, problem, strict=True, stdin=None):
        """Run Odoo on a database and stop.

        :param strict: warnings in the log are failures
        :return: its log
        """
        if arguments[0] == "shell":
            command = ["shell", "-d", name, "--no-http", *arguments[1:]]
        elif arguments[0] == "module":
            command = [*arguments, "-d", name]
        else:
            command = [*arguments, "-d", name, "--stop-after-init", "--no-http"]
        done = subprocess.run(
            self.setup.command(*command),
            env=self.setup.variables(),
            cwd=ROOT,
            input=stdin,
            stdin=None if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            pass_fds=tuple(LOCKS),
        )
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-40:])
            raise Fail(f"{problem}\n{tail}")
        if strict:
            check_log(done.stdout, problem)
        return done.stdout

    def install(self, name, *arguments):
        self.odoo(
            name,
            "-i",
            MODULE,
            *arguments,
            problem="The module does not install cleanly.",
        )
