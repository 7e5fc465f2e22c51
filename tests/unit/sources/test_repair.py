from datetime import date
from typing import Any

import msgspec
import pytest

from loyalty_stream.model.problem import Problem, RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources import repair
from loyalty_stream.sources.repair import find, mend
from loyalty_stream.sources.shape import Field
from loyalty_stream.sources.tree import parse_tree
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Anything,
    Checked,
    Flag,
    Identifier,
    Ignored,
    Instant,
    Integer,
    Label,
    Moment,
    Name,
    Number,
    TextIdentifier,
    Wire,
    WrittenAmount,
)


class Part(Wire):
    points: Amount


class Example(Wire):
    """One optional field of each kind."""

    id: Identifier | None = None
    text_id: TextIdentifier | None = None
    name: Name | None = None
    label: Label | None = None
    count: Integer | None = None
    points: Amount = NULL
    balance: Number = NULL
    written: WrittenAmount = NULL
    day: date | None = None
    at: Moment | None = None
    told_at: Instant | None = None
    flag: Flag | None = None
    anything: Anything = NULL
    checked: Checked = NULL
    parts: list[Part] | None = None
    part: Part | None = None
    rest: Ignored = NOT_GIVEN


class Strict(Wire):
    points: Amount


def mended(text: str) -> tuple[Any, list[RepairKind]]:
    """Return what a record's text is mended to, and what was counted."""
    repairs: list[RepairKind] = []
    return msgspec.json.decode(msgspec.json.encode(mend(parse_tree(text.encode(), []), Example, "", repairs))), repairs


def problem(text: str, struct: type[Wire] = Example) -> Problem:
    with pytest.raises(Problem) as found:
        mend(parse_tree(text.encode(), []), struct, "", [])
    return found.value


K = RepairKind


