"""The same input gives the same output: replayed, and however badly it is keyed."""

import pytest

from tests.delivery.conftest import MakeStream
from tests.delivery.oracle import assert_exact, assert_identity, output_of
from tests.delivery.stream import simulate

pytestmark = pytest.mark.slow

EVENTS = 15_000
CUSTOMERS = 2_000


def test_a_replay_into_a_fresh_app_id_tells_the_same_events_byte_by_byte(make_stream: MakeStream) -> None:
    """The replay reads the same raw topics and tells into the same derived topics, behind what the first run told.

    So not even the topic, partition and offset that each event names as its cause may differ.
    """
    records, simulation = simulate(events=EVENTS, customers=CUSTOMERS, seed=9)
    first = make_stream()
    first.publish(records)
    worker = first.worker()
    first.wait_done(EVENTS)
    worker.stop()
    told = assert_exact(first, simulation.answer)
    again = make_stream(first.config.topic_prefix)
    again.worker()
    again.wait_done(EVENTS)
    told_again = output_of(again)
    assert told_again.told(again.derived, after=told.ends()) == told.told(first.derived)
    assert told_again.rows == told.rows


@pytest.mark.long
def test_a_replay_of_badly_keyed_records_counts_and_tells_the_same(make_stream: MakeStream) -> None:
    records, simulation = simulate(events=3_000, customers=300, seed=12, keying="mobile")
    first = make_stream()
    first.publish(records)
    worker = first.worker()
    first.wait_done(len(records))
    worker.stop()
    told = output_of(first)
    again = make_stream(first.config.topic_prefix)
    again.worker()
    again.wait_done(len(records))
    assert_identity(again, simulation.answer)
    assert output_of(again).told(again.derived, after=told.ends()) == told.told(first.derived)


@pytest.mark.long
def test_badly_keyed_records_give_the_same_tables_and_events_through_a_kill(make_stream: MakeStream) -> None:
    """Each customer's records lie on one partition, which is seldom the right one."""
    good, bad = make_stream(), make_stream()
    well = simulate(events=EVENTS, customers=CUSTOMERS, seed=10)
    start_ms = well.simulation.options.start_ms
    badly = simulate(events=EVENTS, customers=CUSTOMERS, seed=10, keying="mobile", start_ms=start_ms)
    good.publish(well.records)
    good.worker()
    good.wait_done(EVENTS)
    good.workers[0].stop()
    bad.publish(badly.records)
    for consumed in (3_000, 6_000):
        worker = bad.worker(transaction_records_max=1_000)
        bad.wait_consumed(consumed)
        worker.kill()
        assert 0 < bad.consumed() < EVENTS
    bad.worker()
    bad.wait_done(EVENTS)
    raw, _ = bad.tallies()
    assert raw.forwarded > EVENTS / 2
    assert bad.rows() == good.rows()
    assert_exact(bad, badly.simulation.answer)
