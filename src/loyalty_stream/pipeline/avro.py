"""Avro for our own structs: one walk over a struct's annotations gives its schema and a compiled writer.

A general library encodes one derived event in about 34 us of CPU, most of it in decimals and in finding the union's
branch; the compiled writer takes about a tenth of that. Schemas, fingerprints and all reading stay with fastavro, and
the tests read back with fastavro whatever is written here (ADR 0005).

Compiled means: for each struct a Python function is made whose one expression joins the bytes of all fields. Values
that recur (names, programmes, amounts, dates) are written once and kept, in tables of bounded size.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import fields as fields_of

from loyalty_stream.model.amounts import SCALE

T = TypeVar("T")
Schema = str | dict[str, Any] | list[Any]  # a JSON document
Write = Callable[[Any], bytes]  # of a value of whatever type it was compiled for

NAMESPACE: Final = "loyalty_stream"
PRECISION: Final = 38
KEPT_MAX: Final = 65_536
_EPOCH: Final = date(1970, 1, 1).toordinal()
_PAIR: Final = (1 << 14) - 1  # two bytes of seven bits
_CONTINUED: Final = tuple(bytes([pair & 0x7F | 0x80, pair >> 7 | 0x80]) for pair in range(_PAIR + 1))
_LAST: Final = tuple(
    bytes([pair]) if pair < 0x80 else bytes([pair & 0x7F | 0x80, pair >> 7])  # noqa: PLR2004 - one byte's seven bits
    for pair in range(_PAIR + 1)
)
_LENGTHS: Final = _LAST[::2]  # lengths are not negative: zigzag doubles them
_UNIONS: Final = frozenset({Union, UnionType})
_UNIQUE: Final = frozenset(  # fields whose values seldom recur: to keep them would cost more than to write them
    {
        "id",
        "event_id",
        "key",
        "customer_id",
        "customer_id_hash",
        "survivor_customer_id",
        "victim_customer_id",
        "from_customer_id",
        "to_customer_id",
        "transfer_id",
        "lot_id",
        "reference",
        "coupon_id",
        "code_hash",
        "coupon_code_hash",
        "card_number_hash",
        "request_id",
        "issual_id",
        "earned_id",
        "earn_id",
        "transaction_id",
        "source_key",
    }
)


class AvroType(NamedTuple):
    """How a Python type is written: its schema, and the Python expression that writes `{0}`."""

    schema: Schema
    expression: str


class Kept(dict[T, bytes], Generic[T]):
    """What values are written as; a value not met before is written and kept, all are dropped when there are many."""

    def __init__(self, write: Callable[[T], bytes]) -> None:
        """Start with nothing kept."""
        super().__init__()
        self._write = write

    def __missing__(self, value: T) -> bytes:
        """Write a value and keep it."""
        if len(self) >= KEPT_MAX:
            self.clear()
        written = self[value] = self._write(value)
        return written


def varint(number: int) -> bytes:
    """Return a number as Avro writes ints and longs: zigzag, seven bits a byte, here two bytes at a time."""
    number = (number << 1) ^ (number >> 63)
    if number <= _PAIR:
        return _LAST[number]
    out = _CONTINUED[number & _PAIR]
    number >>= 14
    while number > _PAIR:
        out += _CONTINUED[number & _PAIR]
        number >>= 14
    return out + _LAST[number]


def write_bytes(value: bytes) -> bytes:
    """Return bytes as Avro writes them."""
    length = len(value)
    return (_LENGTHS[length] if length < len(_LENGTHS) else varint(length)) + value


def write_string(text: str) -> bytes:
    """Return a string as Avro writes it."""
    return write_bytes(text.encode())


def write_decimal(amount: Decimal) -> bytes:
    """Return a decimal as Avro writes it: its unscaled integer, big-endian, at the scale of every amount here."""
    unscaled = int(amount.scaleb(SCALE))
    return write_bytes(unscaled.to_bytes((unscaled.bit_length() >> 3) + 1, "big", signed=True))


def write_date(day: date) -> bytes:
    """Return a date as Avro writes it: days since 1970."""
    return varint(day.toordinal() - _EPOCH)


def avro_type(hint: Any, name: str = "") -> AvroType:  # noqa: ANN401 - any annotation of a field
    """Return how the type of an annotation is written; `name` is the field's, which tells moments from numbers."""
    if get_origin(hint) in _UNIONS:
        return _nullable(hint, name)
    if get_origin(hint) is tuple:
        return _array(avro_type(get_args(hint)[0]), name)
    if get_origin(hint) is Literal or hint in _SCALARS:
        return _scalar(hint, name)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return record(hint)
    raise TypeError(f"{name}: no Avro type for {hint!r}")


