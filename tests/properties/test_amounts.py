"""Amounts are exact or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.model.amounts import MAX_AMOUNT, AmountError, amount_text, parse_amount, parse_number
from tests.helpers.strategies import amounts

numerals = st.from_regex(r"\A-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?\Z")


@given(numerals)
def test_a_number_is_held_exactly_or_refused(text: str) -> None:
    try:
        number = parse_number(text.encode())
    except AmountError:
        return
    assert number == Decimal(text)
    assert abs(number) < MAX_AMOUNT
    assert int(number.as_tuple().exponent) in range(-9, 1)


@given(numerals)
def test_only_a_number_beyond_the_limits_is_refused(text: str) -> None:
    number = Decimal(text)
    fits = abs(number) < MAX_AMOUNT and number == number.quantize(Decimal("1e-9")) if abs(number) < 10**18 else False
    short = len(number.as_tuple().digits) <= 30 and abs(int(number.as_tuple().exponent)) <= 30
    try:
        parse_number(text.encode())
    except AmountError:
        assert not (fits and short)
    else:
        assert fits


@given(numerals)
def test_two_spellings_of_one_number_come_out_as_one_text(text: str) -> None:
    try:
        number = parse_number(text.encode())
    except AmountError:
        return
    assert str(parse_number(str(number).encode())) == str(number)
    assert amount_text(Decimal(text)) == amount_text(number)


@given(amounts())
def test_an_amount_of_15_and_9_digits_is_accepted(amount: Decimal) -> None:
    assert parse_amount(str(f"{amount:f}").encode()) == amount


@given(st.binary(max_size=20))
def test_any_bytes_are_a_number_or_an_amount_error(text: bytes) -> None:
    try:
        number = parse_number(text)
    except AmountError:
        return
    assert number.is_finite()


@given(amounts().filter(bool))
def test_less_than_nothing_is_no_amount(amount: Decimal) -> None:
    with pytest.raises(AmountError):
        parse_amount(f"-{amount:f}".encode())
