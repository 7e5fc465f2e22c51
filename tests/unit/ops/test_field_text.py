from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from loyalty_stream.ops.field_text import fields_text, parts_of, sentence


class Inner(Struct):
    """What is within: a number or None. And more."""

    amount: Decimal


class Outer(Struct):
    """A struct with a field of each kind."""

    name: str
    kind: Literal["up", "down"] | None
    parts: tuple[Inner, ...]
    count: int
    changed_at: int
    day: date | None
    enabled: bool
    one: Inner
    data: str


def test_a_field_is_its_name_and_its_type_in_words() -> None:
    assert fields_text(Outer) == (
        "`name` string, `kind?` (up, down), `parts` list of Inner, `count` integer, `changed_at` timestamp, "
        "`day?` date, `enabled` boolean, `one` Inner"
    )


def test_the_parts_of_a_struct_are_the_structs_within() -> None:
    assert set(parts_of(Outer)) == {Inner}


def test_a_sentence_is_the_first_one_with_null_for_none() -> None:
    assert sentence(Inner) == "What is within: a number or null."
