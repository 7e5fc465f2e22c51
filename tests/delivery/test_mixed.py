"""Several vendors at once: each on a raw topic of its own, all in one table, whatever is killed."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from loyalty_stream.simulate import SimulationOptions, mixed
from tests.delivery.oracle import assert_answer, output_of
from tests.delivery.stream import APART, Stream

pytestmark = pytest.mark.slow

EVENTS = 20_000
DRAFT = SimulationOptions(events=EVENTS, customers=1_000, seed=5, **APART)  # type: ignore[arg-type]  # as they are


def test_a_kill_amid_the_traffic_of_all_vendors_loses_nothing_and_repeats_nothing(
    make_stream: Callable[..., Stream],
) -> None:
    traffic = mixed(replace(DRAFT, start_ms=int(time.time() * 1000) - mixed(DRAFT).span_ms_max))
    stream = make_stream(dialects=traffic.dialects)
    stream.publish_mixed(traffic.records())
    for share in (0.2, 0.5):
        worker = stream.worker(transaction_records_max=1_000)
        stream.wait_consumed(int(EVENTS * share))
        worker.kill()
        assert 0 < stream.consumed() < EVENTS
    stream.worker()
    stream.wait_done(EVENTS)
    traffic.answer.tier_terms.clear()  # the rules of a campaign may lie on a partition that is behind
    assert_answer(stream, traffic.answer, output_of(stream))
    assert all(stream.tally(topic).consumed for topic in stream.raws.values())
