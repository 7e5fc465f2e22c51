"""Find Chromium: on the PATH, else in Debian's packages, unpacked beside the other downloads."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.debian import NoPackageError, unpack

_CACHE = Path(__file__).parents[2] / ".cache" / "chromium"
_PACKAGE = "chromium"
_FONTS = "fonts-inter"
_INSTALL = "Install Chromium, so that chromium is on the PATH (on Debian: apt install chromium)"


class NoChromiumError(Exception):
    """Chromium cannot be had; the message says why and what to install."""


class ChromiumProgram(NamedTuple):
    """Where it is, and the environment that it needs."""

    path: Path
    env: Mapping[str, str]


def find_chromium() -> ChromiumProgram:
    """Return the program; the first call on a machine that lacks it downloads 100 MB.

    Raises:
        NoChromiumError: It is not on the PATH, and apt cannot give it.

    """
    on_path = shutil.which(_PACKAGE)
    if on_path:
        return ChromiumProgram(Path(on_path), os.environ)
    try:
        unpack([_PACKAGE, _FONTS], _CACHE, with_missing=True)
    except NoPackageError as failure:
        raise NoChromiumError(f"{failure}. {_INSTALL}") from failure
    libraries = {str(library.parent) for library in (_CACHE / "usr" / "lib").rglob("*.so*")}
    # Its fonts lie where the page's own font is found: pictures look the same wherever they are made.
    env = os.environ | {"LD_LIBRARY_PATH": ":".join(sorted(libraries)), "XDG_DATA_HOME": str(_CACHE / "usr" / "share")}
    return ChromiumProgram(_CACHE / "usr" / "lib" / "chromium" / "chromium", env)
