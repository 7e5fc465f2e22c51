"""Dirt that is mended: whitespace in keys, ids, words and times, `null` as a text, other casing, unknown columns."""

from collections.abc import Callable
from typing import Final

from loyalty_stream.simulate.dirt import IMPLAUSIBLE_TIME, DirtyFields
from loyalty_stream.simulate.dirt import soil as soil_fields
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.open_loyalty.rows import Json

_IDS: Final = ("campaignExecutionId", "tenantId", "campaignId", "customerId", "transactionId")
_LABELS: Final = ("message", "warningMessage", "createdAt", "updatedAt", "executedAt")
_NONE: Final[frozenset[str]] = frozenset()
_FIELDS: Final = DirtyFields(_NONE, _NONE, _NONE, frozenset({*_IDS, *_LABELS, "executionStatus"}))


def _spaced(row: Json, names: tuple[str, ...], draw: Draw) -> bool:
    given = [name for name in names if row.get(name)]
    if not given:
        return False
    name = draw.pick(given)
    at = draw.between(0, len(row[name]))
    row[name] = f"{row[name][:at]} {row[name][at:]}"
    return True


def _id_whitespace(row: Json, draw: Draw) -> bool:
    return _spaced(row, _IDS, draw)


def _word_whitespace(row: Json, draw: Draw) -> bool:
    return _spaced(row, ("executionStatus",), draw)


def _label_whitespace(row: Json, draw: Draw) -> bool:
    given = [name for name in _LABELS if row.get(name)]
    name = draw.pick(given)
    row[name] = draw.pick((f" {row[name]}", f"{row[name]}\n", f" {row[name]}\t"))
    return True


def _null_text(row: Json, draw: Draw) -> bool:
    none = [name for name in (*_IDS, *_LABELS) if name in row and row[name] in {"", None}]
    if not none:
        return False
    row[draw.pick(none)] = "null"
    return True


def _casing(row: Json, draw: Draw) -> bool:
    row["executionStatus"] = draw.pick((row["executionStatus"].upper(), row["executionStatus"].title()))
    return True


def _column_of_nobody(row: Json, draw: Draw) -> bool:
    row["exportedBy"] = f"job-{draw.between(1, 9)}"
    return True


_KINDS: Final[tuple[tuple[str, Callable[[Json, Draw], bool]], ...]] = (
    ("id_whitespace", _id_whitespace),
    ("word_whitespace", _word_whitespace),
    ("label_whitespace", _label_whitespace),
    ("null_text", _null_text),
    ("casing", _casing),
    ("column_of_nobody", _column_of_nobody),
)
_KEY_WHITESPACE: Final = "key_whitespace"
KINDS: Final = (*(kind for kind, _ in _KINDS), _KEY_WHITESPACE, IMPLAUSIBLE_TIME)


def soil(row: Json, draw: Draw) -> tuple[Json, tuple[str, ...]]:
    """Return a dirty copy of a row and the kinds of dirt in it, at least one."""
    dirty = dict(row)
    wanted = {draw.pick(_KINDS)[0] for _ in range(draw.between(0, 2))}
    done = [kind for kind, apply in _KINDS if kind in wanted and apply(dirty, draw)]
    if done and draw.chance(0.7):
        return dirty, tuple(done)
    dirty, more = soil_fields(dirty, draw, _FIELDS)
    return dirty, (*done, *(kind for kind in more if kind not in done))
