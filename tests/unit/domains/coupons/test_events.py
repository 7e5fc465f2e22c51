"""Encode the coupons events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.coupons import DOMAIN
from loyalty_stream.domains.coupons.events import (
    CouponExpiryNeared,
    CouponFailed,
    CouponIssued,
    CouponRedeemed,
    CouponRolledBack,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

BODIES: tuple[EventBody, ...] = (
    CouponIssued("c-1", "hash-1", discount_value=Decimal("0.10")),
    CouponRedeemed("c-1", "hash-1", "r-1", 1_750_000_000_000),
    CouponFailed("c-1", "hash-1", "s-1"),
    CouponRolledBack("c-1", "hash-1", "r-1", "s-1"),
    CouponExpiryNeared(1_750_000_000_000, 1_750_086_400_000, 7),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
