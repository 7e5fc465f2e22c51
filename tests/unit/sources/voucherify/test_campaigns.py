"""Read the events that hold a campaign: each states a version of it, but for the one that says it is gone."""

from typing import Any

import pytest

from loyalty_stream.domains.campaigns.events import CampaignRemoved, CampaignVersionStated
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.voucherify_campaigns import CampaignObject, read_campaign
from tests.helpers.instants import ms
from tests.unit.sources.voucherify.vendor import CREATED_AT_MS, activity, events_of, read, rejected

CREATED = "2026-03-01T08:00:00Z"
UPDATED = "2026-03-02T10:15:29.999Z"
OBJECT: dict[str, Any] = {"id": "camp_1", "name": "Spring", "object": "campaign", "active": True}
VERSIONS = ["created", "updated", "enabled", "disabled"]


def event(change: str, campaign: dict[str, Any] = OBJECT, **data: object) -> dict[str, Any]:
    return activity(f"campaign.{change}", {"campaign": campaign, **data})


def one(record: dict[str, Any]) -> CanonicalEvent:
    (only,) = events_of(record)
    return only


@pytest.mark.parametrize("change", VERSIONS)
def test_an_event_states_the_version_of_the_campaign_that_it_holds(change: str) -> None:
    stated = one(event(change))
    fact = read_campaign(CampaignObject("camp_1", "Spring", "campaign", active=True), "UTC")
    assert stated.body == fact.body
    assert (stated.customer_id, stated.key) == (None, "voucherify:0:campaign/camp_1")
    assert stated.cause.event_name == f"campaign.{change}"
    assert stated.source_key == f"voucherify|0|campaign.{change}|evcus_1|"


@pytest.mark.parametrize(
    ("campaign", "at_ms"),
    [
        ({**OBJECT, "created_at": CREATED, "updated_at": UPDATED}, ms(UPDATED)),
        ({**OBJECT, "created_at": CREATED, "updated_at": None}, ms(CREATED)),
        ({**OBJECT, "created_at": CREATED, "updated_at": "2022-10-97T35:00:00Z"}, CREATED_AT_MS),
        (OBJECT, CREATED_AT_MS),
    ],
)
def test_a_version_stands_as_of_its_update_else_its_creation_else_its_event(
    campaign: dict[str, Any], at_ms: int
) -> None:
    stated = one(event("updated", campaign))
    assert (stated.occurred_at, stated.vendor_timed) == (at_ms, True)


def test_the_days_of_the_week_are_those_of_the_projects_time_zone() -> None:
    reading = read(event("created"), headers=(("loyalty_time_zone", b"Europe/Warsaw"),))
    assert isinstance(reading, Reading)
    (stated,) = reading.events
    assert isinstance(stated.body, CampaignVersionStated)
    assert stated.body.document.time_zone == "Europe/Warsaw"


@pytest.mark.parametrize(("deleted_at", "at_ms"), [(UPDATED, ms(UPDATED)), (None, CREATED_AT_MS), ("-", CREATED_AT_MS)])
def test_a_deletion_removes_the_campaign_as_of_when_it_was_deleted(deleted_at: str | None, at_ms: int) -> None:
    removed = one(event("deleted", deleted_at=deleted_at))
    assert removed.body == CampaignRemoved("camp_1")
    assert (removed.key, removed.occurred_at) == ("voucherify:0:campaign/camp_1", at_ms)


@pytest.mark.parametrize("change", [*VERSIONS, "deleted"])
def test_dirt_is_mended(change: str) -> None:
    repairs: list[RepairKind] = []
    dirty = activity(f"campaign.{change} ", {"cam paign": {**OBJECT, "id": " camp_1"}})
    reading = read(dirty, repairs)
    assert isinstance(reading, Reading)
    assert reading.events == events_of(event(change))
    assert sorted(repairs) == [RepairKind.KEY_WHITESPACE, RepairKind.VALUE_WHITESPACE, RepairKind.VALUE_WHITESPACE]


@pytest.mark.parametrize("change", [*VERSIONS, "deleted"])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, DeadLetterReason.MISSING_FIELD),
        ({"campaign": {"object": "campaign"}}, DeadLetterReason.MISSING_FIELD),
        ({"campaign": "camp_1"}, DeadLetterReason.WRONG_TYPE),
        (None, DeadLetterReason.MISSING_FIELD),
    ],
)
def test_an_event_that_does_not_say_of_which_campaign_is_refused(
    change: str, data: object, reason: DeadLetterReason
) -> None:
    assert rejected(activity(f"campaign.{change}", data)).reason is reason


def test_an_event_of_a_campaign_that_is_not_known_is_refused() -> None:
    assert rejected(event("renamed")).reason is DeadLetterReason.UNKNOWN_EVENT
