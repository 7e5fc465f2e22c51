"""What a wire struct looks like to the slow path: compiled once from its annotations."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Final, Union, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

from loyalty_stream.sources.wire import Kind


class Field(Struct, frozen=True):
    """One field of a wire struct: its key, its kind or the struct within, and whether it must be there."""

    key: str
    required: bool
    kind: Kind | None = None
    inner: type[Struct] | None = None
    many: bool = False


Shape = dict[str, Field]
_ONCE: Final = frozenset({Kind.IDENTIFIER, Kind.AMOUNT, Kind.NUMBER, Kind.MOMENT, Kind.GIVEN_MOMENT})
_UNIONS: Final = frozenset({Union, UnionType})


@cache
def shape_of(struct: type[Struct]) -> Shape:
    """Return the fields of a wire struct by their key in the vendor's JSON."""
    hints = get_type_hints(struct, include_extras=True)
    return {
        field.encode_name: _field(field.encode_name, hints[field.name], required=field.required)
        for field in fields(struct)
    }


def keys_once(struct: type[Struct]) -> list[str]:
    """Return the keys of a wire struct's ids and numbers, of single structs within it too, that may stand but once.

    `id` is no such key: what we ignore is full of them. Each key costs half a microsecond a record to look for, so that
    texts, lists and whole objects are not among them.
    """
    within = Counter(keys_within(struct))
    return [key for key in _single(struct) if within[key] == 1]


def keys_within(struct: type[Struct]) -> Iterator[str]:
    """Yield each key of a wire struct and of all structs within it."""
    for key, field in shape_of(struct).items():
        yield key
        if field.inner is not None:
            yield from keys_within(field.inner)


def _single(struct: type[Struct]) -> Iterator[str]:
    for key, field in shape_of(struct).items():
        if field.kind in _ONCE and not field.many and key != "id":
            yield key
        if field.inner is not None and not field.many:
            yield from _single(field.inner)


def _field(key: str, hint: object, *, required: bool) -> Field:
    if get_origin(hint) is Annotated:
        return Field(key, required, kind=next(word for word in get_args(hint) if isinstance(word, Kind)))
    if get_origin(hint) in _UNIONS:
        given = next(arm for arm in get_args(hint) if arm is not type(None))
        return _field(key, given, required=required)
    if get_origin(hint) is list:
        inner = _field(key, get_args(hint)[0], required=required)
        return Field(key, required, kind=inner.kind, inner=inner.inner, many=True)
    if hint is date:
        return Field(key, required, kind=Kind.DAY)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return Field(key, required, inner=hint)
    raise TypeError(f"{key}: a wire struct's field has no kind: {hint!r}")
