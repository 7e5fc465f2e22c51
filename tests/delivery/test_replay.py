"""A replay rebuilds beside production what production has, and its comparison names what differs."""

import io
import json
import os
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from confluent_kafka import Consumer, KafkaException, TopicPartition

from loyalty_stream.cli import main
from loyalty_stream.pipeline.effects import Tally
from tests.delivery.oracle import assert_exact
from tests.delivery.stream import PARTITIONS, Stream, Traffic, simulate
from tests.kafka.client import admin_client, create_topics, unique, wait_until

pytestmark = pytest.mark.slow

EVENTS = 6_000
CUSTOMERS = 600


class Shadow:
    """`loyalty-stream replay` as an operator of a stream runs it."""

    def __init__(self, stream: Stream, folder: Path) -> None:
        self.app_id = unique("shadow")
        self.folder = folder
        self._broker, self._raw = stream.broker, stream.raw
        self._env = {
            "LOYALTY_BOOTSTRAP_SERVERS": stream.broker,
            "LOYALTY_APP_ID": stream.app_id,
            "LOYALTY_TOPIC_PREFIX": stream.config.topic_prefix,
            "LOYALTY_PARTITIONS": str(PARTITIONS),
            "LOYALTY_DATA_DIR": str(folder / "data"),
            "LOYALTY_SESSION_TIMEOUT_SECONDS": "3",
            "LOYALTY_HEARTBEAT_INTERVAL_SECONDS": "0.5",
            "LOYALTY_DEAD_LETTER_LIMIT": "1",
        }
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, *words: str, **settings: object) -> subprocess.Popen[bytes]:
        """Start a command of the replay's as a process of its own."""
        env = os.environ | self._env | _named(settings)
        command = [sys.executable, "-m", "loyalty_stream", "replay", *words, "--app-id", self.app_id]
        return subprocess.Popen(command, env=env, cwd=self.folder, stdout=subprocess.DEVNULL)

    def consumed(self) -> int:
        """Return how many raw records are committed; 0 where the group's coordinator does not know yet."""
        raw = [TopicPartition(self._raw, number) for number in range(PARTITIONS)]
        # It waits for no transaction that a killed worker has left open.
        reading = {"group.id": self.app_id, "isolation.level": "read_uncommitted"}
        with closing(Consumer({"bootstrap.servers": self._broker, **reading})) as consumer:
            try:
                return sum(Tally.load(at.metadata).consumed for at in consumer.committed(raw, 30))
            except KafkaException:
                return 0

    def topics(self) -> set[str]:
        """Return all topics of the broker."""
        return set(admin_client(self._broker).list_topics(timeout=30).topics)

    def groups(self) -> set[str]:
        """Return all groups of the broker."""
        return {group.group_id for group in admin_client(self._broker).list_consumer_groups().result(30).valid}

    def run(self, *words: str, code: int = 0, **settings: object) -> tuple[str, str]:
        """Run a command of the replay's in this process and return what it prints and what it says of errors."""
        out, err = io.StringIO(), io.StringIO()
        env = self._env | _named(settings)
        with patch.dict(os.environ, env), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
            main(["replay", *words, "--app-id", self.app_id])
        assert (end.value.code or 0) == code, (out.getvalue(), err.getvalue())
        return out.getvalue(), err.getvalue()

    def json(self, *words: str, code: int = 0, **settings: object) -> Any:  # noqa: ANN401 - a JSON document
        """Run a command and return its JSON."""
        return json.loads(self.run(*words, "--json", code=code, **settings)[0])


def _named(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"LOYALTY_{name.upper()}": str(value) for name, value in settings.items()}


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return simulate(events=EVENTS, customers=CUSTOMERS, seed=21)


