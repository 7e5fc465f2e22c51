"""An event that contradicts itself is used all the same, and counted with a warning of its own."""

from typing import Any

import pytest

from loyalty_stream.model.problem import RepairKind
from loyalty_stream.pipeline import decode as decoding
from loyalty_stream.sources.reading import Reading
from tests.unit.sources.capillary.vendor import CUSTOMER, events_of, flat, read

K = RepairKind
Parts = list[dict[str, Any]]


def event(name: str, **data: object) -> dict[str, Any]:
    return flat(name, {**CUSTOMER, "loyaltyProgramId": 41, **data})


def warnings(record: object) -> list[RepairKind]:
    """Return what was counted of a record that must be read."""
    repairs: list[RepairKind] = []
    assert isinstance(read(record, repairs), Reading)
    return repairs


def issue(
    total: object = None, regular: object = None, breakup: Parts | None = None, **lists: object
) -> dict[str, Any]:
    return event(
        "pointsIssued",
        totalPointsIssued=total,
        regularPointsIssued=regular,
        regularPointsBreakup=breakup,
        **{"promotionalPointsIssued": [], "promisedPointsIssued": [], **lists},
    )


def points(*amounts: float, key: str = "points") -> Parts:
    return [{key: amount} for amount in amounts]


def promotions(*amounts: float) -> Parts:
    return points(*amounts, key="promotionPoints")


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (issue(regular=80.5, breakup=points(50, 30.5)), []),
        (issue(regular=80, breakup=points(50, 31)), [K.BREAKUP_SUM]),
        (issue(regular=80, breakup=points(50, 29)), [K.BREAKUP_SUM]),
        (issue(regular=80, breakup=[]), []),
        (issue(regular=80), []),
        (issue(breakup=points(50)), []),
    ],
)
def test_the_breakup_of_regular_points_makes_them_up(record: object, counted: list[RepairKind]) -> None:
    assert warnings(record) == counted


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (issue(60, 60), []),
        (issue(60.0, 50, promotionalPointsIssued=promotions(6, 4)), []),
        (issue(60, 50, promisedPointsIssued=points(10)), []),  # with what is promised
        (issue(50, 50, promisedPointsIssued=points(10)), []),  # and without
        (issue(55, 50, promisedPointsIssued=points(10)), [K.ISSUE_SUM]),
        (issue(61, 60), [K.ISSUE_SUM]),
        (issue(59, 60), [K.ISSUE_SUM]),
        (issue(20, 10, points(20)), [K.BREAKUP_SUM]),  # regular is the larger of the two
        (issue(10, 10, points(20)), [K.BREAKUP_SUM, K.ISSUE_SUM]),
        (issue(20, None, points(20)), []),
        (issue(42), []),  # the total stands for all the parts
        (issue(None, 60), []),
        (issue(42, promotionalPointsIssued=promotions(2)), []),  # regular may be the other 40
        (issue(42, promotionalPointsIssued=promotions(43)), [K.ISSUE_SUM]),
        (issue(60, 50, promotionalPointsIssued=None), []),  # not listed: they may be the other 10
        (issue(60, 50, promisedPointsIssued=None), []),
        (issue(40, 50, promotionalPointsIssued=None), [K.ISSUE_SUM]),
        (issue(60, 50, promotionalPointsIssued=points(10, key="pointsPromoted")), [K.UNKNOWN_SPELLING]),
    ],
)
def test_the_parts_of_an_issue_make_up_its_total(record: object, counted: list[RepairKind]) -> None:
    assert warnings(record) == counted


def currency(**given: object) -> dict[str, Any]:
    lists: dict[str, object] = {"promotionalAlternateCurrenciesIssued": [], "promisedAlternateCurrenciesIssued": []}
    return {"alternateCurrencyIdentifier": "stars", **lists, **given}


def units(*amounts: int) -> Parts:
    return points(*amounts, key="alternateCurrencies")


@pytest.mark.parametrize(
    ("currencies", "counted"),
    [
        ([currency(totalAlternateCurrenciesIssued=10, regularAlternateCurrenciesIssued=10)], []),
        ([currency(totalAlternateCurrenciesIssued=10)], []),
        ([currency(totalAlternateCurrenciesIssued=9, regularAlternateCurrenciesIssued=10)] * 2, [K.ISSUE_SUM]),
        ([currency(regularAlternateCurrenciesIssued=0, regularAlternateCurrenciesBreakup=units(10))], [K.BREAKUP_SUM]),
    ],
)
def test_each_alternate_currency_of_an_issue_adds_up(currencies: Parts, counted: list[RepairKind]) -> None:
    assert warnings(event("alternateCurrenciesIssued", alternateCurrencies=currencies)) == counted


