"""The commands on a real broker: topics, worker, traffic, status, tail, state, and the worker's pages."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from prometheus_client.parser import text_string_to_metric_families

from loyalty_stream.model.keys import partition_of
from loyalty_stream.ops.demo.compare import differences, expected_facts, found_facts
from loyalty_stream.simulate import SIMULATIONS, Answer, SimulationOptions, make_simulation
from tests.kafka.client import read_topic, unique, wait_until
from tests.kafka.worker import Worker

EVENTS, CUSTOMERS, PARTITIONS = 3_000, 200, 2
# As late as can be: a broker deletes what is older than its topic's retention, by the records' own timestamps.
START_MS = int(time.time() * 1000) - SimulationOptions(events=EVENTS, customers=CUSTOMERS).span_ms_max
UNKNOWN_CUSTOMER = "capillary:1:1"


class Page(NamedTuple):
    """What a worker answered."""

    status: int
    content_type: str
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        return json.loads(self.body)


def get(worker: Worker, path: str) -> Page:
    connection = HTTPConnection("127.0.0.1", worker.http_port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return Page(response.status, response.getheader("Content-Type", ""), response.read())
    finally:
        connection.close()


class Operator:
    """Somebody at a shell with the settings of one application."""

    def __init__(self, broker: str, folder: Path) -> None:
        self.app_id = unique("app")
        self.settings: dict[str, str | float] = {
            "topic_prefix": f"{self.app_id}.",
            "partitions": PARTITIONS,
            "commit_linger_ms": 20,
            "session_timeout_seconds": 4,
            "heartbeat_interval_seconds": 1,
        }
        self._broker = broker
        self._folder = folder
        self._workers: list[Worker] = []

    def run(self, *arguments: str, **settings: str | int) -> subprocess.CompletedProcess[str]:
        named = {"bootstrap_servers": self._broker, "app_id": self.app_id, **self.settings, **settings}
        env = os.environ | {f"LOYALTY_{name.upper()}": str(value) for name, value in named.items()}
        command = [sys.executable, "-m", "loyalty_stream", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env=env, cwd=self._folder, timeout=60, check=False
        )

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - a JSON document
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def lines(self, *arguments: str) -> list[Any]:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start_worker(self, **settings: str) -> Worker:
        folder = self._folder / f"worker-{len(self._workers)}"
        worker = Worker(folder, self._broker, self.app_id, log_format="json", **self.settings, **settings)
        self._workers.append(worker)
        worker.start()
        return worker

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()


class Stream(NamedTuple):
    """An application that has processed all of its traffic."""

    operator: Operator
    worker: Worker
    answer: Answer


@pytest.fixture
def operator(broker: str, tmp_path: Path) -> Iterator[Operator]:
    operator = Operator(broker, tmp_path)
    yield operator
    operator.close()


@pytest.fixture(scope="module")
def stream(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stream]:
    operator = Operator(broker, tmp_path_factory.mktemp("stream"))
    try:
        assert operator.run("topics", "apply").returncode == 0
        worker = operator.start_worker()
        options = SimulationOptions(events=EVENTS, customers=CUSTOMERS, start_ms=START_MS, keying="mobile")
        simulation = make_simulation(options)
        assert sum(1 for _ in simulation.records()) == EVENTS
        sent = operator.json(
            "simulate",
            f"--events={EVENTS}",
            f"--customers={CUSTOMERS}",
            f"--start-ms={START_MS}",
            "--keying=mobile",
            "--answer=answer.json",
        )
        assert sent["sent"] == EVENTS
        worker.wait_ready()
        assert wait_until(lambda: operator.run("status", "--json").stdout.find('"lag":0,"consumed"') > 0, 60)
        yield Stream(operator, worker, simulation.answer)
    finally:
        operator.close()


def picture(stream: Stream, key: str) -> Any:  # noqa: ANN401 - a JSON document
    page = get(stream.worker, f"/v1/customers/{quote(key, safe=':')}")
    assert page.status == 200
    return page.json


# Before there is anything.


def test_missing_topics_are_listed_each_with_the_command_that_makes_them(operator: Operator) -> None:
    checked = operator.run("topics", "check")
    assert checked.returncode == 1
    lines = checked.stdout.splitlines()
    assert len(lines) == 19
    assert lines[0] == f"topic {operator.app_id}.raw.capillary does not exist. Create it: loyalty-stream topics apply"


def test_a_worker_without_topics_says_which_command_makes_them(operator: Operator) -> None:
    started = operator.run("worker")
    assert started.returncode == 1
    assert "loyalty-stream topics apply" in started.stderr
    assert "Traceback" not in started.stderr


def test_topics_are_made_once_and_then_as_they_should_be(operator: Operator) -> None:
    made = operator.run("topics", "apply")
    assert made.returncode == 0
    assert f"{operator.app_id}.raw.capillary: created with 2 partitions" in made.stdout
    assert wait_until(lambda: operator.run("topics", "check").returncode == 0, 20)
    assert operator.json("topics", "apply") == {"changed": []}

    wrong = operator.run("topics", "check", partitions=3)
    assert wrong.returncode == 1
    assert "has 2 partitions where 3 are needed" in wrong.stdout
    refused = operator.run("topics", "apply", partitions=3)
    assert refused.returncode == 1
    assert "LOYALTY_PARTITIONS=2" in refused.stderr

    asked = operator.run("status")
    assert asked.returncode == 1
    assert f"the group '{operator.app_id}' has committed nothing" in asked.stderr


def test_simulated_traffic_of_all_dialects_lies_on_the_raw_topic_of_each(operator: Operator, broker: str) -> None:
    assert operator.run("topics", "apply").returncode == 0
    sent = operator.json("simulate", "--dialect=all", "--events=240", "--customers=20")
    assert (sent["sent"], sent["consumed"]) == (240, 240)
    share = 240 // len(SIMULATIONS)
    for dialect in SIMULATIONS:
        assert len(read_topic(broker, f"{operator.app_id}.raw.{dialect}")) == share


def test_simulate_without_topics_says_which_command_makes_them(operator: Operator) -> None:
    done = operator.run("simulate", "--events=1")
    assert done.returncode == 1
    assert "loyalty-stream topics apply" in done.stderr


# With traffic.


def test_status_accounts_for_every_record_as_the_simulation_says(stream: Stream) -> None:
    answer = stream.answer
    shown = stream.operator.json("status")
    assert (shown["holds"], shown["in_flight"], shown["lag"]) == (True, 0, 0)
    expected = (EVENTS, answer.applied, answer.duplicate, answer.ignored, answer.dead_lettered)
    assert tuple(shown[name] for name in ("consumed", "applied", "duplicate", "ignored", "dead_lettered")) == expected
    identity = "consumed {} = applied {} + duplicates {} + ignored {} + dead-lettered {}".format(*expected)
    assert identity in stream.operator.run("status").stdout.splitlines()


def test_the_answer_in_the_file_is_the_simulations(stream: Stream) -> None:
    written = json.loads((stream.operator._folder / "answer.json").read_text())
    assert written == json.loads(json.dumps(stream.answer.dump()))


def test_every_customer_is_as_the_simulation_says(stream: Stream) -> None:
    for key, facts in expected_facts(stream.answer).items():
        assert differences(key, facts, found_facts(picture(stream, key))) == []


def test_tail_decodes_every_domains_events_with_their_sequence(stream: Stream) -> None:
    topics = [f"derived.{domain}" for domain in ("points", "tiers", "coupons", "streaks", "promotions")]
    records = stream.operator.lines("tail", *topics, "--from-beginning", "--no-follow")
    assert {record["kind"] for record in records} == {"derived"}
    seen: dict[tuple[str, str], list[int]] = {}
    for record in records:
        seen.setdefault((record["topic"], record["key"]), []).append(record["value"]["seq"])
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())


def test_tail_shows_dead_letters_with_their_reasons(stream: Stream) -> None:
    records = stream.operator.lines("tail", "dead_letters", "--from-beginning", "--no-follow")
    reasons = [record["value"]["reason"] for record in records]
    assert {reason: reasons.count(reason) for reason in set(reasons)} == dict(stream.answer.dead_letters)


def test_tail_shows_rows_canonical_events_and_raw_records_and_ends_at_the_maximum(stream: Stream) -> None:
    for name, kind in (("changelog", "row"), ("canonical", "canonical"), ("raw.capillary", "raw")):
        records = stream.operator.lines("tail", name, "--from-beginning", "--max=3")
        assert [record["kind"] for record in records] == [kind] * 3


def test_tail_of_an_unknown_topic_lists_what_there_is(stream: Stream) -> None:
    done = stream.operator.run("tail", "derived.wallets")
    assert done.returncode == 1
    assert "derived.points" in done.stderr


def test_state_get_says_the_same_from_the_worker_and_from_the_changelog(stream: Stream) -> None:
    key = next(iter(stream.answer.coupons))[0]
    asked = stream.operator.json("state", "get", key, f"--url=http://127.0.0.1:{stream.worker.http_port}")
    assert asked == picture(stream, key)
    served = asked.pop("served")
    assert (served["by"], served["partition"]) == ("table", home(key))
    assert asked == stream.operator.json("state", "get", key, "--from-changelog")


def test_state_get_of_an_unknown_customer_is_a_problem(stream: Stream) -> None:
    for source in (f"--url=http://127.0.0.1:{stream.worker.http_port}", "--from-changelog"):
        done = stream.operator.run("state", "get", UNKNOWN_CUSTOMER, source)
        assert done.returncode == 1
        assert f"nothing is known of {UNKNOWN_CUSTOMER}" in done.stderr


# The pages.


def test_metrics_are_in_prometheus_format_and_count_what_is_committed(stream: Stream) -> None:
    page = get(stream.worker, "/metrics")
    assert (page.status, page.content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    ended = dict.fromkeys(("applied", "duplicate", "ignored", "dead_lettered"), 0.0)
    lag = 0.0
    for family in text_string_to_metric_families(page.body.decode()):
        for sample in family.samples:
            if sample.name == "loyalty_events_total" and sample.labels["outcome"] in ended:
                ended[sample.labels["outcome"]] += sample.value
            if sample.name == "loyalty_lag_records":
                lag += sample.value
    assert ended == {name: getattr(stream.answer, name) for name in ended}
    assert lag == 0


def test_no_metric_and_no_log_line_names_a_customer(stream: Stream) -> None:
    text = get(stream.worker, "/metrics").body.decode() + stream.worker.log.read_text()
    assert not [key for key in expected_facts(stream.answer) if key.rpartition(":")[2] in text]


def test_a_worker_tells_that_it_lives_and_is_ready(stream: Stream) -> None:
    assert get(stream.worker, "/healthz").json == {"status": "ok"}
    ready = get(stream.worker, "/readyz")
    assert (ready.status, ready.json["ready"], ready.json["missing"]) == (200, True, None)


@pytest.mark.parametrize(
    ("key", "status"), [(UNKNOWN_CUSTOMER, 404), ("capillary", 400), ("capillary:1:a%2Fb%3Fc", 404)]
)
def test_what_cannot_be_told_is_problem_json(stream: Stream, key: str, status: int) -> None:
    page = get(stream.worker, f"/v1/customers/{key}")
    assert (page.status, page.json["status"]) == (status, status)
    assert page.content_type.startswith("application/problem+json")


def test_the_log_is_json_and_tells_the_partitions(stream: Stream) -> None:
    entries = [json.loads(line) for line in stream.worker.log.read_text().splitlines()]
    processing = [entry["partitions"] for entry in entries if entry["event"] == "processing"]
    assert f"{stream.operator.app_id}.raw.capillary-0" in processing[-1]


def test_of_two_workers_that_tell_one_address_each_names_the_partition_that_it_does_not_own(stream: Stream) -> None:
    first = stream.worker
    second = stream.operator.start_worker(http_advertised_url=f"http://127.0.0.1:{first.http_port}")
    keys = [next(key for key in expected_facts(stream.answer) if home(key) == number) for number in range(PARTITIONS)]

    def statuses(worker: Worker) -> list[int]:
        return sorted(get(worker, f"/v1/customers/{key}").status for key in keys)

    second.wait_ready()
    assert wait_until(lambda: statuses(first) == statuses(second) == [200, 421], 30)
    misplaced = next(key for key in keys if get(first, f"/v1/customers/{key}").status == 421)
    problem = get(first, f"/v1/customers/{misplaced}")
    assert problem.json["partition"] == home(misplaced)
    done = stream.operator.run("state", "get", misplaced, f"--url=http://127.0.0.1:{first.http_port}")
    assert done.returncode == 1
    assert "--from-changelog" in done.stderr
    assert second.stop() == 0


def home(key: str) -> int:
    return partition_of(key.encode(), PARTITIONS)
