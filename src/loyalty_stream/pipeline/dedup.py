"""The dedup window: the last events of a row, each with the hash of its content and when it was first seen.

It is packed into bytes, 24 an entry and newest last, because it is written with every row. It is looked up by the
event's hash, at entry boundaries only.
"""

from struct import Struct as Packing
from typing import Final, NamedTuple

import msgspec
from xxhash import xxh3_64_digest

from loyalty_stream.model.events import CanonicalEvent

_ENTRY: Final = Packing(">8s8sq")
ENTRY_BYTES: Final = _ENTRY.size
_encode: Final = msgspec.msgpack.Encoder().encode


class Seen(NamedTuple):
    """An event that came before."""

    content: bytes
    first_seen_at: int


def event_hash(event: CanonicalEvent) -> bytes:
    """Return 8 bytes that stand for an event's idempotency key."""
    return xxh3_64_digest(event.source_key.encode())


def content_hash(event: CanonicalEvent) -> bytes:
    """Return 8 bytes that stand for what an event says, whenever and however often it is delivered.

    Only what is used of an event is its content; a vendor time that was not usable is not, as it stands for the
    delivery's own.
    """
    return xxh3_64_digest(_encode((event.occurred_at if event.vendor_timed else 0, event.body)))


def find(window: bytes, key: bytes) -> Seen | None:
    """Return what is known of the event of a hash, or None."""
    at = window.find(key)
    while at >= 0:
        if at % ENTRY_BYTES == 0:
            _, content, first_seen_at = _ENTRY.unpack_from(window, at)
            return Seen(content, first_seen_at)
        at = window.find(key, at + 1)
    return None


def remember(window: bytes, key: bytes, content: bytes, seen_at: int, entries_max: int) -> bytes:
    """Return the window with one more event, the oldest beyond `entries_max` forgotten."""
    kept = window[-(entries_max - 1) * ENTRY_BYTES :] if entries_max > 1 else b""
    return kept + _ENTRY.pack(key, content, seen_at)


def united(one: bytes, other: bytes, entries_max: int) -> bytes:
    """Return the window of both: the newest entries by when they were first seen, each event once.

    An event that both know by another content is known as `one` knows it.
    """
    entries = {entry[0]: entry for window in (other, one) for entry in _ENTRY.iter_unpack(window)}
    newest = sorted(entries.values(), key=lambda entry: (entry[2], entry[0]))[-entries_max:]
    return b"".join(_ENTRY.pack(*entry) for entry in newest)