@pytest.fixture(scope="module")
def middle(traffic: Traffic) -> tuple[str, int]:
    """An instant amid the traffic, and how many records come before it."""
    times = sorted(record.timestamp_ms for record in traffic.records)
    at = times[EVENTS // 2]
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(), bisect_left(times, at)


@pytest.fixture(scope="module")
def production(broker: str, tmp_path_factory: pytest.TempPathFactory, traffic: Traffic) -> Iterator[Stream]:
    """A production that has processed everything and stands still."""
    stream = Stream(broker, tmp_path_factory.mktemp("production"))
    stream.publish(traffic.records)
    worker = stream.worker()
    stream.wait_done(EVENTS)
    worker.stop()
    yield stream
    stream.close()


@pytest.mark.long
def test_a_replay_that_was_killed_goes_on_and_has_no_difference_to_a_production_that_goes_on_meanwhile(
    stream: Stream, traffic: Traffic, tmp_path: Path
) -> None:
    before, after = traffic.records[: EVENTS - 2_000], traffic.records[EVENTS - 2_000 :]
    stream.publish(before)
    stream.worker()
    stream.wait_consumed(len(before))
    shadow = Shadow(stream, tmp_path / "shadow")
    killed = shadow.start(transaction_records_max=50)
    assert wait_until(lambda: shadow.consumed() > 0, 60)
    killed.kill()
    killed.wait()
    with stream.feeding(after):
        done = shadow.json("--resume")
    assert done["status"]["holds"]
    assert done["records"] < len(before)
    assert done["status"]["consumed"] == len(before)
    stream.wait_done(EVENTS)
    report = shadow.json("diff")
    assert report["same"], report
    assert report["compared"]["events"] > 2_000
    assert report["compared"]["rows"] > 500
    assert report["not_compared"]["rows_moved_on"] > 0
    assert_exact(stream, traffic.simulation.answer)


@pytest.mark.long
def test_another_setting_is_told_by_what_it_changes_and_the_shadow_is_gone_when_it_is_cleaned(
    production: Stream, tmp_path: Path
) -> None:
    ends = production.ends()
    shadow = Shadow(production, tmp_path / "shadow")
    out, _ = shadow.run(dedup_window=1)
    assert f"consumed {EVENTS} = applied" in out
    report = shadow.json("diff", "--show-keys", "--max", "1000000", code=1)
    kinds = report["kinds"]
    assert kinds["table points: events_seen"] > 100
    assert sum(kinds.values()) == len(report["differences"])
    told = [each for each in report["differences"] if each["place"] == "derived.points"]
    assert told, kinds
    of_key = shadow.json("diff", "--key", told[0]["key"], "--domain", "points", code=1)
    assert told[0] in of_key["differences"]
    text, _ = shadow.run("diff", "--domain", "points", code=1)
    assert "events_seen: production" in text
    assert told[0]["key"] not in text
    _, refused = shadow.run(code=1)
    assert "--resume" in refused
    assert "replay clean" in refused
    shadow.run("clean", "--yes")
    assert not [topic for topic in shadow.topics() if shadow.app_id in topic]
    assert shadow.app_id not in shadow.groups()
    assert not list(tmp_path.glob("shadow/data.shadow*"))
    assert production.ends() == ends
    assert "no replay" in shadow.run("clean", "--yes", code=1)[1]


@pytest.mark.long
def test_a_replay_up_to_an_instant_compares_what_lies_before_it(
    production: Stream, tmp_path: Path, middle: tuple[str, int]
) -> None:
    at, records = middle
    shadow = Shadow(production, tmp_path / "shadow")
    assert shadow.json("--to", at, "--workers", "2")["status"]["consumed"] == records
    report = shadow.json("diff")
    assert report["same"], report
    assert report["compared"]["events"] > 1_000
    assert report["not_compared"]["rows_moved_on"] > 100


@pytest.mark.long
def test_a_replay_from_a_later_time_says_what_it_lacks(
    production: Stream, tmp_path: Path, middle: tuple[str, int]
) -> None:
    at, records = middle
    shadow = Shadow(production, tmp_path / "shadow")
    out, _ = shadow.run("--from", at)
    assert f"consumed {EVENTS - records} = " in out
    assert "note: older records were left out" in out
    report = shadow.json("diff", "--domain", "points", code=1)
    assert report["notes"] == ["the shadow knows nothing of the records before its range: much differs by nature"]
    assert any("baselined" in str(each) or "data" in each["path"] for each in report["differences"])


def test_an_app_id_that_is_productions_or_in_use_is_refused(production: Stream, tmp_path: Path) -> None:
    shadow = Shadow(production, tmp_path / "shadow")
    shadow.app_id = production.app_id
    assert "production's own app id" in shadow.run(code=1)[1]
    shadow.app_id = unique("other")
    create_topics(production.broker, f"{shadow.app_id}-state-changelog")
    assert "in use and no replay's" in shadow.run(code=1)[1]
    assert "leave out --resume" in shadow.run("--resume", code=1)[1]
    assert "there is no replay" in shadow.run("clean", "--yes", code=1)[1]
