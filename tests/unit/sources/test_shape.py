from datetime import date
from typing import Annotated

import pytest
from msgspec import Raw, Struct, field

from loyalty_stream.sources.shape import Field, keys_once, shape_of
from loyalty_stream.sources.wire import NULL, Amount, Identifier, Kind, Label, Wire


class Inner(Wire):
    points: Amount
    name: Label | None = None


class Whole(Wire):
    id: Identifier
    parts: list[Inner]
    total: Amount = NULL
    points: Amount = NULL
    inner: Inner | None = None
    day: date | None = None
    renamed: Identifier | None = field(default=None, name="RENAMED")
    tags: list[Label] | None = None


def test_a_shape_says_kind_need_and_structure_of_each_field() -> None:
    assert shape_of(Whole) == {
        "id": Field("id", required=True, kind=Kind.IDENTIFIER),
        "parts": Field("parts", required=True, inner=Inner, many=True),
        "total": Field("total", required=False, kind=Kind.AMOUNT),
        "points": Field("points", required=False, kind=Kind.AMOUNT),
        "inner": Field("inner", required=False, inner=Inner),
        "day": Field("day", required=False, kind=Kind.DAY),
        "RENAMED": Field("RENAMED", required=False, kind=Kind.IDENTIFIER),
        "tags": Field("tags", required=False, kind=Kind.LABEL, many=True),
    }


def test_an_id_or_number_that_stands_in_one_place_only_may_stand_but_once() -> None:
    assert keys_once(Whole) == ["total", "RENAMED"]


def test_a_field_without_a_kind_is_a_mistake_of_ours() -> None:
    class Careless(Struct):
        points: float

    with pytest.raises(TypeError, match="points: a wire struct's field has no kind"):
        shape_of(Careless)


def test_an_annotation_without_a_kind_is_a_mistake_of_ours() -> None:
    class Careless(Struct):
        points: Annotated[Raw, "amount"]

    with pytest.raises((StopIteration, RuntimeError)):
        shape_of(Careless)
