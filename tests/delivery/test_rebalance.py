"""Workers come, go and take over amid the stream, and nobody outside can tell."""

import pytest

from tests.delivery.oracle import assert_exact
from tests.delivery.stream import Stream, Traffic
from tests.kafka.client import wait_until

pytestmark = pytest.mark.slow

MORE = 500  # records between what happens


@pytest.mark.long
def test_workers_join_leave_and_die_while_the_stream_goes_on(stream: Stream, short: Traffic) -> None:
    events = len(short.records)
    with stream.feeding(short.records):
        first = stream.worker("a")
        stream.wait_consumed(MORE)
        second = stream.worker("b")
        assert wait_until(lambda: second.owned() == first.owned() == 2, 30)
        stream.wait_consumed(stream.consumed() + MORE)
        assert first.stop() == 0
        assert wait_until(lambda: second.owned() == 4, 30)
        stream.wait_consumed(stream.consumed() + MORE)
        third = stream.worker("a")
        assert wait_until(lambda: third.owned() == second.owned() == 2, 30)
        stream.wait_consumed(stream.consumed() + MORE)
        second.kill()
        assert 0 < stream.consumed() < events
    stream.wait_done(events)
    assert_exact(stream, short.simulation.answer)


def test_a_worker_that_was_stalled_past_its_session_commits_nothing_more(stream: Stream, short: Traffic) -> None:
    events = len(short.records)
    stream.publish(short.records)
    zombie = stream.worker("zombie", transaction_records_max=1_000)
    stream.wait_consumed(events // 4)
    zombie.freeze()
    assert 0 < stream.consumed() < events
    stream.worker("heir")
    stream.wait_done(events)
    ends, tallies = stream.ends(), stream.tallies()
    zombie.thaw()
    assert zombie.wait_end() == 3
    assert "another worker has taken over" in zombie.log_text
    assert (stream.ends(), stream.tallies()) == (ends, tallies)
    assert_exact(stream, short.simulation.answer)


@pytest.mark.long
def test_a_standby_takes_over_amid_the_stream(stream: Stream, short: Traffic) -> None:
    events = len(short.records)
    with stream.feeding(short.records):
        first = stream.worker("a", standby_replicas=1)
        stream.wait_consumed(MORE)
        second = stream.worker("b", standby_replicas=1)
        assert wait_until(lambda: second.owned() == first.owned() == 2, 30)
        stream.wait_consumed(stream.consumed() + MORE)
        first.kill()
        assert wait_until(lambda: second.owned() == 4, 30)
    stream.wait_done(events)
    assert_exact(stream, short.simulation.answer)
