"""Encode the campaigns events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.campaigns import DOMAIN, events
from loyalty_stream.domains.campaigns.document import CampaignDocument, FieldDigest, Gauge, Limit
from loyalty_stream.domains.campaigns.periods import Period
from loyalty_stream.domains.campaigns.priorities import CampaignPosition, ProgramTiers, TierStep
from loyalty_stream.domains.campaigns.schedule import CampaignSchedule, ValidityTimeframe
from loyalty_stream.domains.campaigns.tier_expiry_rules import Balance, CalendarRounding, Custom
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.tier_terms import TierTermAsked
from tests.unit.domains.helpers import recoded

FULL = CampaignDocument(
    name="Autumn",
    vendor_state="DONE",
    schedule=CampaignSchedule(
        starts_at_ms=1, timeframe=ValidityTimeframe(Duration(days=2), Duration(days=1)), days_of_week=frozenset({0, 6})
    ),
    time_zone="Europe/Warsaw",
    tier_expiry=Balance(Custom(Duration(months=3), CalendarRounding(Period.MONTH))),
    gauges=(Gauge("vouchers", Decimal("1.5")),),
    limits=(Limit("createCoupon", Decimal(5), "yearly", Decimal(4)),),
    digests=(FieldDigest("name", "00ff"),),
)
BODIES: tuple[EventBody, ...] = (
    events.CampaignCreated("9", "active", "running", "6", "universal", 1, FULL),
    events.CampaignStateMoved("9", None, "expired", "expired", FULL),
    events.CampaignRulesReplaced("9", None, CampaignDocument()),
    events.CampaignEdited("9", ("limits",), FULL),
    events.CampaignVersionStated("9", FULL),
    events.CampaignRemoved("9"),
    events.CampaignPrioritiesSet(
        "6",
        (CampaignPosition("universal", 1, "9"),),
        None,
        (ProgramTiers("41", (TierStep("3", "Gold", Decimal("300.5")),)),),
    ),
    TierTermAsked("9", "gold", 1, "UTC", "cust-1"),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
