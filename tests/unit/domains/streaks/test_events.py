"""Encode the streaks events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.streaks import DOMAIN
from loyalty_stream.domains.streaks.events import (
    StreakCustomerEnrolled,
    StreakCustomerUnenrolled,
    StreakEnded,
    StreakEntry,
    StreakLevelAchieved,
    StreakLevelLost,
    StreakStarted,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

ENTRIES = (StreakEntry("Summer", "s-1", value=Decimal("2.5"), level="First"), StreakEntry("Winter", levels_total=2))

BODIES: tuple[EventBody, ...] = (
    StreakCustomerEnrolled(ENTRIES),
    StreakCustomerUnenrolled(ENTRIES),
    StreakStarted(ENTRIES),
    StreakEnded(()),
    StreakLevelAchieved(ENTRIES),
    StreakLevelLost(ENTRIES, cause="return"),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
