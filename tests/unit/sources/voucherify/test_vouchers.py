"""Coupons, gift cards, their redemptions and rollbacks as the dialect reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.coupons.events import CouponFailed, CouponIssued, CouponRedeemed, CouponRolledBack
from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    AccountCredit,
    AccountDebit,
    IssuedLot,
    PointsAdjusted,
    PointsIssued,
    PointsRedeemed,
    RedemptionReversed,
)
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.reading import Reading
from tests.unit.sources.voucherify.vendor import (
    CAMPAIGN,
    CREATED_AT_MS,
    CUSTOMER,
    activity,
    bodies_of,
    events_of,
    read,
    rejected,
)

HASH = code_hash("voucherify", "0", "REA-1")
COUPON: dict[str, Any] = {"id": "v_1", "code": "REA-1", "type": "DISCOUNT_VOUCHER"}
GIFT: dict[str, Any] = {**COUPON, "type": "GIFT_VOUCHER", "gift": {"amount": 5000, "balance": 4500}}
CARD: dict[str, Any] = {**COUPON, "type": "LOYALTY_CARD", "loyalty_card": {"points": 10, "balance": 10}}
PUBLISHED, REDEEMED = "customer.publication.succeeded", "customer.redemption.succeeded"
ROLLED_BACK = "customer.redemption.rollback.succeeded"
DATE_MS = CREATED_AT_MS - 250


def publication(voucher: object, name: str = PUBLISHED) -> dict[str, Any]:
    return activity(name, {**CUSTOMER, **CAMPAIGN, "publication": {"id": "pub_1", "voucher": voucher}})


def redemption(voucher: object, name: str = REDEEMED, **data: object) -> dict[str, Any]:
    made = {"id": "r_1", "date": "2026-03-02T10:15:30Z", "amount": 30}
    return activity(name, {**CUSTOMER, **CAMPAIGN, "voucher": voucher, "redemption": made, **data})


def rollback(voucher: object, **given: object) -> dict[str, Any]:
    made = {"id": "rr_1", "date": "2026-03-02T10:15:30Z", "amount": -30, "redemption": "r_1", **given}
    return redemption(voucher, ROLLED_BACK, redemption_rollback=made)


def test_a_published_coupon_is_issued() -> None:
    (body,) = bodies_of(publication({**COUPON, "expiration_date": "2026-06-30T22:00:00Z"}))
    assert body == CouponIssued("v_1", HASH, "camp_1", None, None, 1_782_856_800_000)


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        ({"type": "PERCENT", "percent_off": 12.5}, ("PERCENT", Decimal("12.5"))),
        ({"type": "AMOUNT", "amount_off": 500}, ("AMOUNT", Decimal(500))),
        ({"type": "UNIT", "unit_off": 2}, ("UNIT", Decimal(2))),
        ({"type": "FIXED", "fixed_amount": 99}, ("FIXED", Decimal(99))),
        ({"type": "UNIT", "units": []}, ("UNIT", None)),
    ],
)
def test_a_coupon_is_worth_what_its_discount_says(discount: object, expected: object) -> None:
    (body,) = bodies_of(publication({**COUPON, "discount": discount}))
    assert (body.discount_type, body.discount_value) == expected


def test_a_gift_card_opens_with_its_balance_until_it_ends() -> None:
    coupon, opening = events_of(publication({**GIFT, "expiration_date": "2027-01-31"}))
    assert isinstance(coupon.body, CouponIssued)
    assert (coupon.body.discount_type, coupon.body.discount_value) == ("GIFT", Decimal(5000))
    lot = IssuedLot(Decimal(4500), date(2027, 1, 31), "regular")
    assert opening.body == PointsIssued("camp_1", "gift", (lot,), Decimal(0), NO_TOTALS)
    assert opening.source_key == "voucherify|0|gift|v_1|opening"


def test_a_type_that_is_not_told_is_seen_by_what_the_voucher_holds() -> None:
    assert len(bodies_of(publication({**GIFT, "type": None}))) == 2
    assert len(bodies_of(publication({**COUPON, "type": None}))) == 1
    assert isinstance(read(publication({**CARD, "type": None})), Reading)


def test_a_loyalty_card_opens_empty() -> None:
    assert read(publication(CARD)) == Reading(PUBLISHED, ignored=IgnoredReason.NO_EFFECT)


def test_a_voucher_without_an_id_is_known_by_its_codes_hash() -> None:
    (body,) = bodies_of(publication({"code": "REA-1"}))
    assert (body.coupon_id, body.code_hash) == (HASH, HASH)


@pytest.mark.parametrize("voucher", [None, {"id": "v_1"}])
def test_a_publication_of_nothing_or_of_no_code_is_refused(voucher: object) -> None:
    assert rejected(publication(voucher)).reason is DeadLetterReason.MISSING_FIELD


@pytest.mark.parametrize(
    "record",
    [
        publication(COUPON, "customer.publication.failed"),
        redemption(COUPON, "customer.redemption.failed"),
        redemption(COUPON, "customer.redemption.rollback.failed"),
    ],
)
def test_a_failure_tells_the_coupon(record: object) -> None:
    assert bodies_of(record) == [CouponFailed("v_1", HASH, "camp_1")]


@pytest.mark.parametrize(
    "record", [publication(None, "customer.publication.failed"), redemption(None, "customer.redemption.failed")]
)
def test_a_failure_without_a_voucher_tells_nothing(record: dict[str, Any]) -> None:
    assert read(record) == Reading(record["type"], ignored=IgnoredReason.NO_EFFECT)


def test_credits_are_added_to_a_gift_card_or_taken_from_it() -> None:
    name = "customer.voucher.gift.balance_added"
    (given,) = bodies_of(activity(name, {**CUSTOMER, **CAMPAIGN, "balance": {"amount": 400, "balance": 900}}))
    lot = IssuedLot(Decimal(400), None, "regular")
    assert given == PointsIssued("camp_1", "gift", (lot,), Decimal(0), NO_TOTALS)
    (taken,) = bodies_of(activity(name, {**CUSTOMER, **CAMPAIGN, "balance": {"amount": -400}}))
    assert taken == PointsAdjusted("gift", (AccountDebit("camp_1", Decimal(400), NO_TOTALS),))


def test_a_redemption_of_a_coupon_is_named_and_timed_by_itself() -> None:
    (event,) = events_of(redemption(COUPON))
    assert event.body == CouponRedeemed("v_1", HASH, "r_1", DATE_MS, "camp_1")
    assert (event.source_key, event.occurred_at) == ("voucherify|0|redemption|r_1|coupon", DATE_MS)


@pytest.mark.parametrize(("voucher", "currency", "facts"), [(GIFT, "gift", 2), (CARD, "points", 1)])
def test_a_redemption_of_a_card_takes_its_amount(voucher: object, currency: str, facts: int) -> None:
    bodies = bodies_of(redemption(voucher))
    debit = AccountDebit("camp_1", Decimal(30), NO_TOTALS)
    assert len(bodies) == facts
    assert bodies[-1] == PointsRedeemed(currency, (debit,), ("r_1",))


@pytest.mark.parametrize(("voucher", "currency", "facts"), [(GIFT, "gift", 2), (CARD, "points", 1)])
def test_a_rollback_gives_its_amount_back(voucher: object, currency: str, facts: int) -> None:
    bodies = bodies_of(rollback(voucher))
    credit = AccountCredit("camp_1", Decimal(30), NO_TOTALS)
    assert len(bodies) == facts
    assert bodies[-1] == RedemptionReversed(currency, (credit,), ("r_1",))


def test_a_rollback_of_a_coupon_names_the_redemption() -> None:
    (event,) = events_of(rollback(COUPON))
    assert event.body == CouponRolledBack("v_1", HASH, "r_1", "camp_1")
    assert event.source_key == "voucherify|0|rollback|rr_1|coupon"


def test_a_rollback_that_states_no_amount_gives_the_redemptions_back() -> None:
    assert bodies_of(rollback(CARD, amount=None))[0].credits[0].available == Decimal(30)


def test_a_card_is_its_holders_whoever_redeems() -> None:
    (event,) = events_of(redemption(CARD, holder={"id": "cust_2"}))
    assert event.customer_id == "cust_2"


def test_the_redemption_may_be_all_that_names_the_customer_and_the_voucher() -> None:
    made = {"id": "r_1", "customer_id": "cust_3", "voucher": COUPON, "created_at": "2026-03-02T10:15:30Z"}
    (event,) = events_of(activity(REDEEMED, {"redemption": made}))
    assert (event.customer_id, event.occurred_at) == ("cust_3", DATE_MS)


@pytest.mark.parametrize("name", [REDEEMED, ROLLED_BACK])
def test_of_stacked_redemptions_the_parent_states_nothing(name: str) -> None:
    parent = {"id": "r_1", "related_redemptions": {"redemptions": [{"id": "r_2"}]}}
    record = redemption(COUPON, name, redemption=parent, redemption_rollback={"id": "rr_1"})
    assert read(record) == Reading(name, ignored=IgnoredReason.NO_EFFECT)


@pytest.mark.parametrize(
    "record",
    [
        redemption(CARD, redemption={"id": "r_1"}),
        redemption(COUPON, redemption={"amount": 1}),
        redemption(COUPON, redemption=None),
        redemption(COUPON, ROLLED_BACK),
        rollback(COUPON, id=None),
    ],
)
def test_a_redemption_that_does_not_say_enough_is_refused(record: object) -> None:
    assert rejected(record).reason is DeadLetterReason.MISSING_FIELD
