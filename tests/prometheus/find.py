"""Find Prometheus and promtool: on the PATH, else in Debian's package, unpacked beside the other downloads."""

import shutil
from pathlib import Path
from typing import NamedTuple

from tests.debian import NoPackageError, unpack

_CACHE = Path(__file__).parents[2] / ".cache" / "prometheus"
_PACKAGE = "prometheus"
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
    try:
        unpack([_PACKAGE], _CACHE)
    except NoPackageError as failure:
        raise NoPrometheusError(f"{failure}. {_INSTALL}") from failure
    return Programs(*(_CACHE / "usr" / "bin" / name for name in Programs._fields))