def record(struct: type[Struct], **fields: AvroType) -> AvroType:
    """Return how a struct is written; `fields` replaces the type of a field, as of an envelope's `data`."""
    hints = get_type_hints(struct)
    types = {name: fields.get(name) or avro_type(hints[name], name) for name in struct.__struct_fields__}
    schema = {
        "type": "record",
        "name": struct.__name__,
        "doc": (struct.__doc__ or "").strip().split("\n")[0],
        "fields": [
            {"name": name, "type": typed.schema, **_default(struct, name, typed.schema)}
            for name, typed in types.items()
        ],
    }
    written = ", ".join(typed.expression.format(f"value.{name}") for name, typed in types.items())
    return AvroType(schema, _define(struct.__name__, f"b''.join(({written},))"))


def union_of_records(structs: tuple[type[Struct], ...]) -> AvroType:
    """Return how a value of one of several structs is written: the branch's place, then the record."""
    records = [record(struct) for struct in structs]
    branches = {
        struct: writer(AvroType("", f"{varint(place)!r} + {typed.expression}"))
        for place, (struct, typed) in enumerate(zip(structs, records, strict=True))
    }
    name = f"branches_{len(_CODE)}"
    _CODE[name] = branches
    return AvroType([typed.schema for typed in records], f"{name}[type({{0}})]({{0}})")


def writer(typed: AvroType) -> Write:
    """Return the function that writes a value of a type."""
    write: Write = _CODE[_define("value", typed.expression.format("value")).partition("(")[0]]
    return write


def named_once(schema: Schema, seen: set[str] | None = None) -> Schema:
    """Return a schema in which each named type is defined where it first stands and named from there on."""
    seen = set() if seen is None else seen
    if isinstance(schema, list):
        return [named_once(part, seen) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "record":
        if schema["name"] in seen:
            return str(schema["name"])
        seen.add(schema["name"])
        return {**schema, "fields": [{**part, "type": named_once(part["type"], seen)} for part in schema["fields"]]}
    if schema.get("type") == "array":
        return {**schema, "items": named_once(schema["items"], seen)}
    return schema


def _scalar(hint: Any, name: str) -> AvroType:  # noqa: ANN401 - any scalar's annotation
    if hint is int and name.endswith(("_at", "_till", "_on", "valid_from", "valid_to")):
        return AvroType({"type": "long", "logicalType": "timestamp-millis"}, "varint({0})")
    if hint is str and name in _UNIQUE:
        return AvroType("string", "write_string({0})")
    return _SCALARS.get(hint, _SCALARS[str])


def _nullable(hint: Any, name: str) -> AvroType:  # noqa: ANN401 - any union with None
    given = avro_type(next(arm for arm in get_args(hint) if arm is not type(None)), name)
    return AvroType(["null", given.schema], f"(b'\\0' if {{0}} is None else b'\\2' + {given.expression})")


def _array(item: AvroType, name: str) -> AvroType:
    each = item.expression.format("each")
    expression = f"varint(len(value)) + b''.join([{each} for each in value]) + b'\\0' if value else b'\\0'"
    return AvroType({"type": "array", "items": item.schema}, _define(name, expression))


def _default(struct: type[Struct], name: str, schema: Schema) -> dict[str, str | None]:
    """Return the default of a field for readers of events that were written before it was added."""
    if _is_nullable(schema):
        return {"default": None}
    default = next(field.default for field in fields_of(struct) if field.name == name)
    return {"default": default} if isinstance(default, str) else {}


def _is_nullable(schema: Schema) -> bool:
    return isinstance(schema, list) and schema[0] == "null"


def _define(name: str, expression: str) -> str:
    """Define a function of one value and return the expression that calls it; all code is made from our own structs."""
    function = f"write_{name}_{len(_CODE)}"
    exec(f"def {function}(value): return {expression}", _CODE)  # noqa: S102 - as dataclasses and namedtuples do
    return f"{function}({{0}})"


# What compiled code may name: the writers, and the functions that are defined one after the other.
_CODE: Final[dict[str, Any]] = {
    "varint": varint,
    "write_string": write_string,
    "write_bytes": write_bytes,
    "string": Kept(write_string),
    "decimal": Kept[str](lambda text: write_decimal(Decimal(text))),  # a decimal's own hash costs more than its text
    "day": Kept(write_date),
}
_SCALARS: Final[dict[Any, AvroType]] = {
    str: AvroType("string", "string[{0}]"),
    int: AvroType("long", "varint({0})"),
    bool: AvroType("boolean", "(b'\\1' if {0} else b'\\0')"),
    bytes: AvroType("bytes", "write_bytes({0})"),
    Decimal: AvroType(
        {"type": "bytes", "logicalType": "decimal", "precision": PRECISION, "scale": SCALE},
        "(decimal[str({0})] if {0} else b'\\2\\0')",
    ),
    date: AvroType({"type": "int", "logicalType": "date"}, "day[{0}]"),
}