@pytest.mark.parametrize(
    ("text", "expected", "counted"),
    [
        ('{"po ints": 1}', {"points": 1}, [K.KEY_WHITESPACE]),
        ('{"checked": -1.50}', {"checked": -1.5}, []),
        ('{"checked": " 1.50"}', {"checked": 1.5}, []),
        ('{"checked": "many"}', {}, []),
        ('{"checked": [1]}', {}, []),
        ('{"checked": true}', {}, []),
        ('{"checked": {"a b ": "2", "c": "d", "e": {"f": 1}, "\\u00e9": 1}}', {"checked": {"ab": 2}}, []),
        ('{"\\tpoints\\n": 1}', {"points": 1}, [K.KEY_WHITESPACE]),
        ('{"id": 1676.0}', {"id": 1676}, [K.INTEGER_AS_FLOAT]),
        ('{"id": 1.657437873E12}', {"id": 1657437873000}, [K.INTEGER_AS_FLOAT]),
        ('{"id": "17"}', {"id": 17}, [K.NUMBER_AS_TEXT]),
        ('{"id": "1 7"}', {"id": 17}, [K.VALUE_WHITESPACE, K.NUMBER_AS_TEXT]),
        ('{"id": "a b"}', {"id": "ab"}, [K.VALUE_WHITESPACE]),
        ('{"text_id": "007"}', {"text_id": "007"}, []),
        ('{"text_id": "12.0"}', {"text_id": "12"}, [K.INTEGER_AS_FLOAT]),
        ('{"text_id": 12}', {"text_id": 12}, []),
        ('{"name": "STAR T"}', {"name": "START"}, [K.VALUE_WHITESPACE]),
        ('{"label": " Silver "}', {"label": "Silver"}, [K.VALUE_WHITESPACE]),
        ('{"label": "Super VIP"}', {"label": "Super VIP"}, []),
        ('{"count": 3.0}', {"count": 3}, [K.INTEGER_AS_FLOAT]),
        ('{"count": "3"}', {"count": 3}, [K.NUMBER_AS_TEXT]),
        ('{"points": 60.50}', {"points": 60.5}, []),
        ('{"points": " 60.5"}', {"points": 60.5}, [K.NUMBER_AS_TEXT]),
        ('{"balance": "-5"}', {"balance": -5}, [K.NUMBER_AS_TEXT]),
        ('{"written": "14.000"}', {"written": 14}, []),
        ('{"written": 14}', {"written": 14}, []),
        ('{"day": "2024-05-31"}', {"day": "2024-05-31"}, []),
        ('{"day": " 2024-05-31"}', {"day": "2024-05-31"}, [K.DATE_FORMAT]),
        ('{"day": "2024-08-05 01:30:00"}', {"day": "2024-08-05"}, [K.DATE_FORMAT]),
        ('{"day": "2024-07-01T13:40:26.172+0000"}', {"day": "2024-07-01"}, [K.DATE_FORMAT]),
        ('{"day": 1719841226189}', {"day": "2024-07-01"}, [K.DATE_FORMAT]),
        ('{"day": "day"}', {}, [K.PLACEHOLDER]),
        ('{"day": ""}', {}, []),
        ('{"at": 1720440349027.0}', {"at": 1720440349027}, [K.INTEGER_AS_FLOAT]),
        ('{"at": "1720440349027"}', {"at": 1720440349027}, [K.NUMBER_AS_TEXT]),
        ('{"told_at": " 2026-03-02T10:15:30Z"}', {"told_at": "2026-03-02T10:15:30Z"}, [K.VALUE_WHITESPACE]),
        ('{"told_at": "2026-03 -02T10:1 5:30Z"}', {"told_at": "2026-03-02T10:15:30Z"}, [K.VALUE_WHITESPACE]),
        ('{"told_at": "2026-03-02 10:15:30Z"}', {"told_at": "2026-03-02 10:15:30Z"}, []),
        ('{"told_at": " "}', {}, []),
        ('{"flag": false}', {"flag": False}, []),
        ('{"flag": " True"}', {"flag": True}, [K.FLAG_AS_TEXT]),
        ('{"anything": " a "}', {"anything": "a"}, [K.VALUE_WHITESPACE]),
        ('{"anything": {"a": [1.50, true, null, "b"]}}', {"anything": {"a": [1.5, True, None, "b"]}}, []),
        ('{"points": "null", "id": " null "}', {}, [K.NULL_AS_TEXT, K.NULL_AS_TEXT]),
        (
            '{"parts": [{"points": "1"}, {"poi nts": 2}]}',
            {"parts": [{"points": 1}, {"points": 2}]},
            [K.NUMBER_AS_TEXT, K.KEY_WHITESPACE],
        ),
        ('{"part": {"points": 1, "unheard": 2}}', {"part": {"points": 1}}, []),
    ],
)
def test_dirt_is_mended_and_counted_by_kind(text: str, expected: object, counted: list[RepairKind]) -> None:
    value, repairs = mended(text)
    assert value == expected
    assert sorted(repairs) == sorted(counted)


@pytest.mark.parametrize("text", ['{"id": null}', '{"id": -1}', '{"id": "-1"}', '{"id": ""}', '{"name": ""}'])
def test_what_stands_for_none_is_left_out_and_no_repair(text: str) -> None:
    assert mended(text) == ({}, [])


def test_what_is_not_used_is_neither_kept_nor_looked_at() -> None:
    assert mended('{"rest": {"a": [1, NaN0], "points": 2}}'.replace("NaN0", '"NaN"')) == ({}, [])


