"""What programmes owe is told exactly after a kill, whatever was under way between customers."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from loyalty_stream.serving.liability import liability, parse_program
from tests.delivery.oracle import assert_answer, output_of
from tests.delivery.stream import PARTITIONS, Stream, StreamWorker, simulate
from tests.delivery.test_view import MakeView, make_view  # noqa: F401 - a fixture
from tests.delivery.view import PREFIX, assert_same_totals
from tests.kafka.client import wait_until
from tests.redis.local import LocalRedis

pytestmark = pytest.mark.slow

ON = date(2027, 1, 31)
BESIDE = {"served", "partitions", "complete"}
ALL = {"held": [*range(PARTITIONS)], "of": PARTITIONS}


@pytest.mark.long
def test_every_programme_is_told_as_its_accounts_come_to_after_kills_amid_merges_and_erasures(stream: Stream) -> None:
    traffic = simulate(events=20_000, customers=2_000, seed=9, merge_share=0.01, transfer_share=0.02, bulk="others")
    events = len(traffic.records)
    stream.publish(traffic.records)
    for share in (0.2, 0.5):
        worker = stream.worker(transaction_records_max=500)
        stream.wait_consumed(int(events * share))
        worker.kill()
        assert 0 < stream.consumed() < events
    worker = stream.worker()
    stream.wait_done(events)
    output = output_of(stream)
    assert_answer(stream, traffic.simulation.answer, output)
    listed = json.loads(worker.get("/v1/programs"))["programs"]
    assert len(listed) > 1
    assert_whole(worker, output.rows, "table")
    assert scraped(worker) == {each["program"]: outstanding(worker, each["program"]) for each in listed}


def test_workers_that_share_the_partitions_tell_parts_that_make_up_the_whole(stream: Stream) -> None:
    traffic = simulate(events=4_000, customers=400, seed=10)
    first, second = stream.worker("a"), stream.worker("b")
    stream.publish(traffic.records)
    stream.wait_done(len(traffic.records))
    assert wait_until(lambda: 0 < first.owned() < first.owned() + second.owned() == PARTITIONS, 90)
    [program, *_] = json.loads(first.get("/v1/programs"))["programs"]
    parts = [answered(worker, program["program"]) for worker in (first, second)]
    assert sorted(number for part in parts for number in part["partitions"]["held"]) == [*range(PARTITIONS)]
    assert not any(part["complete"] for part in parts)
    rows = [row for table in stream.rows() for row in table.items()]
    whole = liability(parse_program(program["program"]), rows, ON)
    assert whole is not None
    for name in ("accounts", "drifting_accounts"):
        assert sum(part["currencies"][0][name] for part in parts) == whole["currencies"][0][name]


def test_any_worker_tells_the_whole_from_the_view_after_kills_and_its_part_without_it(
    stream: Stream,
    make_view: MakeView,  # noqa: F811
    redis: LocalRedis,
) -> None:
    traffic = simulate(events=8_000, customers=800, seed=11, merge_share=0.01, transfer_share=0.02, bulk="others")
    events = len(traffic.records)
    view = make_view(stream)
    view.start()
    reads: dict[str, str | float] = {"redis_url": redis.url, "view_prefix": PREFIX, "transaction_records_max": 500}
    first, second = stream.worker("a", **reads), stream.worker("b", **reads)
    stream.publish(traffic.records)
    stream.wait_consumed(int(events * 0.3))
    for process in (second, view):
        process.kill()
        assert stream.consumed() < events
        process.start()
    stream.wait_done(events)
    assert wait_until(lambda: 0 < first.owned() < first.owned() + second.owned() == PARTITIONS, 90)
    view.wait_ready()
    assert_same_totals(stream, redis)
    output = output_of(stream)
    assert_answer(stream, traffic.simulation.answer, output)
    for worker in (first, second):
        assert_whole(worker, output.rows, "view")
    assert view.rebuild().wait_end(60) == 0
    assert_whole(first, output.rows, "view")
    redis.kill()
    listed = json.loads(first.get("/v1/programs"))
    assert (listed["served"]["by"], listed["complete"]) == ("table", False)
    assert 0 < len(listed["partitions"]["held"]) < PARTITIONS


def assert_whole(worker: StreamWorker, tables: Sequence[Mapping[bytes, bytes]], by: str) -> None:
    """Compare what a worker tells of every programme with all rows of all partitions."""
    rows = [row for table in tables for row in table.items()]
    listed = json.loads(worker.get("/v1/programs"))["programs"]
    assert len(listed) > 1
    for each in listed:
        told = answered(worker, each["program"])
        assert (told["complete"], told["partitions"], told["served"]["by"]) == (True, ALL, by)
        right = liability(parse_program(each["program"]), rows, ON)
        assert {name: value for name, value in told.items() if name not in BESIDE} == right
        assert each["members"] == sum(told["tiers"].values())
        assert [purse["active"] for purse in each["currencies"]] == [purse["active"] for purse in told["currencies"]]


def answered(worker: StreamWorker, program: str) -> Any:  # noqa: ANN401 - a JSON document
    return json.loads(worker.get(f"/v1/programs/{quote(program)}/liability?on={ON}"))


def outstanding(worker: StreamWorker, program: str) -> float:
    purses = answered(worker, program)["currencies"]
    return float(next(purse["active"] for purse in purses if purse["currency"] == "points"))


def scraped(worker: StreamWorker) -> dict[str, float]:
    """Return the active points of each programme as Prometheus would read them."""
    samples = worker.metrics()
    name = "loyalty_program_points_active"
    return {sample.split('"')[1]: value for sample, value in samples.items() if sample.startswith(f"{name}{{program=")}
