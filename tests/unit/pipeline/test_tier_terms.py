"""A customer's tier asks its campaign for its term, over two partitions and back."""

import json
from datetime import date
from typing import Any

import pytest

from loyalty_stream.domains.campaigns.document import CampaignDocument
from loyalty_stream.domains.campaigns.events import CampaignVersionStated
from loyalty_stream.domains.campaigns.tier_expiry_rules import Balance, BalanceDrop, Custom, ExpiryRules
from loyalty_stream.domains.tiers.events import TierDowngraded, TierRenewed, TierUpgraded
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.events import CanonicalEvent, Cause, EventBody, RawRecord
from loyalty_stream.model.keys import entity_key, partition_of
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Dialect, Reading
from tests.helpers.flow import Flow
from tests.helpers.instants import ms

CONFIG = PipelineConfig(partitions=4, output_format="json", dead_letter_limit=1)
PROCESSOR = Processor(CONFIG)
CAMPAIGN = "campaign/camp_9"
CUSTOMER = "cust_2"
THREE_MONTHS: ExpiryRules = Balance(Custom(Duration(months=3)))
LAST_DAY = date(2026, 12, 20)
TO_GOLD = TierUpgraded("camp_9", None, "gold", LAST_DAY, term_time_zone="Europe/Warsaw")


def home(entity_id: str) -> int:
    return partition_of(entity_key("told", "7", entity_id).encode(), CONFIG.partitions)


class Told:
    """A dialect that says whatever a test wants said."""

    def __init__(self) -> None:
        self.facts: list[tuple[str, EventBody, bool]] = []
        self.flow = Flow(CONFIG, processor=PROCESSOR)

    def read(self, value: bytes, record: RawRecord, _repairs: object) -> Reading:
        entity_id, body, customer = self.facts[int(value)]
        at_ms = ms("2026-09-20T10:00Z")
        event = CanonicalEvent(
            vendor="told",
            org_id="7",
            customer_id=entity_id if customer else None,
            key=entity_key("told", "7", entity_id),
            source_key=f"told|{value!r}",
            occurred_at=at_ms,
            vendor_timed=True,
            observed_at=at_ms,
            cause=Cause("told", None, record.topic, record.partition, record.offset),
            body=body,
        )
        return Reading("told", (event,))

    def tell(self, entity_id: str, body: EventBody, *, customer: bool = True) -> list[dict[str, Any]]:
        """Return what a fact causes, wherever it leads to."""
        self.facts.append((entity_id, body, customer))
        first = len(self.flow.derived())
        self.flow.raw(str(len(self.facts) - 1).encode(), partition=home(entity_id), dialect="told")
        return [json.loads(message.value or b"") for message in self.flow.derived()[first:]]

    def rules(self, rules: ExpiryRules | None) -> None:
        document = CampaignDocument(tier_expiry=rules)
        self.tell(CAMPAIGN, CampaignVersionStated("camp_9", document), customer=False)

    def computed(self) -> date | None:
        state = self.flow.rows()[f"tiers|{entity_key('told', '7', CUSTOMER)}"].state
        found: date | None = state.programs["camp_9"].computed_expires_on
        return found


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told()
    monkeypatch.setitem(DIALECTS, "told", Dialect("told", told.read, lambda _tree, _repairs: b""))
    return told


def test_the_customer_and_the_campaign_live_on_two_partitions() -> None:
    assert home(CUSTOMER) != home(CAMPAIGN)


def test_a_tier_that_is_reached_carries_the_last_day_that_the_rules_give_it(told: Told) -> None:
    told.rules(THREE_MONTHS)
    assert [event["type"] for event in told.tell(CUSTOMER, TO_GOLD)] == ["TierChanged"]
    assert told.computed() == LAST_DAY


def test_a_vendor_who_states_another_day_than_its_own_rules_give_is_reported(told: Told) -> None:
    told.rules(THREE_MONTHS)
    _, drift = told.tell(CUSTOMER, TierUpgraded("camp_9", None, "gold", date(2026, 12, 31), "Europe/Warsaw"))
    assert drift["type"] == "TierDriftDetected"
    assert drift["key"] == entity_key("told", "7", CUSTOMER)
    assert drift["data"] == {
        "program_id": "camp_9",
        "ours": "2026-12-20",
        "theirs": "2026-12-31",
        "field": "expires_on",
    }


@pytest.mark.parametrize(
    "body",
    [
        TierDowngraded("camp_9", "gold", "silver", LAST_DAY, "Europe/Warsaw"),
        TierRenewed("camp_9", "gold", LAST_DAY, "Europe/Warsaw"),
    ],
    ids=lambda body: type(body).__name__,
)
def test_a_tier_that_is_fallen_to_or_renewed_has_a_term_too(told: Told, body: EventBody) -> None:
    told.rules(THREE_MONTHS)
    told.tell(CUSTOMER, TierUpgraded("camp_9", None, "gold"))
    assert told.computed() is None
    told.tell(CUSTOMER, body)
    assert told.computed() == LAST_DAY


def test_a_campaign_that_is_not_known_or_has_no_rules_does_not_answer(told: Told) -> None:
    told.tell(CUSTOMER, TO_GOLD)
    told.rules(None)
    told.tell(CUSTOMER, TierRenewed("camp_9", "gold", LAST_DAY, "UTC"))
    assert told.computed() is None


def test_a_tier_that_lasts_for_as_long_as_the_balance_does_has_no_last_day(told: Told) -> None:
    told.rules(Balance(BalanceDrop()))
    assert len(told.tell(CUSTOMER, TO_GOLD)) == 1
    assert told.computed() is None


@pytest.mark.parametrize(
    "body", [TierUpgraded("camp_9", None, "gold", LAST_DAY), TierDowngraded("camp_9", "gold", None, None, "UTC")]
)
def test_nothing_is_asked_where_the_vendor_has_no_such_rules_or_the_customer_holds_no_tier(
    told: Told, body: EventBody
) -> None:
    told.tell(CUSTOMER, body)
    assert not any(message.topic == CONFIG.canonical_topic for message in told.flow.messages)


def test_a_time_zone_that_is_none_is_a_dead_letter_and_the_tier_stands(told: Told) -> None:
    told.rules(THREE_MONTHS)
    told.tell(CUSTOMER, TierUpgraded("camp_9", None, "gold", LAST_DAY, "Mars/Olympus"))
    letters = [message for message in told.flow.messages if message.topic == CONFIG.dead_letter_topic]
    assert [dict(letter.headers or ())["loyalty_reason"] for letter in letters] == [b"wrong_type"]
    assert told.computed() is None
