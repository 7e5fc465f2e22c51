"""Know at the start which versions of state a partition's table may hold: each commit tells them with its offset.

Where all are the first, as most are, nothing is told. A worker of an earlier version stops before it touches a row.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from loyalty_stream.model.row import ROW_VERSION
from loyalty_stream.pipeline.table import newer
from loyalty_stream.runtime.failure import WorkerStopped

_MARK: Final = "states/"


def dump_versions(versions: Mapping[str, int]) -> str:
    """Return versions by kind of state as the end of an offset's metadata."""
    told = ",".join(f"{kind}={version}" for kind, version in sorted(versions.items()) if version != ROW_VERSION)
    return f" {_MARK}{told}" if told else ""


def load_versions(metadata: str | None) -> dict[str, int]:
    """Return the versions that `dump_versions` put at the end of an offset's metadata."""
    for word in (metadata or "").rstrip("\0").split():
        if word.startswith(_MARK):
            pairs = (part.partition("=") for part in word.removeprefix(_MARK).split(","))
            return {kind: int(version) for kind, _, version in pairs}
    return {}


def check_versions(written: Iterable[Mapping[str, int]], known: Mapping[str, int]) -> None:
    """Return where all that was written can be read.

    Raises:
        WorkerStopped: A newer version was at work; the text says what to do.

    """
    for versions in written:
        for kind, version in versions.items():
            if version > known.get(kind, 0):
                raise WorkerStopped(newer(kind, version, known.get(kind, 0)))
