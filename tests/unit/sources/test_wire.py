from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec import Raw

from loyalty_stream.sources.wire import (
    CHECKED_LENGTH_MAX,
    ID_LENGTH_MAX,
    LAST_MOMENT,
    PLAUSIBLE_FROM,
    PLAUSIBLE_TO,
    NotCleanError,
    amount,
    checked_number,
    given_amount,
    given_number,
    given_word,
    identifier,
    iso_day,
    label,
    moment,
    plausible,
    required_identifier,
    required_text_identifier,
    required_word,
    stated_total,
    text_identifier,
    text_of,
    word,
    written_amount,
)


@pytest.mark.parametrize(("value", "expected"), [(17, "17"), (0, "0"), ("AB-1", "AB-1"), (None, None), (-1, None)])
def test_an_id_is_read_as_text(value: int | str | None, expected: str | None) -> None:
    assert identifier(value) == expected


@pytest.mark.parametrize(
    "value", ["", "-1", "null", "a b", " a", "a\t", "a\u00a0b", "12", "12.0", "x" * (ID_LENGTH_MAX + 1)]
)
def test_an_id_that_needs_mending_is_not_clean(value: str) -> None:
    with pytest.raises(NotCleanError):
        identifier(value)


def test_an_id_that_the_vendor_writes_as_text_may_be_digits() -> None:
    assert text_identifier("007") == "007"


def test_the_longest_id_is_clean() -> None:
    assert text_identifier("x" * ID_LENGTH_MAX) == "x" * ID_LENGTH_MAX


@pytest.mark.parametrize("required", [required_identifier, required_text_identifier])
def test_a_required_id_that_stands_for_none_is_not_clean(required: Callable[[int | str], str]) -> None:
    with pytest.raises(NotCleanError):
        required(-1)


@pytest.mark.parametrize("value", ["a b", " a", "a\n", "\u2003a"])
def test_a_word_with_whitespace_is_not_clean(value: str) -> None:
    with pytest.raises(NotCleanError):
        word(value)


@pytest.mark.parametrize("value", ["", "billRegular"])
def test_a_word_without_whitespace_is_clean(value: str) -> None:
    assert word(value) == value


@pytest.mark.parametrize(("value", "read"), [("REGULAR", "REGULAR"), ("", None), (None, None)])
def test_a_word_may_not_be_given(value: str | None, read: str | None) -> None:
    assert given_word(value) == read


@pytest.mark.parametrize("value", ["null", "DELIV ERED", " "])
def test_a_word_that_stands_for_null_or_has_whitespace_is_not_clean(value: str) -> None:
    with pytest.raises(NotCleanError):
        given_word(value)


@pytest.mark.parametrize("value", [" Silver", "Silver\n", "null"])
def test_a_label_that_needs_trimming_or_stands_for_null_is_not_clean(value: str) -> None:
    with pytest.raises(NotCleanError):
        label(value)


@pytest.mark.parametrize("value", [None, "", "Master Painter"])
def test_whitespace_within_a_label_is_its_own(value: str | None) -> None:
    assert label(value) == value


def test_an_absent_amount_is_none() -> None:
    assert given_amount(Raw(b"null")) is None
    assert given_number(Raw(b"null")) is None
    assert written_amount(Raw(b'"null"')) is None


def test_an_amount_that_must_be_there_is_not_clean_without() -> None:
    with pytest.raises(NotCleanError):
        amount(Raw(b"null"))


@pytest.mark.parametrize("raw", [b'"1"', b"-1", b"true", b"[1]", b'""'])
def test_what_is_no_amount_is_not_clean(raw: bytes) -> None:
    with pytest.raises(NotCleanError):
        given_amount(Raw(raw))


def test_what_is_no_number_is_not_clean() -> None:
    with pytest.raises(NotCleanError):
        given_number(Raw(b'"1"'))


def test_a_number_may_be_negative() -> None:
    assert given_number(Raw(b"-2.5")) == Decimal("-2.5")


def test_a_written_amount_is_clean_as_text_and_as_a_number() -> None:
    assert written_amount(Raw(b'"14.000"')) == written_amount(Raw(b"14")) == Decimal(14)


@pytest.mark.parametrize("value", [-1, LAST_MOMENT + 1])
def test_a_time_that_no_calendar_holds_is_not_clean(value: int) -> None:
    with pytest.raises(NotCleanError):
        moment(value)


@pytest.mark.parametrize("value", [None, 0, LAST_MOMENT])
def test_a_time_of_some_calendar_is_clean(value: int | None) -> None:
    assert moment(value) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        (PLAUSIBLE_FROM - 1, False),
        (PLAUSIBLE_FROM, True),
        (PLAUSIBLE_TO - 1, True),
        (PLAUSIBLE_TO, False),
    ],
)
def test_a_loyalty_event_is_of_this_century(value: int | None, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert plausible(value) is expected


@pytest.mark.parametrize(("value", "day"), [(0, "1970-01-01"), (86_399_999, "1970-01-01"), (LAST_MOMENT, "9999-12-31")])
def test_a_moments_day_is_that_of_utc(value: int, day: str) -> None:
    assert iso_day(value) == day


@pytest.mark.parametrize(
    ("raw", "text"), [('"PENDING"', "PENDING"), ("17", None), ("null", None), ('{"a": "b"}', None)]
)
def test_of_a_value_of_any_kind_only_a_text_is_read(raw: str, text: str | None) -> None:
    assert text_of(Raw(raw.encode())) == text


@pytest.mark.parametrize("value", ["", "null", "a b", " a"])
def test_a_required_word_that_is_not_given_or_needs_mending_is_not_clean(value: str) -> None:
    with pytest.raises(NotCleanError):
        required_word(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.50", Decimal("12.5")),
        ("-1", Decimal(-1)),
        ('"12.50"', Decimal("12.5")),
        ('" 1 2 "', Decimal(12)),
        ("null", None),
        ('""', None),
        ('"1_000"', None),
        ("[1]", None),
        ('{"a": 1}', None),
        ("1e99", None),
        ('"\u00bd"', None),
        (f'"{" " * CHECKED_LENGTH_MAX}1"', None),
    ],
)
def test_a_number_that_is_only_checked_is_a_number_or_none(text: str, expected: Decimal | None) -> None:
    assert checked_number(Raw(text.encode())) == expected


def test_a_total_that_is_kept_is_read_from_a_number_only() -> None:
    assert stated_total(Raw(b"12.50")) == Decimal("12.5")
    assert stated_total(Raw(b"null")) is stated_total(Raw(b"[1]")) is None
    with pytest.raises(NotCleanError):
        stated_total(Raw(b'"\\t12"'))
