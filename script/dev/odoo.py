"""Odoo 19: unpacked from Debian's package, or the developer's own checkout."""

import os
import shutil
import subprocess
from pathlib import Path

from . import apt
from .paths import CACHE, is_complete, mark_complete
from .say import Fail, run, step

RECIPE = 2
"""Raise it when the packages or what is done with them change."""

FROM_SID = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
FROM_STABLE = ("fonts-font-awesome", "fonts-inconsolata")
"""Those of sid have other file names than Odoo's links."""

UNPACKED = CACHE / "odoo-19"
SCRIPT = "usr/bin/odoo"


class Odoo:
    """Where Odoo's Python package and its addons are, and which Odoo it is."""

    def __init__(self):
        source = os.environ.get("ODOO_SRC")
        if source:
            self.python_path = Path(source).expanduser().resolve()
            self.version = f"{self.python_path} {commit(self.python_path)}"
        else:
            self.python_path = UNPACKED / "usr/lib/python3/dist-packages"
            self.version = "debian"
        package = self.python_path / "odoo"
        self.script = self.python_path / "odoo-bin" if source else UNPACKED / SCRIPT
        self.addons = [
            str(folder)
            for folder in (self.python_path / "addons", package / "addons")
            if folder.is_dir()
        ]

    def check(self):
        release = self.python_path / "odoo/release.py"
        if not release.is_file() or "19, 0" not in release.read_text():
            raise Fail(f"{self.python_path} is no checkout of Odoo 19: check ODOO_SRC.")


def commit(folder):
    """Commit of a checkout; empty when there is no git."""
    if not shutil.which("git"):
        return ""
    head = ["git", "-C", str(folder), "rev-parse", "--quiet", "--verify", "HEAD"]
    return subprocess.run(head, capture_output=True, text=True, check=False).stdout


def unpack():
    """Bring Odoo 19 into the cache, unless ODOO_SRC names one."""
    if os.environ.get("ODOO_SRC"):
        return
    if is_complete(UNPACKED, RECIPE):
        return
    if not shutil.which("apt-get"):
        raise Fail(
            "This needs Debian's apt-get. On another system, get Odoo 19 with git and "
            "set ODOO_SRC to its folder."
        )
    packages = [(name, "sid") for name in FROM_SID]
    packages += [(name, apt.STABLE) for name in FROM_STABLE]
    download(packages)
    temporary = UNPACKED.with_suffix(".partial")
    shutil.rmtree(temporary, ignore_errors=True)
    for package in packages:
        file = apt.downloaded(*package)
        step(f"Unpacking {file.name}")
        run(
            ["dpkg", "-x", file, temporary],
            problem=f"{file} is damaged. Delete it and run this again.",
        )
    mend(temporary)
    mark_complete(temporary, RECIPE)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    temporary.rename(UNPACKED)


def download(packages):
    """Bring the Debian packages into the cache that are not there yet."""
    missing = [package for package in packages if not apt.downloaded(*package)]
    if missing:
        lists = apt.Lists()
        lists.update()
    for number, (name, suite) in enumerate(missing, 1):
        step(f"Downloading {name} ({number} of {len(missing)})")
        lists.download(name, suite)


def mend(root):
    """Make the package whole without installing it: links into /usr/share become
    relative to the unpacked root, and the file that Debian left out is empty."""
    addons = root / "usr/lib/python3/dist-packages/odoo/addons"
    segmentation = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    segmentation.parent.mkdir(parents=True, exist_ok=True)
    segmentation.touch()
    dangling = []
    for link in (path for path in addons.rglob("*") if path.is_symlink()):
        target = Path(os.readlink(link))
        if target.is_absolute():
            link.unlink()
            link.symlink_to(
                os.path.relpath(root / target.relative_to("/"), link.parent)
            )
        if not link.exists() and not relink(link, root):
            dangling.append(str(link.relative_to(root)))
    scripts = [path for path in dangling if path.endswith(".js")]
    if scripts:
        raise Fail(
            "Odoo's package links to scripts that are in none of the packages. Get "
            "Odoo 19 with git and set ODOO_SRC to its folder.\n"
            + "\n".join(scripts[:5])
        )
    if dangling:
        step(f"Left out, as no package has it: {', '.join(dangling)}")


def relink(link, root):
    """Point a link to the file of that name in another folder: packages move them."""
    name = Path(os.readlink(link)).name
    found = sorted((root / "usr/share").rglob(name))
    if found:
        link.unlink()
        link.symlink_to(os.path.relpath(found[0], link.parent))
    return bool(found)
