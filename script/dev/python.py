"""Python environments in the cache: one to run Odoo, one for the linters."""

import importlib.util
import shutil
import sys
from pathlib import Path

from . import apt
from .paths import CACHE, is_complete, mark_complete, short_hash
from .say import run, step

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
LINTERS = Path(__file__).parents[1] / "requirements-lint.txt"


def environment(requirements):
    """Folder of the environment with exactly these requirements, made if missing.

    An environment cannot be moved, so a half-made one is thrown away instead of being
    made under another name.
    """
    base = sys.base_prefix, *sys.version_info[:2]
    key = short_hash(requirements.read_text(), *base)
    folder = CACHE / f"{requirements.stem.replace('requirements', 'python')}-{key}"
    if is_complete(folder):
        return folder
    if not importlib.util.find_spec("ensurepip"):
        apt.install(["python3-venv"], reason="Python cannot make an environment here.")
    step(f"Making the Python environment {folder.name} (about a minute)")
    shutil.rmtree(folder, ignore_errors=True)
    run(
        [sys.executable, "-m", "venv", folder],
        problem="The Python environment could not be made.",
    )
    run(
        [
            *(folder / "bin/python", "-m", "pip", "install", "-qq"),
            *("--disable-pip-version-check", "--requirement", requirements),
        ],
        problem="Python packages could not be installed. Is this machine online?",
    )
    mark_complete(folder)
    return folder
