"""Exact amounts: decimals from the vendor's text to the output, never a float.

An amount has at most 15 digits before the decimal point and 9 after it, a balance at most 17 and 9, and one that comes
of a merge, which cannot be refused, 18 and 9. All fit the 28 digits of Python's default decimal context, so that no sum
is ever rounded. What is summed over many balances is added with `add_exactly`, which has room for any number of them.
"""

import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from loyalty_stream.model.reasons import DeadLetterReason

ZERO: Final = Decimal(0)
SCALE: Final = 9
MAX_AMOUNT: Final = Decimal(10**15)
MAX_BALANCE: Final = Decimal(10**17)
MAX_MERGED_BALANCE: Final = Decimal(10**18)
MAX_DIGITS: Final = 30  # as written: beyond this no trailing zeros bring it back into range worth accepting
_PLAIN: Final = re.compile(rb"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")  # as nearly every amount is written
TOO_LONG: Final = "an amount has at most 15 digits before the point and 9 after it"
_WIDE: Final = Context(prec=60)
add_exactly: Final = _WIDE.add
subtract_exactly: Final = _WIDE.subtract
multiply_exactly: Final = _WIDE.multiply


class AmountError(ValueError):
    """Say that a text is not an amount that can be held exactly."""

    def __init__(self, reason: DeadLetterReason, detail: str) -> None:
        """Keep the reason and a detail that names the limit, never the customer."""
        super().__init__(detail)
        self.reason = reason


@lru_cache(maxsize=65_536)
def parse_number(text: bytes) -> Decimal:
    """Return the exact number that a JSON number's text stands for, without trailing zeros or an exponent.

    It may be negative, as a vendor's own balance may. Raises AmountError for NaN, Infinity, and whatever has more
    digits than an amount may have.
    """
    if _PLAIN.fullmatch(text):
        written = text.decode("ascii")
        return Decimal(written.rstrip("0").rstrip(".") if "." in written else written) or ZERO
    if b"_" in text:  # Decimal would read 1_000 as a thousand
        raise AmountError(DeadLetterReason.WRONG_TYPE, "not a number")
    try:
        number = Decimal(text.decode("ascii"))
    except (ArithmeticError, ValueError):
        raise AmountError(DeadLetterReason.WRONG_TYPE, "not a number") from None
    if not number.is_finite():
        raise AmountError(DeadLetterReason.NUMBER_NOT_FINITE, "NaN or Infinity is not an amount")
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) > MAX_DIGITS or abs(exponent) > MAX_DIGITS:
        raise AmountError(DeadLetterReason.AMOUNT_OUT_OF_RANGE, TOO_LONG)
    number = plain(number)
    if abs(number) >= MAX_AMOUNT or -_exponent(number) > SCALE:
        raise AmountError(DeadLetterReason.AMOUNT_OUT_OF_RANGE, TOO_LONG)
    return number


@lru_cache(maxsize=65_536)
def parse_amount(text: bytes) -> Decimal:
    """Return the exact amount that a JSON number's text stands for; raise AmountError where it is negative too."""
    amount = parse_number(text)
    if amount < ZERO:
        raise AmountError(DeadLetterReason.NEGATIVE_AMOUNT, "an amount must not be negative")
    return amount


def fits_balance(balance: Decimal) -> bool:
    """Return whether a balance is one that an event may lead to."""
    return -MAX_BALANCE < balance < MAX_BALANCE


def fits_merged_balance(balance: Decimal) -> bool:
    """Return whether a balance can be held exactly at all."""
    return -MAX_MERGED_BALANCE < balance < MAX_MERGED_BALANCE


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def plain(amount: Decimal) -> Decimal:
    """Return the same value without trailing zeros and without an exponent."""
    text = str(amount)
    if "E" not in text and amount and not (text[-1] == "0" and "." in text):
        return amount  # as nearly every amount is
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        return amount
    end = len(digits)
    while end > 1 and exponent < 0 and digits[end - 1] == 0:
        end -= 1
        exponent += 1
    digits = digits[:end]
    if not any(digits):
        return ZERO
    if exponent > 0:
        digits, exponent = digits + (0,) * exponent, 0
    return Decimal((sign, digits, exponent))


def amount_text(amount: Decimal) -> str:
    """Return an amount as people and JSON read it: without trailing zeros and without an exponent."""
    return f"{plain(amount):f}"
