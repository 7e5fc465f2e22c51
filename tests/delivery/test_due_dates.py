"""What falls due with each new day is told exactly once, whatever is killed while days pass."""

import shutil
from collections import Counter

import pytest
from msgspec.structs import replace

from tests.delivery.oracle import Output, assert_exact
from tests.delivery.stream import Stream, simulate

pytestmark = [pytest.mark.slow, pytest.mark.long]

EVENTS = 20_000
SMALL = 500
"""Records of a transaction at most: of a day's records, or of two days'."""


def told_of(output: Output, kind: str) -> int:
    """Return how many events of a type were caused by a day that passed."""
    types = Counter(
        dict(record.headers)["ce_type"]
        for records in output.records.values()
        for record in records
        if b"dayPassed" in (record.value or b"")
    )
    return types[f"loyalty.{kind}".encode()]


def test_days_that_pass_amid_kills_let_everything_fall_due_exactly_once(stream: Stream) -> None:
    stream.config = replace(stream.config, due_dates="all")
    records, simulation = simulate(events=EVENTS, customers=2_000, seed=20, interval_ms=1_200_000)
    stream.publish(records)
    for share in (0.2, 0.4, 0.6):
        worker = stream.worker(transaction_records_max=SMALL, due_dates="all")
        stream.wait_consumed(int(EVENTS * share))
        worker.kill()
        assert 0 < stream.consumed() < EVENTS
    shutil.rmtree(worker.data_dir)
    stream.worker(due_dates="all")
    stream.wait_done(EVENTS)
    output = assert_exact(stream, simulation.answer)
    assert told_of(output, "PointsExpiringSoon") > 1_000
    assert told_of(output, "CouponExpiringSoon") > 100
    assert told_of(output, "TierExpiringSoon") > 100
