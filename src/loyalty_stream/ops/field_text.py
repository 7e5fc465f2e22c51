"""Say in words what fields a struct has, as its readers get them."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from loyalty_stream.model.events import DerivedBody
from loyalty_stream.pipeline.avro import avro_type

_UNIONS: Final = frozenset({Union, UnionType})
_WORDS: Final = {"long": "integer", "timestamp-millis": "timestamp"}  # others say it as Avro does


def sentence(documented: object) -> str:
    """Return the first sentence of what a class or function says of itself, in the words of Avro and JSON."""
    text = " ".join((documented.__doc__ or "").split()).replace("None", "null")
    return text.partition(". ")[0].rstrip(".") + "."


def fields_text(struct: type[Struct]) -> str:
    """Return the fields of a struct with their types, but for `data`; a `?` marks those that may be null."""
    hints = get_type_hints(struct)
    return ", ".join(_field_text(name, hints[name]) for name in struct.__struct_fields__ if name != "data")


def parts_of(struct: type[Struct]) -> Iterator[type[Struct]]:
    """Yield the structs that a struct's fields hold, however deep, but for an envelope's data."""
    for hint in get_type_hints(struct).values():
        for arm in (hint, *get_args(hint)):
            if isinstance(arm, type) and issubclass(arm, Struct) and arm is not DerivedBody:
                yield arm
                yield from parts_of(arm)


def _field_text(name: str, hint: Any) -> str:  # noqa: ANN401 - any annotation of a field
    if get_origin(hint) in _UNIONS:
        given = next(arm for arm in get_args(hint) if arm is not type(None))
        return f"`{name}?` {_type_text(name, given)}"
    return f"`{name}` {_type_text(name, hint)}"


def _type_text(name: str, hint: Any) -> str:  # noqa: ANN401 - any annotation of a field
    if get_origin(hint) is Literal:
        return f"({', '.join(get_args(hint))})"
    if get_origin(hint) is tuple:
        return f"list of {_type_text(name, get_args(hint)[0])}"
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint.__name__
    schema = avro_type(hint, name).schema
    word = str(schema["logicalType"] if isinstance(schema, dict) else schema)
    return _WORDS.get(word, word)
