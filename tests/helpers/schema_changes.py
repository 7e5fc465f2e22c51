"""Changes of a schema, each with whether what was written before can still be read."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

Json = Mapping[str, Any]

DECIMAL: Final = {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 9}
MOMENT: Final = {"type": "long", "logicalType": "timestamp-millis"}


def record(name: str, **fields: object) -> dict[str, Any]:
    """A record schema; a field given as (type, default) has that default."""
    return {
        "type": "record",
        "name": name,
        "fields": [
            {"name": field, "type": of[0], "default": of[1]} if isinstance(of, tuple) else {"name": field, "type": of}
            for field, of in fields.items()
        ],
    }


EARNED, SPENT = record("Earned", amount=DECIMAL), record("Spent", amount=DECIMAL)
COLOUR: Final = {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}
FIELDS: Final[Json] = {
    "id": "string",
    "count": "int",
    "at": MOMENT,
    "balance": DECIMAL,
    "note": (["null", "string"], None),
    "colour": COLOUR,
    "tags": {"type": "array", "items": "string"},
    "data": [EARNED, SPENT],
}
BEFORE: Final = record("Event", **FIELDS)


class Change(NamedTuple):
    """A schema after a change.

    `readable` is what we say; `registry` what a registry does, which knows nothing of logical types.
    """

    name: str
    after: dict[str, Any]
    readable: bool
    registry: bool


def _change(name: str, *, readable: bool, registry: bool | None = None, **fields: object) -> Change:
    changed = {field: of for field, of in {**FIELDS, **fields}.items() if of is not None}
    return Change(name, record("Event", **changed), readable, readable if registry is None else registry)


def _colour(*symbols: str, **more: str) -> Json:
    return {**COLOUR, "symbols": list(symbols), **more}


CHANGES: Final = [
    _change("nothing", readable=True),
    _change("field added with a default", shop=("string", ""), readable=True),
    _change("field added that may be null", shop=(["null", "string"], None), readable=True),
    _change("field added without a default", shop="string", readable=False),
    _change("field removed", count=None, readable=True),
    _change("field renamed without an alias", id=None, event_id="string", readable=False),
    _change("int promoted to long", count="long", readable=True),
    _change("int promoted to double", count="double", readable=True),
    _change("int become a text", count="string", readable=False),
    _change("text become a number", id="long", readable=False),
    _change("text that may be null", id=["null", "string"], readable=True),
    _change("text that may no longer be null", note="string", readable=False),
    _change("items of another type", tags={"type": "array", "items": "long"}, readable=False),
    _change("enum symbol added", colour=_colour("RED", "BLUE", "GREEN"), readable=True),
    _change("enum symbol removed", colour=_colour("RED"), readable=False),
    _change("enum symbols reordered", colour=_colour("BLUE", "RED"), readable=True),
    _change("union branch added", data=[EARNED, SPENT, record("Expired", amount=DECIMAL)], readable=True),
    _change("union branch removed", data=[EARNED], readable=False),
    _change("union branches reordered", data=[SPENT, EARNED], readable=True),
    _change("record of a branch renamed", data=[EARNED, record("Paid", amount=DECIMAL)], readable=False),
    _change(
        "branch's field added without a default",
        data=[EARNED, record("Spent", amount=DECIMAL, shop="string")],
        readable=False,
    ),
    _change(
        "branch's field added with a default",
        data=[EARNED, record("Spent", amount=DECIMAL, shop=("string", ""))],
        readable=True,
    ),
    Change("record renamed", {**BEFORE, "name": "Fact"}, readable=False, registry=False),
    Change("documented", {**BEFORE, "doc": "What happened."}, readable=True, registry=True),
    _change("decimal's precision changed", balance={**DECIMAL, "precision": 30}, readable=False, registry=True),
    _change("decimal's scale changed", balance={**DECIMAL, "scale": 2}, readable=False, registry=True),
    _change(
        "decimal's scale changed in a branch",
        data=[EARNED, record("Spent", amount={**DECIMAL, "scale": 2})],
        readable=False,
        registry=True,
    ),
    _change("decimal become bytes", balance="bytes", readable=False, registry=True),
    _change("decimal that may be null", balance=["null", DECIMAL], readable=True),
    _change("moment become a number", at="long", readable=False, registry=True),
    _change("number become a moment", count=MOMENT, readable=True),
]