@pytest.mark.parametrize(
    ("text", "reason", "path"),
    [
        ('{"points": 1, "po ints": 1}', DeadLetterReason.DUPLICATE_KEYS, "points stands twice in the record"),
        ('{"part": {"points": 1, "points": 1}}', DeadLetterReason.DUPLICATE_KEYS, "points stands twice in part"),
        ('{"p oints": 1, "po ints": 1}', DeadLetterReason.DUPLICATE_KEYS, "points stands twice in the record"),
        ('{"points": true}', DeadLetterReason.WRONG_TYPE, "points "),
        ('{"points": "many"}', DeadLetterReason.WRONG_TYPE, "points: "),
        ('{"points": {}}', DeadLetterReason.WRONG_TYPE, "points "),
        ('{"points": -1}', DeadLetterReason.NEGATIVE_AMOUNT, "points: "),
        ('{"points": 1e15}', DeadLetterReason.AMOUNT_OUT_OF_RANGE, "points: "),
        ('{"points": "NaN"}', DeadLetterReason.NUMBER_NOT_FINITE, "points: "),
        ('{"written": "-1"}', DeadLetterReason.NEGATIVE_AMOUNT, "written: "),
        ('{"told_at": 1772446530250}', DeadLetterReason.WRONG_TYPE, "told_at "),
        ('{"told_at": "2026-03-02T10:15:30"}', DeadLetterReason.INVALID_DATE, "told_at "),
        ('{"told_at": "2026-02-31"}', DeadLetterReason.INVALID_DATE, "told_at "),
        ('{"count": 1.5}', DeadLetterReason.WRONG_TYPE, "count "),
        ('{"count": 1e30}', DeadLetterReason.WRONG_TYPE, "count "),
        ('{"count": -1e999999999999999999}', DeadLetterReason.WRONG_TYPE, "count "),
        ('{"count": 1e-999999999999999999}', DeadLetterReason.WRONG_TYPE, "count "),
        ('{"id": 1e999999999999999999}', DeadLetterReason.WRONG_TYPE, "id "),
        ('{"count": "x"}', DeadLetterReason.WRONG_TYPE, "count "),
        ('{"count": "1_000"}', DeadLetterReason.WRONG_TYPE, "count "),
        ('{"id": 1.5}', DeadLetterReason.WRONG_TYPE, "id "),
        ('{"id": []}', DeadLetterReason.WRONG_TYPE, "id "),
        ('{"id": "a\\u0000"}', DeadLetterReason.WRONG_TYPE, "id "),
        ('{"name": false}', DeadLetterReason.WRONG_TYPE, "name "),
        ('{"at": 253402300800000}', DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, "at "),
        ('{"at": -5}', DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, "at "),
        ('{"at": 1e999}', DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, "at "),
        ('{"at": "soon"}', DeadLetterReason.WRONG_TYPE, "at "),
        ('{"at": 1.5}', DeadLetterReason.WRONG_TYPE, "at "),
        ('{"day": "2024-02-30"}', DeadLetterReason.INVALID_DATE, "day "),
        ('{"day": "tomorrow"}', DeadLetterReason.INVALID_DATE, "day "),
        ('{"day": 1e20}', DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, "day "),
        ('{"parts": {"points": 1}}', DeadLetterReason.WRONG_TYPE, "parts is not a list"),
        ('{"parts": [null]}', DeadLetterReason.WRONG_TYPE, "parts[] is not an object"),
        ('{"parts": [{}]}', DeadLetterReason.MISSING_FIELD, "parts[].points is missing"),
        ('{"part": 1}', DeadLetterReason.WRONG_TYPE, "part is not an object"),
    ],
)
def test_what_cannot_be_mended_is_a_problem_that_names_its_place(
    text: str, reason: DeadLetterReason, path: str
) -> None:
    found = problem(text)
    assert found.reason is reason
    assert found.detail.startswith(path)


def test_a_required_field_that_says_null_is_missing() -> None:
    assert problem('{"points": "null"}', Strict).reason is DeadLetterReason.MISSING_FIELD


def test_a_key_is_found_with_whitespace_in_it() -> None:
    repairs: list[RepairKind] = []
    assert find(parse_tree(b'{"da ta": "x"}', []), "data", repairs) == "x"
    assert repairs == [RepairKind.KEY_WHITESPACE]


def test_nothing_is_found_in_what_is_no_object() -> None:
    assert find("text", "data", []) is None
    assert find(parse_tree(b"{}", []), "data", []) is None


def test_a_shape_that_says_nothing_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="neither a kind nor a struct"):
        repair._mend_field("x", Field("points", required=False), "points", [])
