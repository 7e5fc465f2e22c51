"""Read what Talon.One's notifications say."""

import json
from typing import Any

import pytest

from loyalty_stream.domains.campaigns import events
from loyalty_stream.domains.campaigns.document import Limit
from loyalty_stream.domains.campaigns.priorities import CampaignPosition, tier_for
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.talon_one import DIALECT
from tests.golden.cases import HERE, Case, all_cases
from tests.helpers.flow import TIMESTAMP, Record
from tests.unit.sources.talon_one.test_kinds import document, read

DIRTY = {"campaign_state_changed.dirty", "campaign_state_changed.impossible_date"}
CLEAN = [
    case
    for case in all_cases()
    if case.dialect == "talon_one" and case.event != "bad_input" and case.folder.name not in DIRTY
]


def event_of(value: dict[str, Any]) -> CanonicalEvent:
    reading = read(value)
    assert isinstance(reading, Reading), reading
    [event] = reading.events
    return event


def with_campaign(kind: str, **fields: object) -> dict[str, Any]:
    value = document(kind)
    return {**value, "campaign": {**value["campaign"], **fields}}


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case.name)
def test_clean_notifications_are_read_without_repairs_on_the_fast_path(case: Case) -> None:
    repairs: list[RepairKind] = []
    DIALECT.read(case.value, Record(value=case.value, headers=case.headers), repairs)
    assert repairs == []


@pytest.mark.parametrize(
    ("campaign_id", "rules_id", "expected"),
    [(5, 320, "5"), (0, 320, "320"), (None, 320, "320"), (5, 0, "5"), (0, 0, "0"), (0, None, "0"), (-1, 320, "320")],
)
def test_a_campaign_is_named_by_itself_unless_that_is_0_or_missing(
    campaign_id: int | None, rules_id: int | None, expected: str
) -> None:
    value = with_campaign("campaign_state_changed", id=campaign_id)
    assert event_of({**value, "ruleset": {**value["ruleset"], "campaignId": rules_id}}).key.endswith(
        f"campaign/{expected}"
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("running", "active"),
        ("disabled", "disabled"),
        ("scheduled", "not_started"),
        ("expired", "expired"),
        ("draft", "draft"),
        ("archived", "archived"),
    ],
)
def test_each_of_the_vendors_states_is_one_of_ours(word: str, state: str) -> None:
    body = event_of({**document("campaign_state_changed"), "newState": word}).body
    assert isinstance(body, events.CampaignStateMoved)
    assert (body.state, body.vendor_state) == (state, word)


@pytest.mark.parametrize("updated", ["2022-10-97T35:00:00Z", None])
def test_without_a_usable_time_the_records_own_stands_in_and_is_counted(updated: str | None) -> None:
    value = json.dumps(with_campaign("campaign_state_changed", updated=updated)).encode()
    repairs: list[RepairKind] = []
    reading = decode(DIALECT, Record(value=value), repairs)
    assert isinstance(reading, Reading)
    assert (reading.events[0].occurred_at, reading.events[0].vendor_timed) == (TIMESTAMP, False)
    assert repairs == [RepairKind.TIME_FALLBACK]


def test_a_limit_is_compared_with_its_own_total_only_where_it_is_the_whole_campaigns() -> None:
    limits = [
        {"action": "createCoupon", "limit": 10, "entities": ["Coupon"]},
        {"action": "redeemCoupon", "limit": 10, "entities": ["Coupon"]},
        {"action": "setDiscount", "limit": "10.5", "period": "daily", "entities": []},
        {"action": "doSomethingNew", "limit": 10, "entities": []},
    ]
    body = event_of(with_campaign("campaign_state_changed", limits=limits)).body
    assert isinstance(body, events.CampaignStateMoved)
    totals = {gauge.name: gauge.value for gauge in body.document.gauges}
    assert [limit.used for limit in body.document.limits] == [
        totals["coupons_created"],
        None,
        totals["discounts"],
        None,
    ]
    assert all(isinstance(limit, Limit) for limit in body.document.limits)


def test_a_total_that_is_no_number_states_nothing_and_spoils_nothing() -> None:
    body = event_of(with_campaign("campaign_state_changed", discountCount="many", callApiEffectCount=0.1e-12)).body
    assert isinstance(body, events.CampaignStateMoved)
    assert {"discounts", "api_calls"}.isdisjoint(gauge.name for gauge in body.document.gauges)


def test_totals_and_editors_are_no_edit() -> None:
    value = document("campaign_edited")
    value["campaign"] = {**value["oldCampaign"], "couponCreationCount": 99, "updatedBy": "Max", "updated": "2026-09-20"}
    body = event_of(value).body
    assert isinstance(body, events.CampaignEdited)
    assert body.changed == ()


def test_an_edit_without_the_version_before_is_a_dead_letter() -> None:
    value = {"event": "campaign_edited", "campaign": document("campaign_edited")["campaign"]}
    assert isinstance(read(value), Rejected)


def test_a_campaign_that_was_deleted_is_timed_by_its_deletion() -> None:
    event = event_of(document("campaign_deleted"))
    assert event.vendor_timed
    assert event.occurred_at == 1_790_031_600_000


def test_positions_go_before_the_sets_and_sets_are_read_without_them() -> None:
    value = document("campaign_priorities_changed")
    body = event_of({**value, "priorities": {"exclusive": [1]}}).body
    assert isinstance(body, events.CampaignPrioritiesSet)
    assert body.positions[0] == CampaignPosition("universal", 1, "4712")
    del value["prioritiesPositions"]
    body = event_of({**value, "priorities": {" exclu sive": ["7", 8.0]}}).body
    assert isinstance(body, events.CampaignPrioritiesSet)
    assert body.positions == (CampaignPosition("exclusive", 1, "7"), CampaignPosition("exclusive", 2, "8"))


@pytest.mark.parametrize("where", ["priorities", "oldPriorities"])
def test_two_sets_that_are_one_once_repaired_are_never_guessed_at(where: str) -> None:
    value = document("campaign_priorities_changed")
    for listed in ("prioritiesPositions", "oldPrioritiesPositions"):
        value.pop(listed, None)
    reading = read({**value, where: {"exclusive": [7], "exclu sive": [8]}})
    assert isinstance(reading, Rejected)
    assert reading.reason == DeadLetterReason.DUPLICATE_KEYS


def test_tiers_of_a_programme_are_read_in_either_spelling_of_its_id() -> None:
    body = event_of(document("campaign_priorities_changed")).body
    assert isinstance(body, events.CampaignPrioritiesSet)
    [program] = body.programs
    assert program.program_id == "141"
    names = [tier_for(program.tiers, step.points_min) for step in program.tiers]
    assert [tier.name for tier in names if tier] == ["Gold", "Silver", "Bronze"]


def test_two_notifications_that_differ_are_two_and_one_that_comes_again_is_one() -> None:
    one, other = document("campaign_state_changed"), with_campaign("campaign_state_changed", couponCreationCount=61)
    assert event_of(one).source_key == event_of(one).source_key != event_of(other).source_key


def test_the_vendors_samples_are_there_for_each_kind() -> None:
    assert {folder.name for folder in HERE.glob("talon_one/*.sample")} == {
        f"{kind}.sample" for kind in DIALECT.makes if kind != "campaign_notifications"
    }
