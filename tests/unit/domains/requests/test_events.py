"""Encode the requests event."""

from decimal import Decimal

from loyalty_stream.domains.requests import DOMAIN
from loyalty_stream.domains.requests.events import RequestMoved
from tests.unit.domains.helpers import recoded

BODY = RequestMoved("q-1", "GOODWILL_POINTS", None, "AdminTask", "approved", "5001", Decimal("20.5"), "41")


def test_a_body_survives_its_encoding() -> None:
    assert recoded(DOMAIN, BODY) == BODY


def test_every_event_has_a_reducer() -> None:
    assert {type(BODY)} == set(DOMAIN.reducers)
