"""Encode the cards event."""

from loyalty_stream.domains.cards import DOMAIN
from loyalty_stream.domains.cards.events import CardUpdated
from tests.unit.domains.helpers import recoded

BODY = CardUpdated("hash", None, "ACTIVE", ("limit", "name"))


def test_a_body_survives_its_encoding() -> None:
    assert recoded(DOMAIN, BODY) == BODY


def test_every_event_has_a_reducer() -> None:
    assert {type(BODY)} == set(DOMAIN.reducers)
