"""Encode the promotions events."""

from datetime import date

import pytest

from loyalty_stream.domains.promotions import DOMAIN
from loyalty_stream.domains.promotions.events import (
    EarnedPromotionRevoked,
    IssuedPromotionRevoked,
    PromotionEarned,
    PromotionIssued,
    RevokedEarn,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

BODIES: tuple[EventBody, ...] = (
    PromotionIssued(None, "p-1", "i-1", date(2026, 3, 31)),
    PromotionEarned("club", "p-1", None, "e-1"),
    IssuedPromotionRevoked("club", "p-1", "i-1"),
    EarnedPromotionRevoked("club", "p-1", (RevokedEarn("e-1", date(2026, 3, 31)), RevokedEarn("e-2"))),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
