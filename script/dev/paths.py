"""Where things are: the checkout, and the cache that all checkouts share."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from .say import LOCKS, Fail, step

ROOT = Path(__file__).resolve().parents[2]
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "customer_care"
).absolute()
MODULE = "customer_care"
NEEDED = 4 << 30
"""Bytes of disk that a first bootstrap and a test run take, with a margin."""


def short_hash(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def complete(folder):
    """Marker inside a folder that says: everything is in it."""
    return folder / ".complete"


def is_complete(folder, key=""):
    marker = complete(folder)
    return marker.is_file() and marker.read_text() == str(key)


def mark_complete(folder, key=""):
    complete(folder).write_text(str(key))


def check_disk():
    CACHE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(CACHE).free
    if free < NEEDED:
        raise Fail(
            f"There are only {free / 2**30:.1f} GB free for {CACHE}; a first run needs "
            f"{NEEDED / 2**30:.0f} GB. Free some space, or set XDG_CACHE_HOME to a "
            "folder on a larger disk."
        )


@contextlib.contextmanager
def locked(name="bootstrap"):
    """Keep two commands from making the same thing at the same time."""
    with open_lock(name) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step("Another command is preparing the environment: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        LOCKS.add(lock.fileno())
        try:
            yield
        finally:
            LOCKS.discard(lock.fileno())


def open_lock(name):
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        return (CACHE / f"{name}.lock").open("w")
    except OSError as error:
        raise Fail(
            f"{error.filename} cannot be written: {error.strerror}. Set XDG_CACHE_HOME "
            "to a folder of yours, or give this one back to yourself with chown."
        ) from error


def addons_folder():
    """Folder that holds the checkout under the name of the module, as Odoo and
    pytest-odoo name a module after its folder."""
    folder = CACHE / "checkouts" / short_hash(ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / MODULE
    if not link.is_symlink() or link.resolve() != ROOT:
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT)
    return folder
