"""Conversions of promised alternate currencies as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.points.events import PromisedPointsConverted
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, events_of, flat, rejected


def stars(**given: object) -> dict[str, Any]:
    return {"alternateCurrencyIdentifier": "strs1", "alternateCurrencyName": "stars", **given}


def conversion(total: object = "200.000", *parts: tuple[object, object], program: object = 0) -> dict[str, Any]:
    """Return the conversion of stars with what its breakup says of programmes and amounts."""
    rows = [stars(programId=programme, alternateCurrencyValue=value) for programme, value in parts]
    data = {
        "loyaltyProgramId": program,
        "alternateCurrencyConverted": [stars(alternateCurrencyValue=total)],
        "alternateCurrencyConvertedBreakup": [
            {"promotionalAlternateCurrencyBreakup": rows[:1], "nonPromotionalAlternateCurrencyBreakup": rows[1:]},
            {"promotionalAlternateCurrencyBreakup": [stars(alternateCurrencyIdentifier="cns1", programId=9)]},
        ],
    }
    return flat("PromisedToCurrentAlternateCurrencyConversion", {**CUSTOMER, **data})


def converted(given: object) -> list[tuple[str, Decimal]]:
    bodies = [found.body for found in events_of(given)]
    assert all(isinstance(body, PromisedPointsConverted) and body.currency == "strs1" for body in bodies)
    return [(body.program_id, body.amount) for body in bodies if isinstance(body, PromisedPointsConverted)]


def test_a_conversion_is_in_the_programmes_of_its_breakup() -> None:
    parts = (41, "100.000"), (42, "60"), (41, 40)
    assert converted(conversion("200.000", *parts)) == [("41", Decimal(140)), ("42", Decimal(60))]


def test_a_conversions_total_wins_over_a_breakup_that_does_not_add_up() -> None:
    assert converted(conversion("200", (41, "1"), (42, "2"))) == [("41", Decimal(200))]
    assert converted(conversion("200", (41, "1"), program=43)) == [("43", Decimal(200))]


def test_a_conversion_without_a_breakup_is_in_its_own_programme() -> None:
    assert converted(conversion("200", program=43)) == [("43", Decimal(200))]


@pytest.mark.parametrize(
    "given", [conversion(None, (41, "1")), conversion("200"), conversion("200", program=None), conversion("")]
)
def test_a_conversion_without_its_amount_or_a_programme_is_rejected(given: dict[str, Any]) -> None:
    assert rejected(given).reason is DeadLetterReason.MISSING_FIELD


def test_a_conversion_of_no_currency_is_rejected() -> None:
    given = flat("promisedToCurrentAlternateCurrencyConversion", {**CUSTOMER, "alternateCurrencyConverted": []})
    assert rejected(given).reason is DeadLetterReason.MISSING_FIELD
