"""Encode the customers events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.customers import DOMAIN
from loyalty_stream.domains.customers.events import (
    ConsentChanged,
    CustomerAdded,
    CustomerReferred,
    CustomerSegmentChanged,
    CustomerUpdated,
    MessageDelivery,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

BODIES: tuple[EventBody, ...] = (
    CustomerAdded("instore"),
    CustomerUpdated(("gender", "email"), "mobile_app"),
    TransactionAdded("65001", Decimal("74700.5"), "IDR", "regular", "placed"),
    TransactionUpdated("65001", "delivered"),
    CustomerReferred("cust-2", "camp-1"),
    CustomerSegmentChanged("seg-1", "entered"),
    ConsentChanged(("news", "sms"), "revoked"),
    MessageDelivery("sms", "failed"),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
