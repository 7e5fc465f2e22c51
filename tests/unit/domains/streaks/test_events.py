"""Encode the events of streaks, targets and badges."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.streaks import DOMAIN
from loyalty_stream.domains.streaks.events import (
    BadgeEarned,
    EarnConstraint,
    StreakCustomerEnrolled,
    StreakCustomerUnenrolled,
    StreakEnded,
    StreakEntry,
    StreakLevelAchieved,
    StreakLevelLost,
    StreakStarted,
    TargetCustomerEnrolled,
    TargetEntry,
    TargetGroupAchieved,
    TargetGroupUnachieved,
    TargetPeriodCompleted,
    TargetPeriodStarted,
    TargetValueAchieved,
    TargetValueUpdated,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

ENTRIES = (StreakEntry("Summer", "s-1", value=Decimal("2.5"), level="First"), StreakEntry("Winter", levels_total=2))
TARGETS = (TargetEntry("61", "62", "63", Decimal("-5.5"), Decimal(60), Decimal(100)), TargetEntry("64"))
LIMITS = (EarnConstraint("BADGE", "ROLLING_WINDOW", "DAYS", 7, 300, 2), EarnConstraint("CUSTOMER", "NONE"))

BODIES: tuple[EventBody, ...] = (
    StreakCustomerEnrolled(ENTRIES),
    StreakCustomerUnenrolled(ENTRIES),
    StreakStarted(ENTRIES),
    StreakEnded(()),
    StreakLevelAchieved(ENTRIES),
    StreakLevelLost(ENTRIES, cause="return"),
    TargetCustomerEnrolled(TARGETS),
    TargetPeriodStarted(TARGETS),
    TargetValueUpdated(TARGETS),
    TargetValueAchieved(TARGETS),
    TargetGroupAchieved(TARGETS),
    TargetGroupUnachieved(()),
    TargetPeriodCompleted(TARGETS),
    BadgeEarned("b-1", "e-1", 1_789_000_000_000, LIMITS),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
