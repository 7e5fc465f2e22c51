"""Encode the tiers events."""

from datetime import date

import pytest

from loyalty_stream.domains.tiers import DOMAIN
from loyalty_stream.domains.tiers.events import (
    TierDowngraded,
    TierDowngradeScheduled,
    TierExpiryNeared,
    TierRenewed,
    TierUpgraded,
)
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.tier_terms import TierTermComputed
from tests.unit.domains.helpers import recoded

BODIES: tuple[EventBody, ...] = (
    TierUpgraded("club", None, "gold", date(2026, 3, 31)),
    TierDowngraded("club", "gold", None),
    TierRenewed("club", "gold"),
    TierDowngradeScheduled("club", "gold", date(2026, 3, 31)),
    TierTermComputed("club", "gold", 1_750_000_000_000, date(2026, 3, 31)),
    TierExpiryNeared("club", date(2026, 3, 31), 30),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
