"""The codec of table rows: which state a row holds is told by the domain in its key, and how it is laid out by itself.

A row of an earlier version is read as one of this version's: its state is upgraded a version at a time, and written as
this version does when the row is written next. A row of a later version is never touched.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Upgrade
from loyalty_stream.model.row import Row
from loyalty_stream.pipeline.internal import INTERNAL_STATES, INTERNAL_UPGRADES, INTERNAL_VERSIONS

AnyRow = Row[Any]  # a row of whichever domain
_encode: Final = msgspec.msgpack.Encoder().encode
_decode_plain: Final = msgspec.msgpack.Decoder().decode


class _Kind(NamedTuple):
    """How the rows of one kind are read."""

    version: int
    mark: bytes  # the version as a row has it
    upgrades: Mapping[int, Upgrade]
    decode: Callable[[bytes], AnyRow]
    decode_state: Callable[[bytes], Any]


def _kind(state: Any, version: int, upgrades: Mapping[int, Upgrade]) -> _Kind:  # noqa: ANN401 - a type of any domain's
    decoder, state_decoder = msgspec.msgpack.Decoder(Row[state]), msgspec.msgpack.Decoder(state)
    return _Kind(version, _encode(version), upgrades, decoder.decode, state_decoder.decode)


_KINDS: Final[dict[bytes, _Kind]] = {
    domain.name.encode(): _kind(domain.state_type, domain.state_version, domain.upgrades) for domain in DOMAINS
} | {
    name.encode(): _kind(state, INTERNAL_VERSIONS[name], INTERNAL_UPGRADES.get(name, {}))
    for name, state in INTERNAL_STATES.items()
}
STATE_VERSIONS: Final[dict[str, int]] = {name.decode(): kind.version for name, kind in _KINDS.items()}
"""The version in which this version writes each kind of state."""


class RowVersionError(ValueError):
    """Say that a row was written by a version that this one cannot read."""


def newer(kind: str, version: int, known: int) -> str:
    """Return what to tell where a state is of a later version than is known."""
    return (
        f"a newer version of loyalty-stream has written the state: {kind} in version {version}, and this one reads "
        f"{kind} up to {known}. Start the newer version, or rebuild the state with this one under another app id "
        "(loyalty-stream replay --help)"
    )


def decode_row(key: bytes, encoded: bytes) -> AnyRow:
    """Return the row of a key; raise RowVersionError for a layout that this version does not know."""
    name = key.partition(b"|")[0]
    kind = _KINDS.get(name)
    if kind is None:
        raise RowVersionError(f"the table holds a row of the domain {name.decode()!r}, which this version lacks")
    if encoded[1:2] == kind.mark:  # behind one byte that says how many fields a row has
        return kind.decode(encoded)
    version, seq, window, state, *rest = _decode_plain(encoded)
    state = _upgraded(name.decode(), kind, version, state)
    return kind.decode(_encode([kind.version, seq, window, state, *rest]))


def encode_row(row: AnyRow) -> bytes:
    """Return a row as the table holds it."""
    return _encode(row)


def decode_state(name: str, version: int, encoded: bytes) -> Any:  # noqa: ANN401 - a state of any domain's
    """Return a state without its row; raise RowVersionError for a layout that this version does not know."""
    kind = _KINDS[name.encode()]
    if version == kind.version:
        return kind.decode_state(encoded)
    return kind.decode_state(_encode(_upgraded(name, kind, version, _decode_plain(encoded))))


def encode_state(row: AnyRow) -> bytes:
    """Return a row's state without the row."""
    return _encode(row.state)


def _upgraded(name: str, kind: _Kind, version: int, state: Any) -> Any:  # noqa: ANN401 - plain lists and mappings
    if version > kind.version:
        raise RowVersionError(newer(name, version, kind.version))
    for earlier in range(version, kind.version):
        state = kind.upgrades[earlier](state)
    return state
