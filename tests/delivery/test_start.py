"""A worker that cannot start says once what is wrong and which command mends it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from loyalty_stream.ops.topic_plan import load_topics
from loyalty_stream.ops.topics import apply, connect
from tests.kafka.client import unique, wait_until
from tests.kafka.settings import free_ports
from tests.kafka.worker import Worker

MakeWorker = Callable[..., Worker]


def stopped(worker: Worker) -> str:
    """Start a worker that cannot, and return what it says."""
    worker.start()
    assert wait_until(lambda: worker.exit_code() is not None, 30)
    said = worker.log.read_text()
    assert worker.exit_code() == 1
    assert "Traceback" not in said
    assert said.count("[critical") == 1
    return said


def test_missing_topics_are_named_with_the_command_that_makes_them(make_worker: MakeWorker) -> None:
    app = unique("start")
    said = stopped(make_worker(app, topic_prefix=f"{app}."))
    assert f"{app}.raw.capillary" in said
    assert f"{app}-state-changelog" in said
    assert "loyalty-stream topics apply" in said


def test_wrong_numbers_of_partitions_are_named_with_the_setting_and_the_command(
    broker: str, make_worker: MakeWorker
) -> None:
    app = unique("start")
    topics = {topic.name: topic for topic in load_topics(f"{app}.", app, partitions=4)}
    raw = f"{app}.raw.capillary"
    apply(connect({"bootstrap.servers": broker}), [*{**topics, raw: replace(topics[raw], partitions=3)}.values()])
    said = stopped(make_worker(app, topic_prefix=f"{app}."))
    assert f"{raw} has 3; LOYALTY_PARTITIONS is 4" in said
    assert "loyalty-stream topics apply" in said


def test_a_broker_that_does_not_answer_is_named_with_the_setting_and_the_way_without_one(tmp_path: Path) -> None:
    [port] = free_ports(1)
    said = stopped(Worker(tmp_path, f"127.0.0.1:{port}", unique("start")))
    assert f"127.0.0.1:{port}" in said
    assert "LOYALTY_BOOTSTRAP_SERVERS" in said
    assert "loyalty-stream demo" in said
