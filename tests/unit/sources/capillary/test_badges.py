"""Badges as the dialect reads them."""

from typing import Any

import pytest

from loyalty_stream.domains.streaks.events import BadgeEarned, EarnConstraint
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, rejected


def badge(*limits: dict[str, Any], **data: object) -> BadgeEarned:
    given = {"badgeId": "650c", "earnId": "651b", "earnConstraints": list(limits), **data}
    body = body_of(flat("badgeEarned", {**CUSTOMER, **given}))
    assert isinstance(body, BadgeEarned)
    return body


def test_a_badge_has_its_limits() -> None:
    rolling = {
        "constraintLevel": "CUSTOMER",
        "constraintType": "ROLLING_WINDOW",
        "rollType": "DAYS",
        "rollValue": 7,
        "maxEarnLimit": 50,
        "currentEarnCount": 2,
    }
    assert badge(rolling, earnedOn=1_789_000_000_000) == BadgeEarned(
        "650c", "651b", 1_789_000_000_000, (EarnConstraint("CUSTOMER", "ROLLING_WINDOW", "DAYS", 7, 50, 2),)
    )


def test_a_limit_of_minus_one_or_of_the_type_none_is_none() -> None:
    unlimited = {"constraintLevel": "BADGE", "constraintType": "OVERALL", "maxEarnLimit": -1, "currentEarnCount": 0}
    assert badge(unlimited, {"constraintType": "NONE"}).constraints == (
        EarnConstraint("BADGE", "OVERALL", current_earn_count=0),
        EarnConstraint(constraint_type="NONE"),
    )


@pytest.mark.parametrize("dirty", ["ROLLING_ WINDOW", " ROLLING_WINDOW", "ROLLING_WINDOW\t"])
def test_whitespace_in_a_limits_type_is_mended(dirty: str) -> None:
    assert badge({"constraintType": dirty}).constraints == (EarnConstraint(constraint_type="ROLLING_WINDOW"),)


@pytest.mark.parametrize("none", [None, "null", ""])
def test_a_limits_type_may_be_none(none: object) -> None:
    assert badge({"constraintType": none}).constraints == (EarnConstraint(),)


def test_a_badge_without_limits_has_none() -> None:
    assert badge(earnConstraints=None) == BadgeEarned("650c", "651b")
    assert badge(earnedOn=-1).earned_on is None


@pytest.mark.parametrize("key", ["badgeId", "earnId"])
def test_an_earn_without_its_ids_is_rejected(key: str) -> None:
    given = {**CUSTOMER, "badgeId": "650c", "earnId": "651b", key: ""}
    assert rejected(flat("badgeEarned", given)).reason is DeadLetterReason.MISSING_FIELD


def test_an_earn_without_an_event_id_is_known_by_its_own() -> None:
    given = flat("badgeEarned", {**CUSTOMER, "badgeId": "650c", "earnId": "651b"}, eventId=None, apiRequestId="r-1")
    assert only(given).source_key == "capillary|9300|badgeEarned|~|r-1||5001|651b||"
