"""Find Prometheus and promtool: on the PATH, else in Debian's package, unpacked beside the other downloads."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

_CACHE = Path(__file__).parents[2] / ".cache" / "prometheus"
_PACKAGE = "prometheus"
_DOWNLOAD_SECONDS_MAX = 300
_INSTALL = (
    "Install Prometheus, with promtool, so that both are on the PATH (on Debian or Ubuntu: apt install prometheus)"
)


class NoPrometheusError(Exception):
    """Prometheus cannot be had; the message says why and what to install."""


class Programs(NamedTuple):
    """Where the server and its tool are."""

    prometheus: Path
    promtool: Path


def find_prometheus() -> Programs:
    """Return the programs; the first call on a machine that lacks them downloads 19 MB.

    Raises:
        NoPrometheusError: They are not on the PATH, and apt cannot give them.

    """
    on_path = [shutil.which(name) for name in Programs._fields]
    if all(on_path):
        return Programs(*(Path(found) for found in on_path if found))
    if not _CACHE.is_dir():
        _download()
    return Programs(*(_CACHE / "usr" / "bin" / name for name in Programs._fields))


def _download() -> None:
    """Unpack the package into the cache; apt keeps its lists there for the time, so that the system stays untouched."""
    missing = [tool for tool in ("apt-get", "dpkg") if shutil.which(tool) is None]
    if missing:
        raise NoPrometheusError(f"not on the PATH, and neither is {missing[0]} to fetch it. {_INSTALL}")
    _CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE.parent) as scratch:
        folder = Path(scratch)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "archives" / "partial").mkdir(parents=True)
        # As root apt would download as a user of its own, who may not write here.
        places = [f"-oDir::State::Lists={folder}/lists", f"-oDir::Cache={folder}", "-oAPT::Sandbox::User=root"]
        apt = ["apt-get", "-qq", *places]
        _run([*apt, "update"], folder)
        _run([*apt, "download", _PACKAGE], folder)
        for package in folder.glob("*.deb"):
            _run(["dpkg", "-x", str(package), str(folder / "root")], folder)
        if not _CACHE.is_dir():  # another run may have been faster
            (folder / "root").rename(_CACHE)


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS_MAX)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
        said = str(failure.stderr or failure)[-2000:]
        raise NoPrometheusError(f"not on the PATH, and `{' '.join(command)}` failed: {said}\n{_INSTALL}") from failure