def redemption(*programs: float, **data: object) -> dict[str, Any]:
    parts = [{"programId": place, "pointsRedeemed": amount} for place, amount in enumerate(programs)]
    return event("pointsRedeemed", redemptionFromEarningPrograms=parts, **data)


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (redemption(10, 5.5, totalPointsRedeemed=15.5), []),
        (redemption(10, 5.5, totalPointsRedeemed=15), [K.REDEMPTION_SUM]),
        (redemption(10, totalPointsRedeemed=11), [K.REDEMPTION_SUM]),
        (redemption(totalPointsRedeemed=15), []),
        (redemption(10, 5), []),
    ],
)
def test_what_the_programmes_give_is_the_redemption(record: object, counted: list[RepairKind]) -> None:
    assert warnings(record) == counted


def valued(value: object, program: object, total: object = 1500) -> dict[str, Any]:
    given = {"totalPointsRedeemed": total, "redeemedPointsCurrencyValue": value, "loyaltyProgramDetails": program}
    return redemption(1500, **given)


def ratio(value: object) -> dict[str, Any]:
    return {"id": 41, "name": "Corner ", "tiers": [{"tierNumber": 1}], "pointsToCurrencyRatio": value, "new": {"a": []}}


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (valued(750, ratio(0.5)), []),
        (valued(750.0, ratio("0.50")), []),
        (valued("750", ratio(0.5)), []),
        (valued(749.99, ratio(0.5)), [K.CURRENCY_VALUE]),
        (valued(749.99, {"pointsToCur  rency Ratio": 0.5}), [K.CURRENCY_VALUE]),
        (valued(-750, ratio(0.5)), [K.CURRENCY_VALUE]),
        (valued(None, ratio(0.5)), []),
        (valued(750, None), []),
        (valued(750, {"id": 41}), []),
        (valued(750, ratio(0.5), total=None), []),
    ],
)
def test_the_currency_value_is_the_points_times_the_ratio(record: object, counted: list[RepairKind]) -> None:
    assert warnings(record) == counted


def reversal(programs: object = None, **data: object) -> dict[str, Any]:
    return event("redeemedPointsReversed", redemptionReversalToEarningPrograms=programs, **data)


def given_back(total: object, **details: object) -> dict[str, Any]:
    return {"redeemedPointsReversed": total, "redeemedPointsReversedDetails": details}


def programs_given_back(*parts: dict[str, Any]) -> Parts:
    return [{"programId": place, **part} for place, part in enumerate(parts)]


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (reversal(**given_back(300, available=200, expired=100)), []),
        (reversal(**given_back(300, available=200, expired=99)), [K.REVERSAL_SUM]),
        (reversal(**given_back(300, available=200)), []),
        (reversal(**given_back(300, available=301)), [K.REVERSAL_SUM]),
        (reversal(**given_back(None, available=200, expired=99)), []),
        (reversal(redeemedPointsReversed=300), []),
        (reversal(programs_given_back(given_back(10, available=10, expired=0))), []),
        (reversal(programs_given_back(given_back(10, available=10, expired=1))), [K.REVERSAL_SUM]),
        (reversal(programs_given_back(*[given_back(10, available=9, expired=0)] * 2)), [K.REVERSAL_SUM]),
    ],
)
def test_what_is_available_and_what_has_expired_make_up_a_reversal(record: object, counted: list[RepairKind]) -> None:
    assert warnings(record) == counted


def returned(total: object, regular: object, promised: object, promotional: Parts | None) -> dict[str, Any]:
    return event(
        "issuedPointsReversed",
        currentEventTotalPointsReturned=total,
        currentEventRegularPointsReturned=regular,
        currentEventPromisedPointsReturned=promised,
        currentEventPromotionPointsReturnedDetails=promotional,
    )


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (returned(10, 2, 3, promotions(4, 1)), []),
        (returned(10, 2, 3, promotions(4)), [K.RETURN_SUM]),
        (returned(10, 2, 3, None), []),
        (returned(10, 2, None, []), []),
        (returned(10, None, 11, []), [K.RETURN_SUM]),
        (returned(None, 2, 3, []), []),
        (returned(10, 2, 3, points(4, key="pointsPromoted")), [K.UNKNOWN_SPELLING]),
    ],
)
def test_the_parts_of_a_return_make_up_its_total(record: object, counted: list[RepairKind]) -> None:
    assert warnings(record) == counted


