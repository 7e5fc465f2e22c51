import pytest

from loyalty_stream.model.problem import Problem, RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.tree import NumberText, Pairs, parse_tree


def test_numbers_keep_their_text() -> None:
    assert parse_tree(b'{"a": 1.50, "b": 12345678901234567890, "c": 1e3}', []) == [
        ("a", NumberText("1.50")),
        ("b", NumberText("12345678901234567890")),
        ("c", NumberText("1e3")),
    ]


def test_a_number_is_told_from_a_text() -> None:
    ((_, number), (_, text)) = parse_tree(b'{"a": 1, "b": "1"}', [])
    assert isinstance(number, NumberText)
    assert not isinstance(text, NumberText)


def test_a_repeated_key_is_seen_twice() -> None:
    assert parse_tree(b'{"a": null, "a": true}', []) == [("a", None), ("a", True)]


def test_an_object_is_told_from_a_list() -> None:
    ((_, inner), (_, items)) = parse_tree(b'{"a": {}, "b": []}', [])
    assert isinstance(inner, Pairs)
    assert not isinstance(items, Pairs)


def test_a_byte_order_mark_is_dropped_and_counted() -> None:
    repairs: list[RepairKind] = []
    assert parse_tree(b"\xef\xbb\xbf{}", repairs) == []
    assert repairs == [RepairKind.BYTE_ORDER_MARK]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\xff\xfe{}", DeadLetterReason.WRONG_ENCODING),
        (b'{"a": ', DeadLetterReason.MALFORMED_JSON),
        (b'{"a": 1} {"a": 1}', DeadLetterReason.MALFORMED_JSON),
        (b"{'a': 1}", DeadLetterReason.MALFORMED_JSON),
        (b'{"a": -Infinity}', DeadLetterReason.NUMBER_NOT_FINITE),
        (b'{"a": ' + b"[" * 100_000, DeadLetterReason.NESTED_TOO_DEEPLY),
        (b"[]", DeadLetterReason.NOT_AN_OBJECT),
        (b"null", DeadLetterReason.NOT_AN_OBJECT),
        (b'"{}"', DeadLetterReason.NOT_AN_OBJECT),
    ],
)
def test_what_is_no_object_is_a_problem_for_its_reason(value: bytes, reason: DeadLetterReason) -> None:
    with pytest.raises(Problem) as found:
        parse_tree(value, [])
    assert found.value.reason is reason
