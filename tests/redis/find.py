"""Find Redis' server and client: on the PATH, else in Debian's packages, unpacked beside the other downloads."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.debian import NoPackageError, unpack

_CACHE = Path(__file__).parents[2] / ".cache" / "redis"
_PACKAGES = ("redis-server", "redis-tools", "libatomic1", "libjemalloc2", "liblzf1")
"""Both, and those of their libraries that few systems have."""
_NAMES = ("redis-server", "redis-cli")
_INSTALL = "Install Redis, so that redis-server and redis-cli are on the PATH (on Debian or Ubuntu: apt install redis)"


class NoRedisError(Exception):
    """Redis cannot be had; the message says why and what to install."""


class RedisPrograms(NamedTuple):
    """Where the server and its client are, and the environment that they need."""

    server: Path
    client: Path
    env: Mapping[str, str]


def find_redis() -> RedisPrograms:
    """Return the programs; the first call on a machine that lacks them downloads 1.5 MB.

    Raises:
        NoRedisError: They are not on the PATH, and apt cannot give them.

    """
    server, client = map(shutil.which, _NAMES)
    if server and client:
        return RedisPrograms(Path(server), Path(client), os.environ)
    try:
        unpack(_PACKAGES, _CACHE)
    except NoPackageError as failure:
        raise NoRedisError(f"{failure}. {_INSTALL}") from failure
    libraries = {str(library.parent) for library in _CACHE.rglob("*.so.*")}
    folder = _CACHE / "usr" / "bin"
    env = os.environ | {"LD_LIBRARY_PATH": ":".join(sorted(libraries))}
    return RedisPrograms(folder / _NAMES[0], folder / _NAMES[1], env)
