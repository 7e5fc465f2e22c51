"""Compare the tables of two sides, as their changelogs end."""

from collections.abc import Sequence
from struct import Struct as Packing
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops.replay.answers import Answers
from loyalty_stream.ops.replay.compare import Document, Entries, first_difference
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.report import Report
from loyalty_stream.ops.replay.spill import LIVE, SHADOW, Spill, spill
from loyalty_stream.ops.spans import read_spans, spans_of
from loyalty_stream.pipeline.dedup import ENTRY_BYTES
from loyalty_stream.pipeline.internal import MEMBERS, OF_PROGRAMS
from loyalty_stream.pipeline.table import RowVersionError, decode_row
from loyalty_stream.runtime.settings import Settings

_HEAD: Final = Packing(">IQI?")  # the changelog's partition and offset, the key's size, whether there is a row

_TOPICS: Final = {domain.name: f"derived.{domain.topic_name}" for domain in DOMAINS}


class _Row(NamedTuple):
    """A row as the changelog has it last; `encoded` None where it was deleted."""

    partition: int
    offset: int
    key: bytes
    encoded: bytes | None

    def pack(self) -> bytes:
        head = _HEAD.pack(self.partition, self.offset, len(self.key), self.encoded is not None)
        return head + self.key + (self.encoded or b"")

    @classmethod
    def unpack(cls, packed: bytes) -> "_Row":
        partition, offset, size, there = _HEAD.unpack_from(packed)
        key, value = packed[_HEAD.size : _HEAD.size + size], packed[_HEAD.size + size :]
        return cls(partition, offset, key, value if there else None)


class Tables(NamedTuple):
    """Whose tables, and which rows of them: `kinds` None for all, `key` None for all."""

    live: Settings
    shadow: Settings
    kinds: frozenset[str] | None
    key: str | None


def compare_rows(tables: Tables, changelog_ends: Sequence[int] | None, report: Report) -> None:
    """Compare the newest rows; where production has gone on, one that it has written since and that differs is counted.

    `changelog_ends` are the offsets from which on that is so, by partition, or None where it has not gone on.
    """
    answers = Answers()
    with spill() as spilled:
        _read(tables, tables.live, LIVE, spilled)
        _read(tables, tables.shadow, SHADOW, spilled)
        for both in spilled.by_key():
            live, shadow = (_Row.unpack(values[0]) if values else None for values in both)
            went_on = changelog_ends is not None and _may_be_newer(live, shadow, changelog_ends)
            _compare(live, shadow, report, answers, went_on=went_on)
    answers.settle(report)


def _may_be_newer(live: _Row | None, shadow: _Row | None, changelog_ends: Sequence[int]) -> bool:
    """Tell whether production has written a row since; of a programme's, it has none where it came to nothing since."""
    if live is not None:
        return live.offset >= changelog_ends[live.partition]
    return shadow is not None and shadow.key.decode().partition("|")[0] in OF_PROGRAMS


def _read(tables: Tables, side: Settings, number: int, spilled: Spill) -> None:
    spans = spans_of(side, side.changelog_topic, range(side.partitions), settled=True)
    for messages in read_spans(side, spans):
        for message in messages:
            key = message.key() or b""
            kind, _, entity = key.decode().partition("|")
            if (tables.kinds is None or kind in tables.kinds) and tables.key in {None, entity}:
                row = _Row(message.partition() or 0, message.offset() or 0, key, message.value())
                # Of erased customers' balances, and of a programme's, each partition keeps a row of the same key.
                spilled.put(number, b"%d|%b" % (row.partition, key), row.pack())


def _compare(live: _Row | None, shadow: _Row | None, report: Report, answers: Answers, *, went_on: bool) -> None:
    encoded = None if live is None else live.encoded
    other = None if shadow is None else shadow.encoded
    if encoded is None and other is None:
        return
    report.rows += 1
    key = (live or shadow or _Row(0, 0, b"", None)).key
    kind, _, entity = key.decode().partition("|")
    if encoded == other and not Answers.may_be_in(kind):
        return
    document = _document(key, encoded)
    another = document if encoded == other else _document(key, other)
    answers.note(kind, LIVE, document)
    answers.note(kind, SHADOW, another)
    found = first_difference(document, another)
    if found is None:
        return
    if went_on:
        report.rows_moved_on += 1
        return
    if answers.is_lacking(kind, entity, document, another):
        return
    if _is_reordered(kind, entity, report):
        report.rows_reordered += 1
        return
    report.add(f"table {kind}", entity, found)


def _is_reordered(kind: str, entity: str, report: Report) -> bool:
    """Tell whether events came in another order, as they may: of this key, or of a customer whom totals add up."""
    if kind not in OF_PROGRAMS:
        return (_TOPICS.get(kind), entity) in report.reordered
    topic, organisation = _TOPICS["tiers" if kind == MEMBERS else "points"], entity.split(":", 2)[:2]
    return any(place == topic and key.split(":", 2)[:2] == organisation for place, key in report.reordered)


def _document(key: bytes, encoded: bytes | None) -> Document | None:
    """Return a row with names: first what it says, then how it came about."""
    if encoded is None:
        return None
    try:
        row = decode_row(key, encoded)
    except RowVersionError as error:
        raise ReplayError(str(error)) from error
    size = ENTRY_BYTES
    # Of events from two partitions the order of arrival is nobody's (ADR 8), and the window's says nothing else.
    window = sorted(row.window[at : at + size].hex() for at in range(0, len(row.window), size))
    return {
        "state": _readable(row.state),
        "moved_to": row.moved_to,
        "waits": row.waits,
        "seq": row.seq,
        "events_seen": len(window),
        "window": window,
    }


def _readable(value: object) -> Any:  # noqa: ANN401 - a JSON document
    if isinstance(value, Struct):
        return {name: _readable(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return Entries((str(key), _readable(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [_readable(item) for item in value]
    return msgspec.to_builtins(value)
