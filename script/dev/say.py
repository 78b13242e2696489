"""Talking to the person at the terminal, and running programs for them."""

import errno
import os
import subprocess
import sys
import time

START = time.monotonic()
LOCKS = set()
"""File descriptors of the locks held now. Programs inherit them: when a command is
killed, the next one waits until the programs that it left behind have ended."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Fail(Exception):  # noqa: N818
    """A problem in plain words, with what to do about it."""


def step(text):
    print(f"[{time.monotonic() - START:5.0f} s] {text}", file=sys.stderr, flush=True)


def run(command, *, problem, daemon=False, **kwargs):
    """Run a program quietly; its output is shown only when it fails.

    :param daemon: it leaves something running, which must not keep our locks
    :param problem: what went wrong then, and what to do
    :raise Fail: it ended with another code than 0, or is missing
    """
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            pass_fds=() if daemon else tuple(LOCKS),
            **kwargs,
        )
    except FileNotFoundError as error:
        raise Fail(f"{problem}\nThe program “{command[0]}” is missing.") from error
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise Fail(f"{problem}\n{tail}")
    return done.stdout


def as_root():
    return os.geteuid() == 0


def check_python():
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        raise Fail(
            f"Odoo 19 needs Python 3.10 to 3.13; this is {sys.version.split()[0]}. "
            "Run the command with another one: python3.12 script/…"
        )


def main(function):
    """Run a command; failures end it with a sentence instead of a traceback."""
    try:
        check_python()
        sys.exit(function(sys.argv[1:]))
    except Fail as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if not isinstance(error, PermissionError) and error.errno not in NO_ROOM:
            raise
        print(f"\n{error.strerror}: {error.filename or 'the cache'}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped. Run it again to continue.", file=sys.stderr)
        sys.exit(130)
