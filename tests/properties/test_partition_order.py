"""The right answer does not hang on which partition is ahead: only the records of one key are in order."""

from itertools import groupby

import pytest

from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.simulate import SIMULATIONS, SimulatedRecord, SimulationOptions, make_simulation
from loyalty_stream.simulate.options import Dialect
from tests.delivery.tables import assert_tables
from tests.helpers.flow import Flow

PARTITIONS = 4
CONFIG = PipelineConfig(partitions=PARTITIONS, output_format="json", dead_letter_limit=1)


def home(record: SimulatedRecord) -> int:
    return partition_of(record.key or b"", PARTITIONS)


@pytest.mark.parametrize("dialect", SIMULATIONS)
@pytest.mark.parametrize("first_is_last", [False, True])
def test_whole_partitions_one_after_the_other_give_the_right_answer(dialect: Dialect, *, first_is_last: bool) -> None:
    options = SimulationOptions(
        dialect=dialect,
        events=6_000,
        customers=300,
        seed=31,
        bulk="others",
        transfer_share=0,
        merge_share=0,
        bad_merge_share=0,
        erasure_share=0,
    )
    simulation, flow = make_simulation(options), Flow(CONFIG)
    records = sorted(simulation.records(), key=home, reverse=first_is_last)
    for partition, group in groupby(records, key=home):
        for record in group:
            flow.raw(
                record.value,
                key=record.key,
                headers=record.headers,
                timestamp=record.timestamp_ms,
                partition=partition,
                dialect=dialect,
            )
    simulation.answer.tier_terms.clear()  # the rules of a campaign may lie on a partition that comes later
    assert_tables(flow.tables, simulation.answer)
    tally, answer = flow.tally, simulation.answer
    assert (tally.applied, tally.duplicate) == (answer.applied, answer.duplicate)
    assert (tally.ignored, tally.dead_lettered) == (answer.ignored, answer.dead_lettered)
