from decimal import Decimal

import pytest

from loyalty_stream.model.amounts import (
    MAX_BALANCE,
    AmountError,
    amount_text,
    fits_balance,
    fits_merged_balance,
    parse_amount,
    parse_number,
    plain,
)
from loyalty_stream.model.reasons import DeadLetterReason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"60.0", "60"),
        (b"0.269", "0.269"),
        (b"1e3", "1000"),
        (b"1.657437873E12", "1657437873000"),
        (b"0.000", "0"),
        (b"-0.0", "0"),
        (b"999999999999999.999999999", "999999999999999.999999999"),
        (b"100.000000000000", "100"),
    ],
)
def test_an_amount_has_one_plain_spelling(text: bytes, expected: str) -> None:
    assert str(parse_amount(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", DeadLetterReason.WRONG_TYPE),
        (b"true", DeadLetterReason.WRONG_TYPE),
        (b"1,5", DeadLetterReason.WRONG_TYPE),
        ("\u0661".encode(), DeadLetterReason.WRONG_TYPE),
        (b"NaN", DeadLetterReason.NUMBER_NOT_FINITE),
        (b"-Infinity", DeadLetterReason.NUMBER_NOT_FINITE),
        (b"1000000000000000", DeadLetterReason.AMOUNT_OUT_OF_RANGE),
        (b"0.0000000001", DeadLetterReason.AMOUNT_OUT_OF_RANGE),
        (b"1e31", DeadLetterReason.AMOUNT_OUT_OF_RANGE),
        (b"1e-31", DeadLetterReason.AMOUNT_OUT_OF_RANGE),
        (b"1" * 40, DeadLetterReason.AMOUNT_OUT_OF_RANGE),
        (b"-1", DeadLetterReason.NEGATIVE_AMOUNT),
    ],
)
def test_what_is_no_amount_is_refused_for_its_reason(text: bytes, reason: DeadLetterReason) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(text)
    assert refused.value.reason is reason


def test_digits_set_apart_by_underscores_are_no_number() -> None:
    with pytest.raises(AmountError):
        parse_number(b"1_000")


def test_a_vendors_balance_may_be_negative() -> None:
    assert parse_number(b"-12.50") == Decimal("-12.5")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_balance_fits_below_its_limit_only(sign: int) -> None:
    assert fits_balance(sign * (MAX_BALANCE - Decimal("0.000000001")))
    assert not fits_balance(sign * MAX_BALANCE)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_merged_balance_may_be_larger_and_fits_while_avro_holds_it(sign: int) -> None:
    assert fits_merged_balance(sign * (10 * MAX_BALANCE - Decimal("0.000000001")))
    assert not fits_merged_balance(sign * 10 * MAX_BALANCE)


def test_what_is_not_finite_stays_as_it_is_when_made_plain() -> None:
    assert plain(Decimal("Infinity")) == Decimal("Infinity")


@pytest.mark.parametrize(
    ("text", "expected"), [("27.000", "27"), ("-0.00", "0"), ("1E-9", "0.000000001"), ("1E+3", "1000")]
)
def test_an_amount_is_shown_without_trailing_zeros_and_exponent(text: str, expected: str) -> None:
    assert amount_text(Decimal(text)) == expected
