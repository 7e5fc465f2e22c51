"""What a programme owes is what its customers hold, whatever happened and however it was cut into batches."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.internal import OF_PROGRAMS
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.simulate import SIMULATIONS, SimulatedRecord, SimulationOptions, make_simulation
from loyalty_stream.simulate.options import Dialect
from tests.helpers.flow import Flow, Record
from tests.helpers.simulated import feed
from tests.helpers.stepped import Stepped
from tests.helpers.strategies import readable_of, values
from tests.helpers.totals import Table, assert_totals

PARTITIONS = 3
CONFIG = PipelineConfig(partitions=PARTITIONS, output_format="json", dead_letter_limit=1)
ALONE = PipelineConfig(partitions=1, output_format="json", dead_letter_limit=1)
PROCESSOR, PROCESSOR_ALONE = Processor(CONFIG), Processor(ALONE)

golden = st.sampled_from([(case.value, dialect) for dialect in SIMULATIONS for case in readable_of(dialect)])
foreign = st.tuples(values(), st.just("capillary"))
mixes = st.lists(st.tuples(golden | foreign, st.integers(0, PARTITIONS - 1)), min_size=1, max_size=12)


@given(mixes, st.data())
def test_totals_are_right_after_every_step_of_what_is_under_way(
    mix: list[tuple[tuple[bytes, Dialect], int]], data: st.DataObject
) -> None:
    flow = Stepped(CONFIG, PROCESSOR)
    for (value, dialect), partition in mix:
        flow.raw(value, partition=partition, dialect=dialect)
        assert_totals(flow.tables)
        while lanes := flow.ready():
            lane = data.draw(st.none() | st.sampled_from(lanes))
            if lane is None:
                break
            flow.step(*lane)
            assert_totals(flow.tables)
    flow.settle()
    assert_totals(flow.tables)


def simulated(dialect: Dialect, events: int) -> list[SimulatedRecord]:
    options = SimulationOptions(dialect=dialect, events=events, customers=60, seed=7, bulk="others")
    return list(make_simulation(options).records())


@pytest.mark.parametrize("dialect", SIMULATIONS)
def test_simulated_customers_who_merge_and_are_erased_leave_the_right_totals(dialect: Dialect) -> None:
    flow = Flow(CONFIG, cached_max=20)
    for number, record in enumerate(simulated(dialect, 3_000)):
        feed(flow, dialect, record)
        if number % 300 == 0:
            assert_totals(flow.tables)
    assert_totals(flow.tables)


@pytest.mark.parametrize("dialect", SIMULATIONS)
def test_totals_have_the_same_bytes_however_the_batches_are_cut(dialect: Dialect) -> None:
    records = [
        Record(f"loyalty.raw.{dialect}", 0, offset, record.timestamp_ms, record.key, record.value, record.headers)
        for offset, record in enumerate(simulated(dialect, 1_000))
    ]
    one_by_one, at_once = (reduced(dialect, records, batch) for batch in (1, 333))
    assert one_by_one == at_once
    if dialect in {"capillary", "voucherify"}:
        assert {key.partition(b"|")[0].decode() for key in at_once} > OF_PROGRAMS


def reduced(dialect: Dialect, records: Sequence[Record], batch: int) -> Table:
    table: dict[bytes, bytes] = {}
    rows = RowCache(table.get, Processor.decode_row, Processor.encode_row)
    for start in range(0, len(records), batch):
        PROCESSOR_ALONE.process_raw(dialect, 0, records[start : start + batch], rows)
        for key, row in rows.take_written().items():
            if row is None:
                table.pop(key, None)
            else:
                table[key] = row
    return table
