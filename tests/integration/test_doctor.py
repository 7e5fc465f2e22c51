"""`loyalty-stream doctor` finds what is wrong on a real broker and on this machine, and says how to mend it."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)
from typer.testing import CliRunner

from loyalty_stream.cli import app
from tests.kafka.client import Record, admin_client, produce, unique
from tests.kafka.settings import free_ports
from tests.kafka.worker import Worker
from tests.redis.local import LocalRedis

Found = dict[str, tuple[str, str, str]]
HOUR_MS = 3_600_000


class Patient:
    """An installation of its own, and what the doctor says of it."""

    def __init__(self, broker: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app_id = unique("doctor")
        self._set = monkeypatch.setenv
        [self.port] = free_ports(1)
        named = {"APP_ID": self.app_id, "TOPIC_PREFIX": f"{self.app_id}.", "DATA_DIR": folder / "data"}
        for name, value in {**named, "BOOTSTRAP_SERVERS": broker, "HTTP_PORT": self.port}.items():
            self.set(name, str(value))

    def set(self, name: str, value: str) -> None:
        self._set(f"LOYALTY_{name}", value)

    def apply_topics(self) -> None:
        assert CliRunner().invoke(app, ["topics", "apply"]).exit_code == 0

    def examined(self) -> tuple[int, Found]:
        """Return the exit code, and each check's verdict, what was found, and the fix."""
        done = CliRunner().invoke(app, ["doctor", "--json"])
        answer: dict[str, Any] = json.loads(done.stdout)
        assert answer["healthy"] is (done.exit_code == 0)
        return done.exit_code, {
            each["check"]: (each["verdict"], each["found"], each["fix"]) for each in answer["findings"]
        }


@pytest.fixture
def patient(broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(broker, tmp_path, monkeypatch)


def test_a_sound_installation_has_nothing_to_mend(patient: Patient) -> None:
    patient.apply_topics()
    code, found = patient.examined()
    assert [each for each in found.items() if each[1][0] == "problem"] == []
    assert code == 0
    assert {verdict for verdict, _, _ in found.values()} == {"ok", "skipped"}
    assert found["clock"] == ("skipped", "no raw record to compare with", "")
    assert found["workers"][1] == f"none runs as {patient.app_id!r} now"


def test_what_people_see_names_each_check_and_the_end(patient: Patient) -> None:
    patient.apply_topics()
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0
    assert "ok    transactions         can be opened" in done.stdout
    assert done.stdout.endswith("Nothing keeps a worker from its work.\n")


def test_missing_topics_are_a_problem_and_so_are_wrong_partitions(patient: Patient) -> None:
    _, found = patient.examined()
    assert found["topics"][0] == "problem"
    assert found["topics"][2] == "Create it: loyalty-stream topics apply"
    patient.apply_topics()
    patient.set("PARTITIONS", "3")
    assert "has 4 partitions where 3 are needed" in patient.examined()[1]["topics"][1]


def test_a_worker_that_runs_is_seen(patient: Patient, make_worker: Callable[..., Worker]) -> None:
    patient.apply_topics()
    worker = make_worker(patient.app_id, topic_prefix=f"{patient.app_id}.")
    worker.start()
    worker.wait_ready()
    patient.set("HTTP_PORT", str(worker.http_port))
    code, found = patient.examined()
    assert [each for each in found.items() if each[1][0] == "problem"] == []
    assert code == 0
    assert found["workers"] == ("ok", f"1 run as {patient.app_id!r}", "")
    assert found["port"][1].endswith("a worker answers, ready")


def test_records_of_the_future_put_the_clock_in_doubt(patient: Patient, broker: str) -> None:
    patient.apply_topics()
    ahead_ms = int(time.time() * 1000) + HOUR_MS // 2
    produce(broker, f"{patient.app_id}.raw.capillary", [Record(b"key", b"{}", timestamp_ms=ahead_ms)])
    verdict, found, fix = patient.examined()[1]["clock"]
    assert verdict == "warning"
    assert "in the future" in found
    assert "NTP" in fix


def test_a_port_that_somebody_else_has_and_a_folder_that_is_none_are_problems(patient: Patient, tmp_path: Path) -> None:
    patient.apply_topics()
    (tmp_path / "data").write_text("a file")
    with socket.socket() as other:
        other.bind(("127.0.0.1", patient.port))
        other.listen()
        code, found = patient.examined()
    assert code == 1
    assert found["port"][2] == "set LOYALTY_HTTP_PORT"
    assert found["data folder"][0] == "problem"


def test_a_registry_without_our_schemas_is_a_problem_until_they_are_registered(patient: Patient, registry: str) -> None:
    patient.set("SCHEMA_REGISTRY_URL", registry)
    _, found = patient.examined()
    assert found["schema registry"][0] == "problem"
    assert found["schema registry"][2] == "loyalty-stream topics apply"
    patient.apply_topics()
    code, found = patient.examined()
    assert code == 0
    assert found["schema registry"][0] == "ok"


def test_the_view_s_redis_is_looked_at_and_workers_do_without_it(patient: Patient, redis: LocalRedis) -> None:
    patient.apply_topics()
    patient.set("REDIS_URL", redis.url)
    assert patient.examined()[1]["redis"][0] == "ok"
    redis.kill()
    code, found = patient.examined()
    assert code == 0
    assert found["redis"] == (
        "warning",
        "none answers at LOYALTY_REDIS_URL (ConnectionError)",
        "start it, or set LOYALTY_REDIS_URL to where it is; workers do without, and the view waits",
    )


def test_without_a_broker_the_rest_of_the_machine_is_still_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Patient("127.0.0.1:1", tmp_path, monkeypatch)
    code, found = patient.examined()
    assert code == 1
    assert found["brokers"][0] == "problem"
    assert found["data folder"][0] == "ok"
    assert found["topics"] == ("skipped", "no broker answers", "")


def test_a_right_that_is_lacking_is_named_with_its_topic(
    guarded_broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Patient(guarded_broker, tmp_path, monkeypatch)
    patient.apply_topics()
    code, found = patient.examined()
    assert [each for each in found.items() if each[1][0] == "problem"] == []
    assert code == 0
    points = f"{patient.app_id}.derived.points"
    # Where there is any rule, what it does not allow is forbidden.
    allow_describe(guarded_broker, ResourceType.TOPIC, points)
    allow_describe(guarded_broker, ResourceType.GROUP, patient.app_id)
    allow_describe(guarded_broker, ResourceType.TRANSACTIONAL_ID, f"{patient.app_id}-doctor")
    code, found = patient.examined()
    assert code == 1
    assert found["rights on topics"][:2] == ("problem", f"this user lacks {points}: WRITE")
    assert found["rights on histories"][0] == "warning"
    assert f"{points}: READ" in found["rights on histories"][1]
    assert found["rights on the group"][0] == "problem"
    assert found["transactions"][0] == "problem"


def allow_describe(broker: str, kind: ResourceType, name: str) -> None:
    everyone = ("User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW)
    admin = admin_client(broker)
    for done in admin.create_acls([AclBinding(kind, name, ResourcePatternType.LITERAL, *everyone)]).values():
        done.result(30)
