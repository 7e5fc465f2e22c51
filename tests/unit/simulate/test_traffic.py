from itertools import pairwise

import pytest

from loyalty_stream.simulate import SIMULATIONS, OptionsError, SimulationOptions, make_simulation, mixed
from tests.helpers.simulated import assert_right, flow_of

DIALECTS = tuple(SIMULATIONS)


def test_the_events_are_split_over_all_dialects_in_the_order_of_their_times() -> None:
    traffic = mixed(SimulationOptions(events=1_000, customers=50))
    records = list(traffic.records())
    assert traffic.dialects == DIALECTS
    assert traffic.events == len(records) == traffic.answer.consumed == 1_000
    counts = [sum(name == dialect for name, _ in records) for dialect in DIALECTS]
    assert max(counts) - min(counts) <= 1
    assert all(one.timestamp_ms <= next_.timestamp_ms for (_, one), (_, next_) in pairwise(records))
    assert len({name for name, _ in records[:50]}) == len(DIALECTS)


def test_all_dialects_take_as_long_as_one_would() -> None:
    options = SimulationOptions(events=1_000, customers=50)
    traffic = mixed(options)
    last_ms = max(record.timestamp_ms for _, record in traffic.records())
    assert last_ms <= options.start_ms + traffic.span_ms_max
    assert 0.7 < (last_ms - options.start_ms) / (options.events * options.interval_ms) < 1.3


def test_the_same_options_give_the_same_bytes_and_answer() -> None:
    one, two = (mixed(SimulationOptions(events=900, customers=50, seed=3)) for _ in range(2))
    assert list(one.records()) == list(two.records())
    assert one.answer.dump() == two.answer.dump()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_traffic_of_one_dialect_is_that_of_its_simulation(dialect: str) -> None:
    options = SimulationOptions(events=300, customers=50, dialect=dialect)  # type: ignore[arg-type]
    alone = make_simulation(options)
    assert [record for _, record in mixed(options, [options.dialect]).records()] == list(alone.records())


@pytest.mark.parametrize("dialects", [[], ["capillary", "capillary"]])
def test_no_dialect_or_one_twice_is_refused(dialects: list[str]) -> None:
    with pytest.raises(OptionsError, match="name each dialect once"):
        mixed(SimulationOptions(), dialects)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "partitions", "bulk"), [(1, 1, "own"), (2, 4, "others")])
def test_the_pipeline_ends_with_the_one_answer(seed: int, partitions: int, bulk: str) -> None:
    options = SimulationOptions(events=20_000, customers=600, seed=seed, bulk=bulk, dirt_share=0.06)  # type: ignore[arg-type]
    traffic = mixed(options)
    flow = flow_of(traffic.records(), partitions)
    assert_right(flow, traffic.answer)
