import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, make_simulation
from loyalty_stream.simulate.open_loyalty import dirt
from loyalty_stream.simulate.open_loyalty.bad import BAD
from loyalty_stream.sources.open_loyalty.row import COLUMNS
from tests.golden.cases import HERE
from tests.helpers.simulated import assert_right, flow_of

Made = tuple[Simulation, list[SimulatedRecord]]


def options(**given: Any) -> SimulationOptions:  # noqa: ANN401 - whatever the options take
    return SimulationOptions(**{"dialect": "open_loyalty", "dirt_share": 0.1, "conflict_share": 0.02, **given})


@pytest.fixture(scope="module")
def made() -> Made:
    simulation = make_simulation(options(events=6_000, seed=11))
    return simulation, list(simulation.records())


@pytest.fixture(scope="module")
def rows(made: Made) -> list[dict[str, Any]]:
    """The clean rows that were applied."""
    return [json.loads(record.value) for record in made[1] if record.note == "good"]


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


def test_every_column_of_the_export_is_made(rows: list[dict[str, Any]]) -> None:
    sample = json.loads((HERE / "open_loyalty" / "campaignExecution.sample" / "input.json").read_text())
    assert {*sample} == {*COLUMNS} == set().union(*rows)


def test_every_status_is_made_with_its_message_and_with_and_without_a_transaction(rows: list[dict[str, Any]]) -> None:
    seen = {(row["executionStatus"], bool(row.get("message")), bool(row.get("warningMessage"))) for row in rows}
    assert {("success", False, False), ("skipped", False, True), ("failed", True, False)} <= seen
    assert {bool(row.get("transactionId")) for row in rows} == {True, False}
    assert {bool(row.get("customerId")) for row in rows} == {True, False}
    assert {type(row["contextData"]) for row in rows} == {str, dict}


def test_rows_are_exported_again_newer_and_older(made: Made, rows: list[dict[str, Any]]) -> None:
    times: dict[str, list[str]] = {}
    for row in rows:
        moment = row.get("updatedAt") or row["createdAt"]
        times.setdefault(row["campaignExecutionId"], []).append(moment[:19].replace(" ", "T"))
    again = [pair for each in times.values() for pair in pairwise(each)]
    assert any(earlier < later for earlier, later in again)
    assert any(earlier > later for earlier, later in again)
    assert made[0].answer.duplicate > Counter(record.note for record in made[1])["duplicate:exact"]


def test_every_kind_of_dirt_and_every_flaw_occurs(made: Made) -> None:
    seen = Counter(record.note for record in made[1])
    dirty = {kind for note in seen if note.startswith("dirty:") for kind in note.removeprefix("dirty:").split("+")}
    assert dirty == set(dirt.KINDS)
    assert {note.removeprefix("bad:") for note in seen if note.startswith("bad:")} == {r.value for r, _ in BAD}
    assert {"duplicate:exact", "duplicate:redelivered", "duplicate:dirty", "conflict", "unknown", "good"} <= set(seen)


def test_every_reason_is_made_that_the_dialect_can_give(made: Made) -> None:
    elsewhere = {
        *("missing_customer", "missing_event_name", "unknown_event", "negative_amount", "amount_out_of_range"),
        *("merge_with_itself", "merge_cycle", "merged_already", "balance_out_of_range"),
    }
    assert set(made[0].answer.dead_letters) == {reason.value for reason in DeadLetterReason} - elsewhere


def test_rows_are_keyed_by_execution_or_by_member(made: Made) -> None:
    assert all((record.key or b"").startswith(b"open_loyalty:") for record in made[1])
    members = {record.key for record in make_simulation(options(events=500, customers=5, keying="mobile")).records()}
    assert len(members) < 100
    assert {record.key for record in make_simulation(options(events=50, keying="none")).records()} == {None}


def test_time_goes_strictly_forward_within_the_span(made: Made) -> None:
    given, times = made[0].options, [record.timestamp_ms for record in made[1]]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert given.start_ms < times[0] <= times[-1] <= given.start_ms + given.span_ms_max


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "partitions", "keying"), [(1, 1, "customer"), (2, 4, "customer"), (3, 4, "mobile")])
def test_the_pipeline_ends_with_the_answer(seed: int, partitions: int, keying: str) -> None:
    simulation = make_simulation(options(events=20_000, seed=seed, keying=keying))
    flow = flow_of((("open_loyalty", record) for record in simulation.records()), partitions)
    assert_right(flow, simulation.answer)
