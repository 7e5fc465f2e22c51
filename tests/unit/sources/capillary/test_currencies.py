"""Alternate currencies as the dialect reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.points.events import (
    IssuedLot,
    IssueReversed,
    PointsIssued,
    VendorTotals,
)
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, events_of, flat, read, rejected

SOON, LATER = date(2027, 1, 31), date(2027, 6, 30)
BILL = {"identifiers": [{"key": "billId", "value": "70021"}]}


def stars(**given: object) -> dict[str, Any]:
    return {"alternateCurrencyIdentifier": "strs1", "alternateCurrencyName": "stars", **given}


def event(name: str, *rows: dict[str, Any], key: str = "alternateCurrencies", **data: object) -> dict[str, Any]:
    return flat(name, {**CUSTOMER, "loyaltyProgramId": 41, key: list(rows), **data})


def issue(*rows: dict[str, Any], **data: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return event("alternateCurrenciesIssued", *rows, **data)


def take_back(*rows: dict[str, Any], **data: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return event("issuedalternateCurrenciesReversed", *rows, **data)


FULL = stars(
    regularAlternateCurrenciesIssued=0,
    regularAlternateCurrenciesBreakup=[{"alternateCurrencies": 10, "expiryAt": "2027-01-31"}],
    promotionalAlternateCurrenciesIssued=[
        {"promotionAlternateCurrencies": 100, "promotionAlternateCurrenciesExpiryDate": "2027-06-30"}
    ],
    promisedAlternateCurrenciesIssued=[{"promisedAlternateCurrencies": 12.25}],
    totalAlternateCurrenciesIssued=130,
    programCurrentAlternateCurrencies=110,
    programLifetimeAlternateCurrencies=500,
)


@pytest.mark.parametrize("key", ["alternateCurrencies", "alternateCurrenciesIssuedData"])
def test_an_issue_is_one_of_points_by_another_name(key: str) -> None:
    assert body_of(issue(FULL, key=key, triggeringActivity=BILL)) == PointsIssued(
        "41",
        "strs1",
        (IssuedLot(Decimal(10), SOON, "regular"), IssuedLot(Decimal(100), LATER, "promotional")),
        Decimal("12.25"),
        VendorTotals(Decimal(110), Decimal(500)),
        "70021",
    )


def test_each_currency_is_a_fact_with_a_key_of_its_own() -> None:
    one, two = events_of(issue(FULL, {**FULL, "alternateCurrencyIdentifier": "cns1"}))
    assert (one.body.currency, two.body.currency) == ("strs1", "cns1")  # type: ignore[attr-defined]  # PointsIssued
    assert (one.source_key[-6:], two.source_key[-5:]) == ("|strs1", "|cns1")


def test_a_currency_that_stands_twice_is_two_facts() -> None:
    one, two = events_of(issue(FULL, FULL))
    assert one.source_key != two.source_key


def test_what_regular_holds_beyond_the_breakup_is_a_lot_without_expiry() -> None:
    row = stars(regularAlternateCurrenciesIssued=25, regularAlternateCurrenciesBreakup=[{"alternateCurrencies": 10}])
    assert body_of(issue(row)).lots == (
        IssuedLot(Decimal(10), None, "regular"),
        IssuedLot(Decimal(15), None, "regular"),
    )


def test_the_total_is_regular_where_all_else_is_absent() -> None:
    row = stars(totalAlternateCurrenciesIssued=42)
    assert body_of(issue(row)).lots == (IssuedLot(Decimal(42), None, "regular"),)


def test_an_amount_under_an_unknown_key_is_zero_and_a_counted_warning() -> None:
    repairs: list[RepairKind] = []
    read(issue(stars(promisedAlternateCurrenciesIssued=[{"promised": 5}])), repairs)
    assert repairs == [RepairKind.UNKNOWN_SPELLING]


@pytest.mark.parametrize("rows", [[], [stars()], [FULL, stars()], [{}], [stars(alternateCurrencyIdentifier="")]])
def test_an_issue_without_a_currency_or_its_amounts_is_rejected(rows: list[dict[str, Any]]) -> None:
    assert rejected(issue(*rows)).reason is DeadLetterReason.MISSING_FIELD


def test_a_currency_of_the_name_of_the_points_is_rejected() -> None:
    assert rejected(issue({**FULL, "alternateCurrencyIdentifier": "points"})).reason is DeadLetterReason.WRONG_TYPE


@pytest.mark.parametrize("bill", ["0", "-1", "", None])
def test_a_bill_that_stands_for_none_is_no_reference(bill: str | None) -> None:
    activity = {"identifiers": [{"key": "billId", "value": bill}]}
    assert body_of(issue(FULL, triggeringActivity=activity)).reference is None


@pytest.mark.parametrize(
    "name",
    ["issuedalternateCurrenciesReversed", "issuedAlternateCurrenciesReversed", "IssuedAlternateCurrenciesReversed"],
)
@pytest.mark.parametrize("key", ["alternateCurrencies", "alternateCurrenciesReversedData"])
def test_a_return_is_its_own_amounts_in_any_casing_of_its_name(name: str, key: str) -> None:
    row = stars(
        currentEventRegularAlternateCurrenciesReturned=10,
        currentEventPromisedAlternateCurrenciesReturned=5,
        currentEventPromotionAlternateCurrenciesReturnedDetails=[{"promotionAlternateCurrencies": 2}],
        currentEventTotalAlternateCurrenciesReturned=17,
        regularAlternateCurrenciesReversed=80,
        totalAlternateCurrenciesReversed=90,
        programCurrentAlternateCurrencies=0,
    )
    given = event(name, row, key=key, triggeringActivity=BILL)
    assert body_of(given) == IssueReversed("41", "strs1", Decimal(12), Decimal(5), VendorTotals(Decimal(0)), "70021")
    assert events_of(given)[0].cause.event_name == "issuedAlternateCurrenciesReversed"


@pytest.mark.parametrize(
    ("given", "active", "promised"),
    [
        (
            {
                "regularAlternateCurrenciesReversed": 10,
                "promisedAlternateCurrenciesReversed": 5,
                "promotionalAlternateCurrenciesReversed": [{"promotionAlternateCurrencies": 100}],
                "totalAlternateCurrenciesReversed": 130,
            },
            110,
            5,
        ),
        ({"totalAlternateCurrenciesReversed": 27}, 27, 0),
        ({"totalIssuedAlternateCurrenciesReversed": 27}, 27, 0),
        ({"currentEventRegularAlternateCurrenciesReturned": 0, "totalAlternateCurrenciesReversed": 27}, 0, 0),
    ],
)
def test_the_cumulative_amounts_stand_in_where_the_events_own_are_absent(
    given: dict[str, Any], active: int, promised: int
) -> None:
    body = body_of(take_back(stars(**given)))
    assert (body.active, body.promised) == (active, promised)


@pytest.mark.parametrize("rows", [[], [stars()]])
def test_a_return_without_a_currency_or_its_amounts_is_rejected(rows: list[dict[str, Any]]) -> None:
    assert rejected(take_back(*rows)).reason is DeadLetterReason.MISSING_FIELD
