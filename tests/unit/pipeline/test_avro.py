from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal

import fastavro
import pytest
from msgspec import Struct

from loyalty_stream.pipeline import avro
from loyalty_stream.pipeline.avro import Kept, named_once, record, varint, writer
from loyalty_stream.pipeline.schemas import _top


class Inner(Struct):
    """A part."""

    amount: Decimal
    word: Literal["a", "b"]


class Whole(Struct):
    """A whole.

    With more to say.
    """

    name: str
    count: int
    seen_at: int
    flag: bool
    data: bytes
    day: date | None
    inner: Inner
    many: tuple[Inner, ...]
    days: tuple[date, ...] = ()
    maybe: Inner | None = None


def read_back(value: Whole) -> Any:  # noqa: ANN401 - a record
    typed = record(Whole)
    schema = named_once(typed.schema)
    return fastavro.schemaless_reader(BytesIO(writer(typed)(value)), fastavro.parse_schema(schema), None)


@pytest.mark.parametrize("flag", [True, False])
def test_every_kind_of_field_is_read_back_by_fastavro(flag: bool) -> None:  # noqa: FBT001 - a field's value
    inner = Inner(Decimal("-0.000000001"), "b")
    value = Whole("é", -3, 1_700_000_000_000, flag, b"\0\xff", date(1969, 12, 31), inner, (inner,), (date(2030, 1, 1),))
    read = read_back(value)
    expected_inner = {"amount": Decimal("-0.000000001"), "word": "b"}
    assert read["seen_at"].timestamp() == 1_700_000_000
    del read["seen_at"]
    assert read == {
        "name": "é",
        "count": -3,
        "flag": flag,
        "data": b"\0\xff",
        "day": date(1969, 12, 31),
        "inner": expected_inner,
        "many": [expected_inner],
        "days": [date(2030, 1, 1)],
        "maybe": None,
    }


def test_what_may_be_absent_is_null_and_an_empty_list_is_empty() -> None:
    read = read_back(Whole("", 0, 0, False, b"", None, Inner(Decimal(0), "a"), ()))  # noqa: FBT003 - a field's value
    assert (read["day"], read["many"], read["maybe"]) == (None, [], None)


def test_a_schema_says_the_structs_first_line_and_defines_each_name_once() -> None:
    schema = named_once(record(Whole).schema)
    assert isinstance(schema, dict)
    assert schema["doc"] == "A whole."
    types = {part["name"]: part["type"] for part in schema["fields"]}
    assert types["inner"]["name"] == "Inner"
    assert types["many"] == {"type": "array", "items": "Inner"}
    assert types["maybe"] == ["null", "Inner"]


@pytest.mark.parametrize(("number", "expected"), [(0, b"\0"), (-1, b"\1"), (63, b"\x7e"), (64, b"\x80\1")])
def test_a_long_is_zigzagged_seven_bits_a_byte(number: int, expected: bytes) -> None:
    assert varint(number) == expected


def test_a_type_without_an_avro_type_is_a_mistake_of_ours() -> None:
    class Careless(Struct):
        ratio: float

    with pytest.raises(TypeError, match="ratio: no Avro type for <class 'float'>"):
        record(Careless)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avro, "KEPT_MAX", 3)
    kept = Kept[str](str.encode)
    assert [kept[str(number)] for number in range(9)] == [str(number).encode() for number in range(9)]
    assert len(kept) <= 3


def test_an_envelope_that_is_no_record_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="an envelope is a record"):
        _top(["null", "string"], "Envelope")


def test_a_text_that_was_added_with_a_default_is_read_in_events_that_were_written_before() -> None:
    class Before(Struct):
        name: str

    class After(Struct):
        name: str
        word: Literal["a", "b"] = "a"

    Before.__name__ = After.__name__
    before, after = record(Before), record(After)
    written = BytesIO(writer(before)(Before("x")))
    read = fastavro.schemaless_reader(
        written, fastavro.parse_schema(_top(before.schema, "After")), fastavro.parse_schema(_top(after.schema, "After"))
    )
    assert read == {"name": "x", "word": "a"}
