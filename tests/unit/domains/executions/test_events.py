"""Encode the event of executions."""

from loyalty_stream.domains.executions import DOMAIN
from loyalty_stream.domains.executions.events import CampaignExecuted
from tests.unit.domains.helpers import recoded

BODY = CampaignExecuted("x-1", "c-1", "failed", "5001", "t-1", 1_709_630_101_000, 1_709_630_102_000, has_message=True)


def test_a_body_survives_its_encoding() -> None:
    assert recoded(DOMAIN, BODY) == BODY


def test_every_event_has_a_reducer() -> None:
    assert {type(BODY)} == set(DOMAIN.reducers)
