"""Rewards as the dialect reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.rewards.events import (
    FailedReward,
    RewardCreated,
    RewardExpiryAnnounced,
    RewardIssued,
    RewardIssueFailed,
    RewardUpdated,
    Terms,
)
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, rejected

TERMS: dict[str, Any] = {
    "type": "POINTS",
    "enabled": True,
    "startDate": 1_800_000_000_000,
    "endDate": 1_800_086_400_000,
    "intouchPoints": 1.5,
    "priority": 2,
}
LIMIT = "MAX_COUPON_ISSUAL_PER_USER_EXCEEDED"


def reward(name: str = "rewardCreated", **data: object) -> dict[str, Any]:
    return flat(name, {"rewardId": 55881, **data})


def issue(**data: object) -> dict[str, Any]:
    return reward("rewardIssued", **CUSTOMER, **data)


def failure(*steps: dict[str, Any], **data: object) -> dict[str, Any]:
    return flat("issueRewardFailure", {**CUSTOMER, "erroredSteps": list(steps), **data})


def test_a_reward_of_the_catalogue_has_a_key_of_its_own() -> None:
    event = only(reward(**TERMS))
    assert (event.customer_id, event.key) == (None, "capillary:9300:reward/55881")
    terms = Terms(
        Decimal("1.5"), "POINTS", enabled=True, valid_from=1_800_000_000_000, valid_to=1_800_086_400_000, priority=2
    )
    assert event.body == RewardCreated("55881", terms)
    assert body_of(reward("rewardUpdated", **TERMS)) == RewardUpdated("55881", terms)


def test_an_update_may_leave_everything_out() -> None:
    assert body_of(reward("rewardUpdated")) == RewardUpdated("55881", Terms())


@pytest.mark.parametrize(("given", "flag"), [(False, False), (True, True), ("False", False), (" true", True)])
def test_a_flag_may_be_written_as_text(given: object, flag: object) -> None:
    assert body_of(reward(enabled=given)).terms.enabled is flag


@pytest.mark.parametrize("given", ["yes", 1, []])
def test_a_flag_that_is_neither_is_rejected(given: object) -> None:
    assert rejected(reward(enabled=given)).reason is DeadLetterReason.WRONG_TYPE


def test_a_reminder_names_the_day_in_utc() -> None:
    assert body_of(reward("rewardExpiryReminder", endDate=1_800_057_599_000)) == RewardExpiryAnnounced(
        "55881", date(2027, 1, 15)
    )
    assert body_of(reward("rewardExpiryReminder")).ends_on is None


def test_an_issued_reward_belongs_to_its_customer_and_shows_the_hash_of_its_code_only() -> None:
    details = {"intouchCouponCode": "C929Z3OI", "codeExpiry": 1_800_000_000_000}
    event = only(issue(intouchPoints=1, intouchRewardDetails=details, vendorRewardDetails={"vendorVoucher": "X"}))
    assert event.customer_id == "5001"
    code = code_hash("capillary", "9300", "C929Z3OI")
    assert event.body == RewardIssued("55881", Decimal(1), code, 1_800_000_000_000)


def test_another_vendors_voucher_stands_in_for_the_code() -> None:
    code = code_hash("capillary", "9300", "V-77")
    assert body_of(issue(vendorRewardDetails={"vendorVoucher": "V-77"})) == RewardIssued("55881", None, code)
    assert body_of(issue()) == RewardIssued("55881")


def test_without_an_event_id_a_grant_is_named_by_its_call_and_its_reward() -> None:
    event = {**issue(), "apiRequestId": "req-1"}
    del event["eventId"]
    assert only(event).source_key == "capillary|9300|rewardIssued|~|req-1||5001|55881||"


def test_each_reward_that_a_step_failed_for_is_read() -> None:
    step = {"errorCode": 730, "errorMessage": f"Unknown error : {LIMIT}", "rewards": [{"id": 1}, {"id": 2}]}
    assert body_of(failure(step, {"errorCode": 818}, totalPoints=10)) == RewardIssueFailed(
        Decimal(10), (FailedReward("1", "730", LIMIT), FailedReward("2", "730", LIMIT), FailedReward(None, "818"))
    )
    assert body_of(failure()) == RewardIssueFailed(None, (FailedReward(),))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (LIMIT, LIMIT),
        (f"{LIMIT}, call 6590116229", LIMIT),
        ("Customer anna@example.com has no points", None),
        ("COUPON_SUMMER24_EXCEEDED", None),
        ("max_coupons_exceeded", None),
        ("", None),
    ],
)
def test_of_an_error_only_the_name_of_a_limit_is_read(message: str, reason: str | None) -> None:
    [failed] = body_of(failure({"errorMessage": message})).rewards
    assert failed.error_reason == reason


@pytest.mark.parametrize("name", ["rewardIssued", "issueRewardFailure"])
def test_a_reward_for_nobody_is_rejected(name: str) -> None:
    assert rejected(reward(name)).reason is DeadLetterReason.MISSING_CUSTOMER


def test_a_reward_without_an_id_is_rejected() -> None:
    assert rejected(flat("rewardCreated", TERMS)).reason is DeadLetterReason.MISSING_FIELD
