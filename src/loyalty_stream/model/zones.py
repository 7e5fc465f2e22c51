"""Time zones by their IANA name, the same ones on every machine.

They are read from the `tzdata` package rather than from the system: a container without zone data works, and no two
workers of one release disagree about an offset, so that a replay gives the same instants anywhere.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from loyalty_stream.model.reasons import DeadLetterReason

_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII)


class ZoneError(ValueError):
    """Say that a text names no time zone."""

    reason = DeadLetterReason.WRONG_TYPE


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name as `Europe/Warsaw`; raise ZoneError where there is none."""
    if not _NAME.fullmatch(name):
        raise ZoneError("not the name of a time zone: it is written as Europe/Warsaw or UTC")
    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as zone:
            return ZoneInfo.from_file(zone, key=name)
    except (OSError, ValueError):  # no such file, a folder, or a file of the package that is no zone
        raise ZoneError("no time zone of the IANA database has that name") from None
