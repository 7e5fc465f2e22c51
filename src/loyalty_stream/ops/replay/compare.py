"""Find the first difference of two documents, or of two sequences of events. Pure."""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final, NamedTuple, TypeAlias

Document: TypeAlias = Mapping[str, Any]
ONLY_PRODUCTION: Final = "only production has it"
ONLY_SHADOW: Final = "only the shadow has it"
ORDER: Final = "another order"


class Entries(dict[str, Any]):
    """A document whose names are keys of a map, where any other's are names of fields."""


class Key(str):
    """A step of a path that is a key of a map, where any other text is the name of a field."""

    __slots__ = ()


Path: TypeAlias = tuple[str | int, ...]
"""From the outside in: names of fields, keys of maps, positions in lists."""


class Found(NamedTuple):
    """A difference: where, and what stands there in production and in the shadow; None also where nothing does."""

    path: Path
    live: Any
    shadow: Any


def first_difference(live: object, shadow: object, path: Path = ()) -> Found | None:
    """Return the first difference, in the order of production's fields, or None where there is none."""
    if live == shadow:
        return None
    if isinstance(live, dict) and isinstance(shadow, dict):
        step: type[str] = Key if isinstance(live, Entries) or isinstance(shadow, Entries) else str
        names = dict.fromkeys([*live, *shadow])
        parts: list[tuple[str | int, Any, Any]] = [(step(name), live.get(name), shadow.get(name)) for name in names]
    elif isinstance(live, list) and isinstance(shadow, list):
        pairs = zip_longest(live, shadow)
        parts = [(number, one, other) for number, (one, other) in enumerate(pairs)]
    else:
        return Found(path, live, shadow)
    for name, one, other in parts:
        found = first_difference(one, other, (*path, name))
        if found is not None:
            return found
    return Found(path, live, shadow)  # a field that is there and null, and one that is not


def first_event_difference(live: Sequence[Document], shadow: Sequence[Document]) -> Found | None:
    """Return where two sequences of events part: an event that only one has, another order, or a field.

    The path begins with the event's number, from 1, and its type; then comes what is wrong with it.
    """
    for number, (one, other) in enumerate(zip_longest(live, shadow), start=1):
        if one == other:
            continue
        if one is None or other is None or one["id"] != other["id"]:
            return _parted(number, one, other, live, shadow)
        found = first_difference(one, other, (number, one["type"]))
        if found is not None:
            return found
    return None


def _parted(
    number: int, one: Document | None, other: Document | None, live: Sequence[Document], shadow: Sequence[Document]
) -> Found:
    in_live, in_shadow = {event["id"] for event in live}, {event["id"] for event in shadow}
    if one is not None and one["id"] not in in_shadow:
        return Found((number, one["type"], ONLY_PRODUCTION), one["type"], None)
    if other is not None and other["id"] not in in_live:
        return Found((number, other["type"], ONLY_SHADOW), None, other["type"])
    first = one or other or {}
    return Found((number, first["type"], ORDER), one and one["type"], other and other["type"])


def path_text(path: Path, *, keys: bool) -> str:
    """Return a path as text, the keys of maps in it only where they are asked for."""
    return _text(path, lambda step: str(step) if keys or isinstance(step, int) else "…")


def kind_of(path: Path) -> str:
    """Return a path without keys and positions: the same for all differences of one kind."""
    return _text(path, lambda _: "…")


def _text(path: Path, shown: Callable[[str | int], str]) -> str:
    text = ""
    for step in path:
        if isinstance(step, (Key, int)):
            text += f"[{shown(step)}]"
        else:
            text += f".{step}" if text else step
    return text