@pytest.mark.parametrize(("total", "counted"), [(5, []), (6, [K.RETURN_SUM]), (None, []), ("many", [])])
def test_each_alternate_currency_of_a_return_adds_up(total: object, counted: list[RepairKind]) -> None:
    each = {
        "alternateCurrencyIdentifier": "stars",
        "currentEventTotalAlternateCurrenciesReturned": total,
        "currentEventRegularAlternateCurrenciesReturned": 2,
        "currentEventPromisedAlternateCurrenciesReturned": 3,
        "currentEventPromotionAlternateCurrenciesReturnedDetails": [],
    }
    assert warnings(event("issuedAlternateCurrenciesReversed", alternateCurrencies=[each])) == counted


ENDS = 1_789_500_000_000


def coupon(valid_till: object, **given: object) -> dict[str, Any]:
    return {"id": 880010, "code": "GIFT", "valid_till": valid_till, **given}


@pytest.mark.parametrize(
    ("of_coupon", "of_series", "counted"),
    [
        (ENDS, ENDS, []),
        (ENDS - 1, ENDS, []),
        (ENDS + 1, ENDS, [K.COUPON_VALIDITY]),
        (ENDS, None, []),
        (None, ENDS, []),
        (ENDS, -1, []),
        (-1, ENDS, []),
    ],
)
def test_a_coupon_ends_no_later_than_its_series(
    of_coupon: object, of_series: object, counted: list[RepairKind]
) -> None:
    series = {"id": 7, "valid_till": of_series}
    issued = flat("CouponIssue", {"coupons": [coupon(of_coupon, **CUSTOMER)] * 2, "series_info": series})
    assert warnings(issued) == counted
    assert warnings(event("CouponRedeem", coupon=coupon(of_coupon, series_info=series))) == counted


@pytest.mark.parametrize(("previous", "counted"), [(1, []), (2, [K.SAME_TIER]), (None, []), (-1, [])])
@pytest.mark.parametrize(("name", "key"), [("tierUpgraded", "upgraded"), ("tierDowngraded", "downgraded")])
def test_a_change_of_tier_leads_to_another_one(
    name: str, key: str, previous: object, counted: list[RepairKind]
) -> None:
    record = event(name, **{f"{key}TierNumber": 2, "previousTierNumber": previous})
    record["data"] = {field: value for field, value in record["data"].items() if value is not None}
    assert warnings(record) == counted


ODD = ["", "many", "-", "NaN", "1_000", True, [], [1], {}, {"a": 1}, 10**30, "9" * 100]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_what_is_no_number_in_a_field_that_is_only_checked_is_not_stated(
    odd: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [
        valued(odd, ratio(0.5)),
        valued(750, ratio(odd)),
        valued(750, odd),
        reversal(**given_back(300, available=200, expired=odd)),
        reversal(programs_given_back(given_back(300, available=200)), redeemedPointsReversed=300),
    ]
    slowly = decoding._decode_slowly
    for record in records:
        with monkeypatch.context() as fast:
            fast.setattr(decoding, "_decode_slowly", None)  # none of them is dirt
            clean = events_of(record)
            assert warnings(record) == []
        assert decoding._decode_slowly is slowly
        record["data"] = {**record["data"], "loyaltyProgramId": "41"}  # dirt elsewhere
        assert events_of(record) == clean
        assert set(warnings(record)) <= {K.NUMBER_AS_TEXT}


def test_a_warning_is_the_same_beside_dirt() -> None:
    record = valued("749.99", {"pointsTo CurrencyRatio ": "0.5 ", "name": "\ud800"})
    record["data"]["loyaltyProgramId"] = "41"
    assert warnings(record) == [K.NUMBER_AS_TEXT, K.CURRENCY_VALUE]


def test_half_a_surrogate_pair_in_a_field_that_is_only_checked_rejects_nothing() -> None:
    assert warnings(valued("\ud800", ratio("\ud800"))) == []
    assert warnings(valued(750, {"\ud800": 1, "pointsToCurrencyRatio": 0.5})) == []
