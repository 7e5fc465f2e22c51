"""Whatever is killed, every effect is there exactly once, and the tables are right."""

import shutil

import pytest

from tests.delivery.oracle import assert_answer, assert_exact, output_of
from tests.delivery.stream import Stream, Traffic, simulate

pytestmark = pytest.mark.slow

SMALL = 1_000
"""Records of a transaction at most, so that there are many moments to be killed in."""


def test_three_kills_amid_the_stream_lose_nothing_and_repeat_nothing(stream: Stream, traffic: Traffic) -> None:
    events = len(traffic.records)
    stream.publish(traffic.records)
    for share in (0.2, 0.4, 0.6):
        worker = stream.worker(transaction_records_max=SMALL)
        stream.wait_consumed(int(events * share))
        worker.kill()
        assert 0 < stream.consumed() < events
    stream.worker()
    stream.wait_done(events)
    assert_exact(stream, traffic.simulation.answer)


@pytest.mark.long
def test_a_worker_that_lost_its_disk_recovers_everything_from_the_changelog(stream: Stream, short: Traffic) -> None:
    events = len(short.records)
    stream.publish(short.records)
    for share in (0.2, 0.6):
        worker = stream.worker(transaction_records_max=SMALL)
        stream.wait_consumed(int(events * share))
        worker.kill()
        assert 0 < stream.consumed() < events
    shutil.rmtree(worker.data_dir)
    stream.worker()
    stream.wait_done(events)
    assert_exact(stream, short.simulation.answer)


@pytest.mark.long
def test_coupons_of_other_customers_survive_a_kill_on_their_way(stream: Stream) -> None:
    records, simulation = simulate(events=20_000, customers=2_000, seed=8, bulk="others")
    stream.publish(records)
    worker = stream.worker(transaction_records_max=SMALL)
    stream.wait_consumed(8_000)
    worker.kill()
    assert 0 < stream.consumed() < len(records)
    stream.worker()
    stream.wait_done(len(records))
    assert stream.read(stream.canonical)
    assert_answer(stream, simulation.answer, output_of(stream))
