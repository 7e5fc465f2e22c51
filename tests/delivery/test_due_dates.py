"""What falls due with each new day is told exactly once, whatever is killed while days pass."""

import shutil
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Final

import pytest
from msgspec.structs import replace

from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.due import ENTRIES_MAX
from tests.delivery.oracle import Output, assert_as_expected, assert_exact, output_of
from tests.delivery.stream import PARTITIONS, Stream, simulate
from tests.kafka.client import Record, produce
from tests.unit.pipeline.people import encoded, expired, issued

pytestmark = [pytest.mark.slow, pytest.mark.long]

EVENTS = 20_000
SMALL = 500
"""Records of a transaction at most: of a day's records, or of two days'."""


MANY: Final = 6 * ENTRIES_MAX - 1_000
"""So many customers of one partition, whose points expire on one day."""
DAY_MS: Final = 24 * 60 * 60 * 1000


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


def test_a_day_on_which_very_much_falls_due_is_told_in_parts_each_once_though_it_is_killed_between_them(
    stream: Stream,
) -> None:
    stream.config = replace(stream.config, due_dates="all")
    now = int(time.time() * 1000)
    expires_on = (datetime.fromtimestamp(now / 1000, UTC) + timedelta(6)).date().isoformat()
    of_partition_0 = (each for each in count(4_100_000) if partition_of(key_of(each), PARTITIONS) == 0)
    customers = list(islice(of_partition_0, MANY))
    lots = [{"points": 60, "expiryAt": expires_on}]
    earned = [
        record(each, issued(each, 60, f"e-{each}", now, regularPointsBreakup=lots), now - 2 * DAY_MS)
        for each in customers
    ]
    brings_the_day = record(customers[-1], expired(customers[-1], 60, "last", now), now - DAY_MS)
    produce(stream.broker, stream.raw, [*earned, brings_the_day])
    worker = stream.worker(due_dates="all", transaction_records_max=ENTRIES_MAX)
    stream.wait_consumed(MANY)
    worker.kill()
    assert stream.consumed() == MANY, "the day was through before the worker was killed"
    told = told_of(output_of(stream), "PointsExpiringSoon")
    assert 0 < told < MANY
    stream.worker(due_dates="all")
    stream.wait_done(MANY + 1)
    output = assert_as_expected(stream)
    assert told_of(output, "PointsExpiringSoon") == MANY


def key_of(customer: int) -> bytes:
    return f"capillary:9300:{customer}".encode()


def record(customer: int, event: dict[str, object], timestamp_ms: int) -> Record:
    return Record(key_of(customer), encoded(event), timestamp_ms=timestamp_ms)
