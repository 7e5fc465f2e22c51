"""With a Schema Registry: what is published is read by others' readers, and a registry that is away stops nothing."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from loyalty_stream.ops.records import TailRecord
from loyalty_stream.ops.subjects import apply
from loyalty_stream.ops.tail import tail
from loyalty_stream.runtime.registry import Registry, subjects
from loyalty_stream.runtime.settings import Settings
from tests.delivery.conftest import MakeStream
from tests.delivery.stream import PARTITIONS, Stream, simulate
from tests.golden.avro import same
from tests.kafka.client import Record
from tests.kafka.jars import classpath
from tests.kafka.settings import free_ports
from tests.registry.local import LocalRegistry

EVENTS = 3_000
JAVA = Path(__file__).parents[1] / "java"


class Published(NamedTuple):
    """A stream whose worker has processed some traffic with a registry, and what is on its derived topics."""

    stream: Stream
    settings: Settings
    records: dict[str, list[Record]]


def settings_of(stream: Stream, registry: str) -> Settings:
    return Settings.model_construct(
        bootstrap_servers=stream.broker,
        app_id=stream.app_id,
        topic_prefix=stream.config.topic_prefix,
        partitions=PARTITIONS,
        schema_registry_url=registry,
    )


def register(settings: Settings) -> None:
    assert apply(Registry(settings), subjects(settings))


@pytest.fixture(scope="module")
def published(broker: str, registry: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    stream = Stream(broker, tmp_path_factory.mktemp("registry"))
    try:
        settings = settings_of(stream, registry)
        register(settings)
        worker = stream.worker(schema_registry_url=registry)
        stream.publish(simulate(events=EVENTS, customers=300, seed=5).records)
        stream.wait_done(EVENTS)
        worker.stop()
        yield Published(stream, settings, {topic: stream.read(topic) for topic in stream.derived})
    finally:
        stream.close()


def values(published: Published) -> dict[tuple[str, int, int], Any]:
    """Every derived event as Confluent's own deserializer reads it, by its place."""
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": published.settings.schema_registry_url}))
    return {
        (topic, record.partition, record.offset): deserialize(
            record.value, SerializationContext(topic, MessageField.VALUE)
        )
        for topic, records in published.records.items()
        for record in records
    }


def numbers(value: object) -> Iterator[Decimal]:
    """Every decimal within a value."""
    if isinstance(value, Decimal):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from numbers(part)


def shown(published: Published) -> list[TailRecord]:
    names = [f"derived.{topic.rpartition('.')[2]}" for topic in published.stream.derived]
    return list(tail(published.settings, names, from_beginning=True, follow=False))


def test_confluents_deserializer_reads_every_event_as_tail_shows_it(published: Published) -> None:
    read = values(published)
    assert len(read) > EVENTS // 2
    records = shown(published)
    assert {record.kind for record in records} == {"derived"}
    assert len(records) == len(read)
    for record in records:
        same(read[record.topic, record.partition, record.offset], record.value)


def test_a_java_consumer_reads_every_event_with_exact_decimals(published: Published) -> None:
    java = shutil.which("java")
    assert java is not None
    asked = [published.stream.broker, str(published.settings.schema_registry_url), *published.stream.derived]
    done = subprocess.run(
        [java, "-Xmx256m", "-cp", classpath(JAVA / "pom.xml"), str(JAVA / "ReadDerived.java"), *asked],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    read = values(published)
    assert len(lines) == len(read)
    for line in lines:
        same(read[line["topic"], line["partition"], line["offset"]], line["value"])
    assert sum(number % 1 != 0 for value in read.values() for number in numbers(value)) > 100


@pytest.mark.long
def test_a_worker_goes_on_while_the_registry_is_away(make_stream: MakeStream, own_registry: LocalRegistry) -> None:
    stream = make_stream()
    register(settings_of(stream, own_registry.url))
    stream.worker(schema_registry_url=own_registry.url)
    records = simulate(events=2_000, customers=200, seed=6).records
    stream.publish(records[:1_000])
    stream.wait_consumed(1_000)
    own_registry.kill()
    before = len(stream.read(stream.derived[0]))
    stream.publish(records[1_000:])
    stream.wait_done(2_000)
    written = stream.read(stream.derived[0])
    assert len(written) > before
    assert len({(record.value or b"")[:5] for record in written}) == 1


def test_a_worker_that_was_not_given_its_schemas_says_which_command_registers_them(
    make_stream: MakeStream, registry: str
) -> None:
    stream = make_stream()
    worker = stream.worker(schema_registry_url=registry)
    assert worker.wait_end() == 1
    assert f"{stream.derived[0]}-value" in worker.log_text
    assert "Run: loyalty-stream topics apply" in worker.log_text
    assert worker.log_text.count("[critical") == 1


def test_a_worker_whose_registry_does_not_answer_says_so_after_some_seconds(make_stream: MakeStream) -> None:
    [port] = free_ports(1)
    worker = make_stream().worker(schema_registry_url=f"http://127.0.0.1:{port}")
    assert worker.wait_end(60) == 1
    assert f"no Schema Registry answers at http://127.0.0.1:{port}" in worker.log_text
    assert "LOYALTY_SCHEMA_REGISTRY_URL" in worker.log_text
    assert "Traceback" not in worker.log_text
