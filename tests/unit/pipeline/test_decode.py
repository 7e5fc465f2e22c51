from collections.abc import Callable

import msgspec
import pytest

from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import Problem, RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.sources.reading import Dialect, Reading
from loyalty_stream.sources.tree import Pairs
from loyalty_stream.sources.wire import LAST_MOMENT, NotCleanError
from tests.helpers.flow import Record

READ = Reading("anEvent")
Repairs = list[RepairKind]


def dialect(
    read: Callable[[bytes, RawRecord, Repairs], Reading], mend: Callable[[Pairs, Repairs], bytes] | None = None
) -> Dialect:
    def never(_tree: Pairs, _repairs: Repairs) -> bytes:
        raise AssertionError("a clean record needs no mending")

    return Dialect("any", read, mend or never)


def clean_only(value: bytes, _record: RawRecord, repairs: Repairs) -> Reading:
    if value != b"clean":
        repairs.append(RepairKind.TIME_FALLBACK)
        raise NotCleanError
    return READ


def mending(tree: Pairs, repairs: Repairs) -> bytes:
    repairs.append(RepairKind.KEY_WHITESPACE)
    return b"clean" if tree else b"dirty"


def test_a_clean_record_takes_the_fast_path_only() -> None:
    assert decode(dialect(clean_only), Record(value=b"clean"), []) == READ


def test_a_record_that_is_not_clean_is_mended_and_read_again() -> None:
    repairs: Repairs = []
    assert decode(dialect(clean_only, mending), Record(value=b'{"a": 1}'), repairs) == READ
    assert repairs == [RepairKind.KEY_WHITESPACE]  # not what the fast path counted before it gave up


def test_a_record_that_does_not_read_even_mended_is_rejected() -> None:
    outcome = decode(dialect(clean_only, mending), Record(value=b"{}"), [])
    assert outcome == Rejected(DeadLetterReason.WRONG_TYPE, "the record does not read, even mended")


@pytest.mark.parametrize("value", [b"", None])
def test_a_record_without_a_value_is_rejected(value: bytes | None) -> None:
    outcome = decode(dialect(clean_only), Record(value=value), [])
    assert outcome == Rejected(DeadLetterReason.EMPTY_VALUE, "the record has no value")


@pytest.mark.parametrize("timestamp", [-1, LAST_MOMENT + 1, 2**63 - 1])
def test_a_record_whose_own_timestamp_is_of_no_calendar_is_rejected(timestamp: int) -> None:
    outcome = decode(dialect(clean_only), Record(value=b"clean", timestamp=timestamp), [])
    assert isinstance(outcome, Rejected)
    assert outcome.reason is DeadLetterReason.TIMESTAMP_OUT_OF_RANGE


@pytest.mark.parametrize("timestamp", [0, LAST_MOMENT])
def test_a_record_whose_own_timestamp_is_of_a_calendar_is_read(timestamp: int) -> None:
    assert decode(dialect(clean_only), Record(value=b"clean", timestamp=timestamp), []) == READ


def test_bytes_that_are_not_utf_8_are_rejected_before_they_are_read() -> None:
    outcome = decode(dialect(clean_only), Record(value=b"\xff"), [])
    assert outcome == Rejected(DeadLetterReason.WRONG_ENCODING, "the value is not UTF-8")


def test_utf_8_beyond_ascii_is_read() -> None:
    assert decode(dialect(lambda *_: READ), Record(value="é".encode()), []) == READ


def test_a_problem_of_the_fast_path_is_final() -> None:
    def read(*_: object) -> Reading:
        raise Problem(DeadLetterReason.MISSING_FIELD, "data.coupons is empty")

    outcome = decode(dialect(read), Record(value=b"{}"), [])
    assert outcome == Rejected(DeadLetterReason.MISSING_FIELD, "data.coupons is empty")


def test_a_problem_of_the_slow_path_is_final() -> None:
    def mend(*_: object) -> bytes:
        raise Problem(DeadLetterReason.DUPLICATE_KEYS, "points stands twice")

    outcome = decode(dialect(clean_only, mend), Record(value=b"{}"), [])
    assert outcome == Rejected(DeadLetterReason.DUPLICATE_KEYS, "points stands twice")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecursionError(), DeadLetterReason.NESTED_TOO_DEEPLY),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "half"), DeadLetterReason.WRONG_ENCODING),
        (msgspec.ValidationError(), DeadLetterReason.WRONG_TYPE),
    ],
)
def test_an_error_of_the_slow_path_is_an_outcome(error: Exception, reason: DeadLetterReason) -> None:
    def mend(*_: object) -> bytes:
        raise error

    outcome = decode(dialect(clean_only, mend), Record(value=b"{}"), [])
    assert isinstance(outcome, Rejected)
    assert outcome.reason is reason
