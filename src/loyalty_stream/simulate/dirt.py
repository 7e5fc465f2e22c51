"""Dirt that the repair layer mends, so that the right answer is that of the clean record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from loyalty_stream.simulate.draw import Draw

Json = dict[str, Any]
Place = tuple[Any, Any]  # an object or a list, and the key or index in it

IMPLAUSIBLE_TIME: Final = "implausible_time"  # the event's time is long past: the record's timestamp counts
_WHITESPACE: Final = (" ", " ", " ", " ", "  ", "\t")


def _no_more(_place: Place) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class DirtyFields:
    """What of a dialect's fields dirt falls on: the names of ids, labels and whole numbers, and keys to prefer.

    `more_ids` tells of places that hold an id under another name. `words` has the dirty spellings of closed words that
    stand where labels do, and `never_null` is the names whose null is not spelled as text.
    """

    ids: frozenset[str]
    labels: frozenset[str]
    integers: frozenset[str]
    keys_first: frozenset[str]
    more_ids: Callable[[Place], bool] = _no_more
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never_null: frozenset[str] = frozenset()


def _key_whitespace(places: list[Place], draw: Draw, fields: DirtyFields) -> bool:
    """Insert whitespace into one to three keys, most often into such as matter."""
    keyed = [place for place in places if isinstance(place[0], dict)]
    important = [place for place in keyed if place[1] in fields.keys_first]
    chosen: dict[int, tuple[Json, dict[str, str]]] = {}
    for _ in range(draw.between(1, 3)):
        parent, key = draw.pick(important if important and draw.chance(0.8) else keyed)
        at = draw.between(0, len(key))
        renamed = key[:at] + draw.pick(_WHITESPACE) + key[at:]
        chosen.setdefault(id(parent), (parent, {}))[1][key] = renamed
    for parent, renames in chosen.values():
        items = list(parent.items())
        parent.clear()
        parent.update((renames.get(key, key), value) for key, value in items)
    return True


def _float_integer(places: list[Place], draw: Draw, fields: DirtyFields) -> bool:
    """Write whole numbers as `1676.0`."""
    return _respell(_integers(places, fields), draw, lambda number: Decimal(f"{number}.0"))


def _text_number(places: list[Place], draw: Draw, fields: DirtyFields) -> bool:
    """Write amounts and whole numbers as text."""
    amounts = [place for place in places if isinstance(place[0][place[1]], Decimal)]
    return _respell(_integers(places, fields) + amounts, draw, str)


def _null_text(places: list[Place], draw: Draw, fields: DirtyFields) -> bool:
    """Write a null as the text `null`."""
    nulls = [place for place in places if place[0][place[1]] is None and place[1] not in fields.never_null]
    return _respell(nulls, draw, lambda _: "null")


def _id_whitespace(places: list[Place], draw: Draw, fields: DirtyFields) -> bool:
    """Insert whitespace into ids."""
    ids = [place for place in places if place[1] in fields.ids and isinstance(place[0][place[1]], str)]
    ids += [place for place in places if fields.more_ids(place)]

    def spaced(text: str) -> str:
        at = draw.between(1, len(text) - 1)
        return f"{text[:at]} {text[at:]}"

    return _respell(ids, draw, spaced)


def _label_whitespace(places: list[Place], draw: Draw, fields: DirtyFields) -> bool:
    """Put whitespace at the edges of labels, and inside closed words."""
    labels = [place for place in places if place[1] in fields.labels and isinstance(place[0][place[1]], str)]

    def edged(text: str) -> str:
        return draw.pick(fields.words.get(text) or (f" {text}", f"{text} ", f" {text} "))

    return _respell(labels, draw, edged)


def _integers(places: list[Place], fields: DirtyFields) -> list[Place]:
    return [place for place in places if place[1] in fields.integers and isinstance(place[0][place[1]], int)]


def _respell(places: list[Place], draw: Draw, spell: Callable[[Any], Any]) -> bool:
    """Spell up to four of the places anew; return false where there are none."""
    if not places:
        return False
    for _ in range(min(len(places), draw.between(1, 4))):
        parent, key = draw.take(places)
        parent[key] = spell(parent[key])
    return True


# In this order, keys last: the others look places up by their clean keys.
_KINDS: Final[tuple[tuple[str, Callable[[list[Place], Draw, DirtyFields], bool]], ...]] = (
    ("float_integer", _float_integer),
    ("text_number", _text_number),
    ("null_text", _null_text),
    ("id_whitespace", _id_whitespace),
    ("label_whitespace", _label_whitespace),
    ("key_whitespace", _key_whitespace),
)
KINDS: Final = (*(kind for kind, _ in _KINDS), IMPLAUSIBLE_TIME)


def soil(record: Json, draw: Draw, fields: DirtyFields) -> tuple[Json, tuple[str, ...]]:
    """Return a dirty copy of a record and the kinds of dirt in it, at least one."""
    copy: Json = _copy(record)
    wanted = {draw.pick(_KINDS)[0] for _ in range(draw.between(1, 3))}
    done: list[str] = []
    for kind, apply in _KINDS:
        if kind in wanted and apply(_places(copy), draw, fields):
            done.append(kind)
    if not done:
        _key_whitespace(_places(copy), draw, fields)
        done.append("key_whitespace")
    return copy, tuple(done)


def _copy(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value


def _places(record: Json) -> list[Place]:
    """Return every place in a record that dirt can fall on: HTTP headers are not the vendor's spelling."""
    places: list[Place] = []
    pending: list[Any] = [record]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(item for item in value if isinstance(item, dict))
            continue
        for key, item in value.items():
            places.append((value, key))
            if key != "headers" and isinstance(item, dict | list):
                pending.append(item)
    return places
