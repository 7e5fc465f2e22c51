"""The pipeline ends with exactly the tables and counts of the simulation's own model."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from loyalty_stream.simulate import Answer, SimulationOptions, make_simulation
from tests.delivery.tables import assert_tables
from tests.helpers.flow import Flow, dead_letters_of, header

DIRTY = SimulationOptions(
    dialect="voucherify",
    events=20_000,
    customers=400,
    orgs=3,
    dirt_share=0.1,
    duplicate_share=0.05,
    conflict_share=0.02,
    erasure_share=0.002,
)


def processed(options: SimulationOptions) -> tuple[Flow, Answer]:
    """Process a whole stream; return what came of it and what must have."""
    simulation, flow = make_simulation(options), Flow()
    for record in simulation.records():
        flow.raw(
            record.value,
            key=record.key,
            headers=record.headers,
            timestamp=record.timestamp_ms,
            dialect=options.dialect,
        )
    return flow, simulation.answer


def told(flow: Flow) -> Counter[str]:
    """Count the derived events by type."""
    documents: list[dict[str, Any]] = [json.loads(message.value or b"") for message in flow.derived()]
    return Counter(document["type"] for document in documents)


@pytest.mark.parametrize(
    "options",
    [
        replace(DIRTY, seed=1),
        replace(DIRTY, seed=2, dirt_share=0.5, keying="none", opening_share=0.5, drift_share=0.2),
        replace(DIRTY, seed=3, customers=20, orgs=1, erasure_share=0.0005, transfer_share=0.1),
        replace(
            DIRTY, events=5_000, seed=4, orgs=4, start_ms=1_774_000_000_000, interval_ms=160_000
        ),  # clocks are put forward
        replace(DIRTY, events=5_000, seed=5, orgs=4, start_ms=1_792_000_000_000, interval_ms=800_000),  # and back
    ],
    ids=["usual", "dirty", "busy", "spring", "autumn"],
)
def test_all_tables_and_counts_are_those_of_the_answer(options: SimulationOptions) -> None:
    flow, answer = processed(options)
    tally = flow.tally
    assert (tally.consumed, tally.applied, tally.duplicate) == (answer.consumed, answer.applied, answer.duplicate)
    assert (tally.ignored, tally.dead_lettered) == (answer.ignored, answer.dead_lettered)
    letters = Counter(header(letter, "loyalty_reason") for letter in dead_letters_of(flow.messages))
    assert letters == answer.dead_letters
    assert_tables(flow.tables, answer)
    assert told(flow)["PointsTransferSettled"] == 2 * answer.transfers["settled"]
    assert told(flow)["CustomerErased"] == len(answer.erased)


def test_balances_that_do_not_drift_are_never_said_to() -> None:
    flow, _ = processed(replace(DIRTY, events=8_000, seed=6, drift_share=0, opening_share=0.5))
    assert told(flow)["BalanceChanged"] > 2_000
    assert told(flow)["BalanceDriftDetected"] == 0


def test_balances_that_drift_are_told_and_so_is_the_end() -> None:
    flow, _ = processed(replace(DIRTY, events=8_000, customers=60, seed=7, drift_share=1))
    assert told(flow)["BalanceDriftDetected"] > 20
    assert told(flow)["BalanceDriftResolved"] > 20
