"""Encode the partners events."""

from datetime import date

import pytest

from loyalty_stream.domains.partners import DOMAIN
from loyalty_stream.domains.partners.events import (
    PartnerProgramDelinked,
    PartnerProgramLinked,
    PartnerProgramUpdated,
    SupplementaryMembershipExpiryAnnounced,
)
from loyalty_stream.model.events import EventBody
from tests.unit.domains.helpers import recoded

BODIES: tuple[EventBody, ...] = (
    PartnerProgramLinked("club", "45", "supplementary", date(2126, 3, 31)),
    PartnerProgramUpdated(None, "25", "external", None, "2", date(2026, 3, 31)),
    PartnerProgramDelinked("club", "45"),
    SupplementaryMembershipExpiryAnnounced("club", "45", date(2026, 3, 31)),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
