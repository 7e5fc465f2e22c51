import json
from collections import Counter
from itertools import groupby, pairwise
from typing import Any

import pytest

from loyalty_stream.model.keys import partition_of
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, make_simulation
from loyalty_stream.simulate.talon_one import dirt
from loyalty_stream.simulate.talon_one.bad import BAD
from loyalty_stream.simulate.talon_one.envelopes import ENVELOPES, MIXED
from loyalty_stream.sources.talon_one import DIALECT
from tests.golden.cases import HERE
from tests.helpers.flow import Flow
from tests.helpers.simulated import assert_right, flow_of

Made = tuple[Simulation, list[SimulatedRecord]]
KINDS = {*DIALECT.makes} - {MIXED}


def options(**given: Any) -> SimulationOptions:  # noqa: ANN401 - whatever the options take
    return SimulationOptions(**{"dialect": "talon_one", "dirt_share": 0.1, "duplicate_share": 0.05, **given})


@pytest.fixture(scope="module")
def made() -> Made:
    simulation = make_simulation(options(events=6_000, seed=11, bulk="others"))
    return simulation, list(simulation.records())


def items(record: SimulatedRecord) -> list[dict[str, Any]]:
    """Return the notifications of a clean record."""
    value = json.loads(record.value)
    found: list[dict[str, Any]] = value.get("Data", [value])
    return found


@pytest.mark.parametrize("keying", ["customer", "mobile", "none"])
def test_the_same_options_give_the_same_bytes_and_answer(keying: str) -> None:
    one, two = (make_simulation(options(events=1_500, seed=5, keying=keying)) for _ in range(2))
    assert list(one.records()) == list(two.records())
    assert one.answer.dump() == two.answer.dump()
    other = make_simulation(options(events=1_500, seed=6, keying=keying))
    assert list(other.records()) != list(make_simulation(options(events=1_500, seed=5, keying=keying)).records())


def test_the_records_can_be_read_once_only() -> None:
    simulation = make_simulation(options(events=1))
    list(simulation.records())
    with pytest.raises(RuntimeError, match="make a new simulation"):
        simulation.records()


def test_every_notification_comes_in_every_envelope(made: Made) -> None:
    seen = {(record.event_name, record.envelope) for record in made[1] if record.note == "good"}
    assert {(kind, envelope) for kind in KINDS for envelope in ENVELOPES} <= seen
    assert (MIXED, "batch") in seen
    assert max(len(items(record)) for record in made[1] if record.note == "good") == 4


def test_a_header_names_what_another_form_tells_by_its_fields(made: Made) -> None:
    named = [record for record in made[1] if record.note == "good" and record.envelope == "named"]
    assert {name for record in named for name, _ in record.headers} >= {"loyalty_event", "NotificationType"}
    assert all("event" not in json.loads(record.value) for record in named)


def test_a_creation_tells_the_campaign_as_an_object_or_as_the_word_for_its_state(made: Made) -> None:
    campaigns = [
        items(record)[0]["campaign"]
        for record in made[1]
        if record.note == "good" and record.event_name == "campaign_created"
    ]
    assert {type(campaign) for campaign in campaigns} == {dict, str}


def test_every_kind_of_dirt_and_every_flaw_occurs(made: Made) -> None:
    seen = Counter(record.note for record in made[1])
    dirty = {kind for note in seen if note.startswith("dirty:") for kind in note.removeprefix("dirty:").split("+")}
    assert dirty == set(dirt.KINDS)
    assert {note.removeprefix("bad:") for note in seen if note.startswith("bad:")} == {r.value for r, _ in BAD}
    assert {"duplicate:exact", "duplicate:redelivered", "duplicate:dirty", "unknown", "good"} <= set(seen)


def test_every_reason_is_made_that_the_dialect_can_give(made: Made) -> None:
    elsewhere = {
        *("missing_customer", "missing_event_name", "timestamp_out_of_range", "conflict", "balance_out_of_range"),
        *("merge_with_itself", "merge_cycle", "merged_already"),
    }
    assert set(made[0].answer.dead_letters) == {reason.value for reason in DeadLetterReason} - elsewhere


