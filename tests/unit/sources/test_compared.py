"""Compare fields whose values are not kept."""

import pytest
from msgspec import Raw, Struct

from loyalty_stream.sources.compared import changed_fields, digest_of


class Two(Struct):
    tags: Raw = Raw(b"null")
    name: str | None = None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1, "b": [true, null]}', b'{"b": [true, "null "], " a ": "1.0"}'),
        (b'" Double\\tpoints"', b'"Doublepoints"'),
        (b"-5.00", b'"-5"'),
        (b"1e400", b'"1e400"'),
        (b"null", b'"null"'),
    ],
)
def test_dirt_and_order_are_no_change(one: bytes, other: bytes) -> None:
    assert digest_of(Raw(one)) == digest_of(Raw(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [(b"1", b"2"), (b"true", b"false"), (b'["a", "b"]', b'["b", "a"]'), (b"{}", b'{"a": 1}'), (b'"a"', b"null")],
)
def test_another_value_is_a_change(one: bytes, other: bytes) -> None:
    assert digest_of(Raw(one)) != digest_of(Raw(other))


def test_null_has_no_digest() -> None:
    assert digest_of(None) is None


def test_the_names_of_the_fields_that_differ_are_returned_in_their_order() -> None:
    before, after = Two(Raw(b'["a"]'), "x"), Two(Raw(b'["b"]'))
    assert changed_fields(before, after, ("name", "tags")) == ("name", "tags")
    assert changed_fields(before, before, ("name", "tags")) == ()
