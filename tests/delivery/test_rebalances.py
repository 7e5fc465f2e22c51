"""Workers that come and go without an end: each time, fetches of the assignment before are under way."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from loyalty_stream.simulate import SimulationOptions, mixed
from tests.delivery.oracle import assert_answer, output_of
from tests.delivery.stream import APART, Stream

pytestmark = [pytest.mark.slow, pytest.mark.long]

EVENTS = 30_000
SECONDS_MAX = 300
DRAFT = SimulationOptions(events=EVENTS, customers=2_000, seed=11, **APART)  # type: ignore[arg-type]  # as they are
AT_ONCE = 60
PAUSE_SECONDS = 0.03
REBALANCES_MIN = 20


@pytest.mark.timeout(2 * SECONDS_MAX)
def test_workers_that_come_and_go_all_the_time_lose_nothing_and_repeat_nothing(
    make_stream: Callable[..., Stream],
) -> None:
    traffic = mixed(replace(DRAFT, start_ms=int(time.time() * 1000) - mixed(DRAFT).span_ms_max))
    stream = make_stream(dialects=traffic.dialects)
    records = list(traffic.records())

    def feed() -> None:
        for at in range(0, EVENTS, AT_ONCE):
            stream.publish_mixed(records[at : at + AT_ONCE])
            time.sleep(PAUSE_SECONDS)

    stream.worker("steady").wait_ready()
    rebalances = 0
    with ThreadPoolExecutor(1) as thread:
        fed = thread.submit(feed)
        while not fed.done():
            passing = stream.worker("passing")
            passing.wait_ready()
            passing.stop()
            rebalances += 2
        fed.result()
    assert rebalances >= REBALANCES_MIN
    stream.wait_done(EVENTS)
    traffic.answer.tier_terms.clear()  # the rules of a campaign may lie on a partition that is behind
    assert_answer(stream, traffic.answer, output_of(stream))
