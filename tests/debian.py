"""Unpack Debian's packages beside the other downloads, so that the system stays untouched."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_DOWNLOAD_SECONDS_MAX = 300


class NoPackageError(Exception):
    """A package cannot be had; the message says why."""


def unpack(packages: Sequence[str], target: Path, *, with_missing: bool = False) -> None:
    """Download packages of this machine's own release and unpack them into a folder, unless it is there already.

    `with_missing` also takes all that they depend on and this machine lacks.

    Raises:
        NoPackageError: apt or dpkg is missing, or cannot give them.

    """
    if target.is_dir():
        return
    missing = [tool for tool in ("apt-get", "dpkg") if shutil.which(tool) is None]
    if missing:
        raise NoPackageError(f"not on the PATH, and neither is {missing[0]} to fetch it")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        folder = Path(scratch)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "archives" / "partial").mkdir(parents=True)
        # As root apt would download as a user of its own, who may not write here.
        places = [f"-oDir::State::Lists={folder}/lists", f"-oDir::Cache={folder}", "-oAPT::Sandbox::User=root"]
        apt = ["apt-get", "-qq", *places]
        _run([*apt, "update"], folder)
        wanted = _with_missing(apt, packages, folder) if with_missing else packages
        _run([*apt, "download", *wanted], folder)
        for package in folder.glob("*.deb"):
            _run(["dpkg", "-x", str(package), str(folder / "root")], folder)
        if not target.is_dir():  # another run may have been faster
            (folder / "root").rename(target)


def _with_missing(apt: Sequence[str], packages: Sequence[str], folder: Path) -> list[str]:
    """Return the packages that an installation of these would bring; nothing is installed."""
    planned = _run([*apt, "--simulate", "--no-install-recommends", "install", *packages], folder)
    return [line.split()[1] for line in planned.splitlines() if line.startswith("Inst ")]


def _run(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            command, check=True, cwd=folder, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS_MAX
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
        said = str(failure.stderr or failure)[-2000:]
        raise NoPackageError(f"not on the PATH, and `{' '.join(command)}` failed: {said}") from failure
    return done.stdout
