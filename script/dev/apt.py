"""Debian packages: installing some as root, unpacking others without any rights."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .paths import CACHE
from .say import Fail, as_root, run, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
STABLE = "bookworm"
DEBS = CACHE / "debs"


def install(packages, *, reason):
    """Install packages for the whole machine.

    :raise Fail: the user is not root, or the packages cannot be had
    """
    names = " ".join(packages)
    if not as_root():
        raise Fail(f"{reason}\nAsk an administrator to run: apt-get install {names}")
    if not shutil.which("apt-get"):
        raise Fail(f"{reason}\nInstall {names} with your package manager.")
    step(f"Installing {names}")
    offline = "The package could not be installed. Is this machine online?"
    env = os.environ | {
        "DEBIAN_FRONTEND": "noninteractive",
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    }
    run(["apt-get", "update", "-qq"], problem=offline, env=env)
    run(
        [
            *("apt-get", "install", "-y", "-qq", "--no-install-recommends"),
            "-oDPkg::Lock::Timeout=300",
            *packages,
        ],
        problem=offline,
        daemon=True,
        env=env,
    )


def mirror():
    """Address of the Debian archive that this machine uses."""
    for path in sorted(Path("/etc/apt").glob("sources.list.d/*.sources")):
        for block in re.split(r"\n\s*\n", path.read_text()):
            fields = dict(re.findall(r"^([\w-]+):\s*(.*)$", block, re.MULTILINE))
            for uri in fields.get("URIs", "").split():
                if is_archive(uri, fields.get("Suites", "")):
                    return uri
    paths = [
        Path("/etc/apt/sources.list"),
        *Path("/etc/apt").glob("sources.list.d/*.list"),
    ]
    for path in filter(Path.is_file, paths):
        for line in path.read_text().splitlines():
            match = re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)", line.strip())
            if match and is_archive(*match.groups()):
                return match[1]
    raise Fail(
        "No Debian mirror was found in /etc/apt. On another system, get Odoo 19 with "
        "git and set ODOO_SRC to its folder."
    )


def is_archive(uri, suites):
    """``uri`` ends so too where apt reads a list of mirrors, as in cloud images."""
    return uri.rstrip("/").endswith(("/debian", "/debian.list")) and (
        "security" not in suites
    )


def downloaded(package, suite):
    """Path of a package in the cache, or None."""
    found = sorted((DEBS / suite).glob(f"{package}_*.deb"))
    return found[-1] if found else None


class Lists:
    """Package lists of sid and stable in the cache, apart from the machine's own."""

    def __init__(self):
        self.folder = CACHE / "apt"
        for part in ("lists/partial", "archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={KEYRING}] " if KEYRING.is_file() else ""
        (self.folder / "sources").write_text(
            "".join(f"deb {signed}{mirror()} {s} main\n" for s in ("sid", STABLE))
        )
        self.options = [
            f"-oDir::State::Lists={self.folder / 'lists'}",
            f"-oDir::Cache={self.folder}",
            # Container images turn off the cache of the lists.
            "-oDir::Cache::pkgcache=pkgcache.bin",
            "-oDir::Cache::srcpkgcache=srcpkgcache.bin",
            f"-oDir::Etc::sourcelist={self.folder / 'sources'}",
            "-oDir::Etc::sourceparts=/dev/null",
            "-oAPT::Sandbox::User=",
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=3",
        ]

    def update(self):
        step("Reading Debian's package lists")
        run(
            [
                "apt-get",
                *self.options,
                "update",
                "-qq",
                "-oAPT::Update::Error-Mode=any",
            ],
            problem="The package lists could not be read. Is this machine online?",
        )

    def download(self, package, suite):
        """Download one package; what is in its folder is whole."""
        partial = DEBS / suite / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            run(
                ["apt-get", *self.options, "download", "-qq", f"{package}/{suite}"],
                problem=f"{package} could not be downloaded. Is this machine online?",
                cwd=partial,
            )
        except Fail:
            self.check_known(package, suite)
            raise
        [file] = partial.glob("*.deb")
        file.rename(DEBS / suite / file.name)

    def check_known(self, package, suite):
        shown = subprocess.run(
            ["apt-cache", *self.options, "madison", package],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        ).stdout
        if f" {suite}/" not in shown:
            raise Fail(
                f"Debian's {suite} no longer has the package {package}. Get Odoo 19 "
                "with git and set ODOO_SRC to its folder."
            )
