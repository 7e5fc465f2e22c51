"""The view of a million customers, built anew."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from loyalty_stream.domains.points.state import Account, Lot, PointsState
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.keys import partition_of
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.pipeline.table import encode_row
from tests.delivery.stream import PARTITIONS, Stream
from tests.delivery.view import PREFIX, ViewProcess
from tests.redis.local import LocalRedis

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.marathon]

CUSTOMERS = 1_000_000
SECONDS_MAX = 2_000


@pytest.mark.timeout(2 * SECONDS_MAX)
def test_a_million_customers_are_built_anew_while_the_view_follows(
    stream: Stream, redis: LocalRedis, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    write_tables(stream)
    view = ViewProcess(stream, redis, tmp_path / "view")
    view.start()
    try:
        view.wait_ready(SECONDS_MAX)
        rebuild = view.rebuild()
        assert rebuild.wait_end(SECONDS_MAX) == 0
        done = json.loads(rebuild.log_text.splitlines()[-1])
    finally:
        view.kill()
    assert (done["generation"], done["rows"]) == (2, 2 * CUSTOMERS)
    record_property("rebuild", done)
    with redis.client() as reader:
        for number in (0, CUSTOMERS // 2, CUSTOMERS - 1):
            found: Any = reader.hgetall(f"{PREFIX}:2:{{{key_of(number)}}}:points")
            assert json.loads(found["data"])["accounts"][0]["active"] == str(number)


def key_of(number: int) -> str:
    return f"capillary:710001:{number:07}"


def write_tables(stream: Stream) -> None:
    """Write the changelog as workers do that have seen so many customers, each with an account and a tier."""
    producer = Producer({"bootstrap.servers": stream.broker, "compression.type": "lz4", "linger.ms": 20})
    for number in range(CUSTOMERS):
        key = key_of(number)
        amount = Decimal(number)
        lots = (Lot("a.0", "regular", amount, None, 1_790_000_000_000, None),)
        points = PointsState({"8100|points": Account("8100", "points", amount, Decimal(0), amount, lots)})
        tiers = TiersState({"8100": Membership("2")})
        for domain, state in (("points", points), ("tiers", tiers)):
            row = encode_row(Row(ROW_VERSION, 1, b"", state))
            _produce(
                producer, stream.changelog, f"{domain}|{key}".encode(), row, partition_of(key.encode(), PARTITIONS)
            )
    assert producer.flush(120) == 0


def _produce(producer: Producer, topic: str, key: bytes, value: bytes, partition: int) -> None:
    while True:
        try:
            producer.produce(topic, value, key, partition)
        except BufferError:
            producer.poll(0.1)
        else:
            return
