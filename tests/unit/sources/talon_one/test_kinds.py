"""Tell Talon.One's notifications apart."""

import json
from typing import Any

import pytest

from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.talon_one import DIALECT
from loyalty_stream.sources.talon_one.kinds import kind_named
from tests.golden.cases import HERE
from tests.helpers.flow import Record

KINDS = [kind for kind in DIALECT.makes if kind != "campaign_notifications"]


def document(kind: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((HERE / "talon_one" / f"{kind}.sample" / "input.json").read_text())
    return loaded


def read(value: object, **headers: str) -> Reading | Rejected:
    pairs = tuple((name, text.encode()) for name, text in headers.items())
    return decode(DIALECT, Record(value=json.dumps(value).encode(), headers=pairs), [])


def name_of(reading: Reading | Rejected) -> str:
    assert isinstance(reading, Reading)
    return reading.event_name


@pytest.mark.parametrize("kind", KINDS)
def test_each_notification_is_told_by_its_fields_alone(kind: str) -> None:
    assert name_of(read(document(kind))) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_notification_in_a_batch_is_the_same_fact_under_the_same_source_key(kind: str) -> None:
    alone, batched = read(document(kind)), read({"NotificationType": kind, "Data": [document(kind)]})
    assert alone == batched


@pytest.mark.parametrize("kind", KINDS)
def test_a_notification_beside_others_of_another_kind_has_the_same_source_key(kind: str) -> None:
    others = [{"event": other, **document(other)} for other in KINDS if other != kind]
    alone, mixed = read(document(kind)), read({"Data": [{"event": kind, **document(kind)}, *others]})
    assert isinstance(alone, Reading)
    assert isinstance(mixed, Reading)
    assert mixed.event_name == "campaign_notifications"
    assert (mixed.events[0].source_key, mixed.events[0].body) == (alone.events[0].source_key, alone.events[0].body)


@pytest.mark.parametrize(
    "written",
    ["campaign_state_changed", "CampaignStateChanged", "Campaign state changed", "CampaignStateChangedWebhook"],
)
def test_a_name_is_known_however_it_is_written(written: str) -> None:
    assert kind_named(written) == "campaign_state_changed"


@pytest.mark.parametrize("header", ["loyalty_event", "NotificationType"])
def test_a_header_names_what_the_fields_do_not_tell(header: str) -> None:
    unnamed = {"campaign": document("campaign_state_changed")["campaign"]}
    assert isinstance(read(unnamed), Rejected)
    assert name_of(read(unnamed, **{header: "campaign_created"})) == "campaign_created"


def test_an_items_own_word_goes_before_that_of_its_batch() -> None:
    item = {"event": "campaign_ruleset_changed", **document("campaign_rules_changed")}
    assert name_of(read({"NotificationType": "campaign_edited", "Data": [item]})) == "campaign_rules_changed"


@pytest.mark.parametrize("value", [{}, {"foo": 1}, {"Data": [{}]}, {"campaign": None}, {"ruleset": {"campaignId": 1}}])
def test_what_has_none_of_the_shapes_is_unknown(value: dict[str, Any]) -> None:
    reading = read(value)
    assert isinstance(reading, Rejected)
    assert reading.reason is DeadLetterReason.UNKNOWN_EVENT


def test_the_organisation_is_that_of_the_header() -> None:
    reading = read(document("campaign_deleted"), loyalty_org_id="58001")
    assert isinstance(reading, Reading)
    assert reading.events[0].key == "talon_one:58001:campaign/4711"