def test_the_answer_holds_campaigns_in_every_state_deleted_ones_and_limits_that_are_near(made: Made) -> None:
    campaigns = made[0].answer.campaigns.values()
    assert {campaign.state for campaign in campaigns} >= {
        *("active", "draft", "disabled", "not_started", "expired", "archived"),
    }
    assert any(campaign.deleted_at is not None for campaign in campaigns)
    assert any(campaign.near for campaign in campaigns)
    assert all(application.positions for application in made[0].answer.applications.values())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_fields_of_the_vendors_form_are_made(kind: str, made: Made) -> None:
    printed = json.loads((HERE / "talon_one" / f"{kind}.sample" / "input.json").read_text())
    batched = json.loads((HERE / "talon_one" / f"{kind}.batched" / "input.json").read_text())
    good = [record for record in made[1] if record.note == "good" and record.event_name == kind]
    alone = set().union(*(json.loads(record.value) for record in good if record.envelope != "batch"))
    assert {*printed} <= alone
    batches = [json.loads(record.value) for record in good if record.envelope == "batch"]
    assert {*batched} <= set().union(*batches)
    assert {*batched["Data"][0]} <= {key for batch in batches for item in batch["Data"] for key in item}
    for name in ("campaign", "application", "ruleset"):
        if isinstance(printed.get(name), dict):
            objects = [item[name] for record in good for item in items(record) if isinstance(item.get(name), dict)]
            assert {*printed[name]} <= set().union(*objects)


def test_no_header_names_the_only_organisation_and_each_of_several_has_its_own(made: Made) -> None:
    def orgs(records: list[SimulatedRecord]) -> set[bytes | None]:
        return {dict(record.headers).get("loyalty_org_id") for record in records if record.note == "good"}

    assert orgs(list(make_simulation(options(events=200, orgs=1)).records())) == {None}
    assert orgs(made[1]) == {b"8001", b"8002"}


def test_records_of_some_applications_are_keyed_by_the_application_only_where_asked_for(made: Made) -> None:
    def of_others(records: list[SimulatedRecord]) -> bool:
        return any(
            record.note == "good" and b":application/" in (record.key or b"") and "priorities" not in record.event_name
            for record in records
        )

    assert of_others(made[1])
    assert not of_others(list(make_simulation(options(events=2_000, seed=11)).records()))


def test_time_goes_strictly_forward_within_the_span(made: Made) -> None:
    given, times = made[0].options, [record.timestamp_ms for record in made[1]]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert given.start_ms < times[0] <= times[-1] <= given.start_ms + given.span_ms_max


def test_nothing_is_spoilt_when_all_shares_are_zero() -> None:
    none = {f"{name}_share": 0 for name in ("dirt", "duplicate", "unknown", "bad_bytes", "casing")}
    simulation = make_simulation(options(events=500, **none))
    assert {record.note for record in simulation.records()} == {"good"}
    assert simulation.answer.applied == 500


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "partitions", "bulk"), [(1, 1, "own"), (2, 4, "others")])
def test_the_pipeline_ends_with_the_answer(seed: int, partitions: int, bulk: str) -> None:
    simulation = make_simulation(options(events=20_000, seed=seed, bulk=bulk, conflict_share=0.02))
    flow = flow_of((("talon_one", record) for record in simulation.records()), partitions)
    assert_right(flow, simulation.answer)
    if bulk == "others":
        assert flow.tally.forwarded > 500


@pytest.mark.parametrize("first_is_last", [False, True])
def test_whole_partitions_one_after_the_other_give_the_right_answer(*, first_is_last: bool) -> None:
    simulation = make_simulation(options(events=3_000, seed=3, bulk="others"))
    flow = Flow(PipelineConfig(partitions=4, output_format="json", dead_letter_limit=1))

    def home(record: SimulatedRecord) -> int:
        return partition_of(record.key or b"", 4)

    for partition, group in groupby(sorted(simulation.records(), key=home, reverse=first_is_last), key=home):
        for record in group:
            flow.raw(
                record.value,
                dialect="talon_one",
                key=record.key,
                timestamp=record.timestamp_ms,
                headers=record.headers,
                partition=partition,
            )
    assert_right(flow, simulation.answer)
