"""Encode the rewards events."""

from datetime import date
from decimal import Decimal

import pytest

from loyalty_stream.domains.rewards import DOMAIN
from loyalty_stream.domains.rewards.events import (
    FailedReward,
    RewardCreated,
    RewardExpiryAnnounced,
    RewardIssued,
    RewardIssueFailed,
    RewardUpdated,
    Terms,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

BODIES: tuple[EventBody, ...] = (
    RewardCreated("r-1", Terms(Decimal("1.5"), "POINTS", enabled=True, valid_from=1, valid_to=2, priority=3)),
    RewardUpdated("r-1", Terms()),
    RewardExpiryAnnounced("r-1", date(2026, 3, 31)),
    RewardIssued("r-1", Decimal(1), "hash", 5),
    RewardIssueFailed(None, (FailedReward("r-1", "730", "LIMIT_EXCEEDED"), FailedReward())),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
