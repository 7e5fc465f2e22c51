from datetime import date
from typing import Any

import pytest

from loyalty_stream.simulate.voucherify.terms import last_day_of_tier

REACHED = date(2026, 11, 30)


def balance(**expires: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"qualification_type": "BALANCE", "expiration_date": expires}


def in_period(period: str, start: str, end: str, **given: str) -> dict[str, Any]:
    expires = {"type": end, **given}
    rules = {"qualification_type": "POINTS_IN_PERIOD", "qualification_period": period}
    return rules | {"start_date": {"type": start}, "expiration_date": expires}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (None, None),
        (balance(type="BALANCE_DROP"), None),
        (balance(type="CUSTOM", extend="P3M"), date(2027, 2, 28)),
        (balance(type="CUSTOM", extend="P7D"), date(2026, 12, 7)),
        (balance(type="CUSTOM", extend="P7D", rounding={"type": "MONTH"}), date(2026, 12, 31)),
        (balance(type="CUSTOM", extend="P3M", rounding={"type": "HALF_YEAR"}), date(2027, 6, 30)),
        (balance(type="CUSTOM", extend="P7D", rounding={"type": "CUSTOM", "value": 1}), date(2027, 2, 28)),
        (balance(type="CUSTOM", extend="P7D", rounding={"type": "CUSTOM", "value": 11}), date(2026, 12, 31)),
        (in_period("QUARTER", "IMMEDIATE", "END_OF_PERIOD"), date(2026, 12, 31)),
        (in_period("QUARTER", "NEXT_PERIOD", "END_OF_PERIOD"), date(2027, 3, 31)),
        (in_period("MONTH", "IMMEDIATE", "END_OF_NEXT_PERIOD"), date(2026, 12, 31)),
        (in_period("MONTH", "IMMEDIATE", "END_OF_PERIOD", extend="P7D"), date(2026, 12, 7)),
        (in_period("YEAR", "NEXT_PERIOD", "END_OF_NEXT_PERIOD") | {"extend": "P2M"}, date(2029, 2, 28)),
    ],
)
def test_a_tier_lasts_as_its_rules_say(rules: dict[str, Any] | None, expected: date | None) -> None:
    assert last_day_of_tier(rules, REACHED) == expected
