"""Profiles, segments, consents, messages, rewards and tiers as the dialect reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.customers.events import (
    ConsentChanged,
    CustomerAdded,
    CustomerErasureApproved,
    CustomerReferred,
    CustomerSegmentChanged,
    CustomerUpdated,
    MessageDelivery,
)
from loyalty_stream.domains.rewards.events import RewardIssued
from loyalty_stream.domains.tiers.events import TierDowngraded, TierRenewed, TierUpgraded
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.reading import Reading
from tests.unit.sources.voucherify.vendor import CAMPAIGN, CUSTOMER, activity, bodies_of, events_of, read, rejected

SILVER: dict[str, Any] = {"id": "ltr_1", "expiration": {"expiration_date": "2027-03-02T22:00:00Z"}}
GOLD: dict[str, Any] = {"id": "ltr_2", "expiration": {"expiration_date": "2027-06-30"}}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("created", CustomerAdded()),
        ("updated", CustomerUpdated(("profile",))),
        ("confirmed", CustomerUpdated(("confirmed",))),
        ("deleted", CustomerErasureApproved()),
    ],
)
def test_a_profile_is_known_by_what_happened_to_it(name: str, body: EventBody) -> None:
    assert bodies_of(activity(f"customer.{name}")) == [body]


def test_a_referral_is_a_fact_about_who_was_referred() -> None:
    (event,) = events_of(activity("customer.referred", {**CUSTOMER, **CAMPAIGN, "referrer": {"id": "cust_2"}}))
    assert (event.customer_id, event.body) == ("cust_1", CustomerReferred("cust_2", "camp_1"))


@pytest.mark.parametrize("change", ["entered", "left"])
def test_a_segment_is_its_id(change: Any) -> None:  # noqa: ANN401 - a literal
    (body,) = bodies_of(activity(f"customer.segment.{change}", {**CUSTOMER, "segment": {"id": "seg_1", "name": "A"}}))
    assert body == CustomerSegmentChanged("seg_1", change)


@pytest.mark.parametrize("change", ["given", "revoked"])
def test_consents_are_their_ids_each_once(change: Any) -> None:  # noqa: ANN401 - a literal
    listed = {"consents": [{"id": "cnst_1"}, {"id": "cnst_2"}, {"id": "cnst_1"}]}
    assert bodies_of(activity(f"customer.consents.{change}", {**CUSTOMER, **listed})) == [
        ConsentChanged(("cnst_1", "cnst_2"), change)
    ]
    assert bodies_of(activity(f"customer.consents.{change}", {**CUSTOMER, "consent": {"id": "cnst_1"}})) == [
        ConsentChanged(("cnst_1",), change)
    ]


@pytest.mark.parametrize("channel", ["sms", "email", "klaviyo"])
@pytest.mark.parametrize("outcome", ["sent", "failed", "recovered"])
def test_a_message_is_its_channel_and_outcome(channel: str, outcome: Any) -> None:  # noqa: ANN401 - a literal
    assert bodies_of(activity(f"customer.{channel}.{outcome}")) == [MessageDelivery(channel, outcome)]


def test_a_reward_has_the_price_that_a_card_paid_and_the_hash_of_its_code() -> None:
    data = {
        **CUSTOMER,
        "voucher": {"type": "LOYALTY_CARD"},
        "redemption": {"id": "r_1", "amount": 80},
        "reward": {"id": "rew_1", "voucher": {"code": "REA-1", "expiration_date": "2026-06-30T22:00:00Z"}},
    }
    hashed = code_hash("voucherify", "0", "REA-1")
    assert bodies_of(activity("customer.rewarded", data)) == [
        RewardIssued("rew_1", Decimal(80), hashed, 1_782_856_800_000)
    ]


def test_a_reward_that_no_card_paid_has_no_price() -> None:
    data = {**CUSTOMER, "voucher": {"type": "GIFT_VOUCHER"}, "redemption": {"amount": 80}, "reward": {"id": "rew_1"}}
    assert bodies_of(activity("customer.rewarded", data)) == [RewardIssued("rew_1")]


@pytest.mark.parametrize(
    ("name", "data", "body"),
    [
        ("joined", {"loyalty_tier": SILVER}, TierUpgraded("camp_1", None, "ltr_1", date(2027, 3, 2), "UTC")),
        ("left", {"loyalty_tier": SILVER}, TierDowngraded("camp_1", "ltr_1", None)),
        ("prolonged", {"loyalty_tier": SILVER}, TierRenewed("camp_1", "ltr_1", date(2027, 3, 2), "UTC")),
        ("prolonged", {"loyalty_tier": {"id": "ltr_1"}}, TierRenewed("camp_1", "ltr_1", None, "UTC")),
        (
            "expiration.changed",
            {"loyalty_tier": SILVER, "expiration_date": "2027-12-31T00:00:00Z"},
            TierRenewed("camp_1", "ltr_1", date(2027, 12, 31), "UTC"),
        ),
        (
            "upgraded",
            {"loyalty_tier_from": SILVER, "loyalty_tier_to": GOLD},
            TierUpgraded("camp_1", "ltr_1", "ltr_2", date(2027, 6, 30), "UTC"),
        ),
        (
            "downgraded",
            {"loyalty_tier_from": GOLD, "loyalty_tier_to": SILVER},
            TierDowngraded("camp_1", "ltr_2", "ltr_1", date(2027, 3, 2), "UTC"),
        ),
    ],
)
def test_a_tier_is_its_id_and_the_day_of_its_end(name: str, data: dict[str, Any], body: EventBody) -> None:
    assert bodies_of(activity(f"customer.loyalty.tier.{name}", {**CUSTOMER, **CAMPAIGN, **data})) == [body]


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-06-30T04:00:00Z", date(2027, 6, 30)),
        ("2027-06-30T03:59:59Z", date(2027, 6, 29)),
    ],
)
def test_an_end_told_as_a_date_is_that_day_and_one_told_as_a_moment_the_projects_day(told: str, day: date) -> None:
    tier = {"id": "ltr_1", "expiration": {"expiration_date": told}}
    record = activity("customer.loyalty.tier.joined", {**CUSTOMER, **CAMPAIGN, "loyalty_tier": tier})
    reading = read(record, headers=(("loyalty_time_zone", b"America/New_York"),))
    assert isinstance(reading, Reading)
    assert [event.body for event in reading.events] == [TierUpgraded("camp_1", None, "ltr_1", day, "America/New_York")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("segment.left", {}),
        ("consents.given", {}),
        ("consents.given", {"consents": [{"name": "A"}]}),
        ("rewarded", {"reward": {"name": "A"}}),
        ("loyalty.tier.joined", CAMPAIGN),
        ("loyalty.tier.upgraded", {**CAMPAIGN, "loyalty_tier_from": SILVER}),
        ("loyalty.tier.left", {"loyalty_tier": SILVER}),
    ],
)
def test_what_does_not_say_which_is_refused(name: str, data: dict[str, Any]) -> None:
    assert rejected(activity(f"customer.{name}", {**CUSTOMER, **data})).reason is DeadLetterReason.MISSING_FIELD


def test_a_referral_by_nobody_is_refused() -> None:
    assert rejected(activity("customer.referred")).reason is DeadLetterReason.MISSING_CUSTOMER
