"""Real workers on a real broker: spans arrive, trace contexts go through, and neither is needed to go on."""

import time
from collections.abc import Iterator
from typing import Final, NamedTuple

import pytest

from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from loyalty_stream.simulate import SimulatedRecord
from tests.delivery.conftest import MakeStream
from tests.delivery.stream import PARTITIONS, Stream, simulate
from tests.helpers.otlp import Receiver, attributes
from tests.helpers.secrets import Secret, customer_ids_of, secrets_of, shown
from tests.kafka.client import Record, produce, wait_until
from tests.kafka.settings import free_ports

EVENTS: Final = 600
LENGTH_MIN: Final = 6
TRACES_MAX: Final = 64
CONSUMER, CLIENT = 5, 3  # of OTLP's enumeration of kinds
Header = tuple[str, bytes | None]
Place = tuple[int, int]


def traced(records: list[SimulatedRecord]) -> list[Record]:
    """Return records each with a trace of its own, and a header that must not go on."""
    return [
        Record(
            record.key,
            record.value,
            (("traceparent", b"00-%032x-00f067aa0ba902b7-01" % number), ("x-member", b"header.member")),
        )
        for number, record in enumerate(records, 1)
    ]


def trace_of(headers: tuple[Header, ...]) -> list[Header]:
    return [header for header in headers if header[0].startswith("trace")]


class Ran(NamedTuple):
    stream: Stream
    receiver: Receiver
    records: list[SimulatedRecord]
    log: str


@pytest.fixture(scope="module")
def ran(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Take records through a worker, most of them on another partition than their customers, and stop it."""
    stream = Stream(broker, tmp_path_factory.mktemp("tracing"))
    records = list(simulate(events=EVENTS, customers=60, seed=31, keying="mobile", merge_share=0.05).records)
    with Receiver() as receiver, pytest.MonkeyPatch.context() as environment:
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        try:
            produce(broker, stream.raw, traced(records))
            worker = stream.worker(tracing="otlp", dead_letter_limit=1)
            stream.wait_done(len(records))
            assert worker.stop() == 0
            yield Ran(stream, receiver, records, worker.log_text)
        finally:
            stream.close()


def test_each_record_is_in_the_span_of_its_batch_by_its_outcome(ran: Ran) -> None:
    for topic, tally in zip((ran.stream.raw, ran.stream.canonical), ran.stream.tallies(), strict=True):
        spans = [attributes(span) for span in ran.receiver.spans(f"process {topic}")]
        for outcome in tally.__struct_fields__:
            assert sum(int(span[f"loyalty.records.{outcome}"]) for span in spans) == getattr(tally, outcome)
        assert {span["messaging.destination.name"] for span in spans} == {topic}
        assert {span["messaging.destination.partition.id"] for span in spans} <= set(map(str, range(PARTITIONS)))
        assert {span["messaging.consumer.group.name"] for span in spans} == {ran.stream.app_id}


def test_each_batch_lies_within_the_span_of_its_transaction(ran: Ran) -> None:
    transactions = {span.span_id: span for span in ran.receiver.spans("transaction")}
    batches = ran.receiver.spans("process ")
    assert {span.parent_span_id for span in batches} == transactions.keys()
    assert {span.kind for span in batches} == {CONSUMER}
    assert {span.kind for span in transactions.values()} == {CLIENT}
    for span in batches:
        transaction = transactions[span.parent_span_id]
        [commit] = transaction.events
        begin, end = transaction.start_time_unix_nano, transaction.end_time_unix_nano
        assert begin <= span.start_time_unix_nano <= span.end_time_unix_nano <= commit.time_unix_nano <= end


def test_a_batch_is_linked_to_its_producers_traces_also_after_re_keying(ran: Ran) -> None:
    produced = {b"%032x" % number for number in range(1, EVENTS + 1)}
    for topic in (ran.stream.raw, ran.stream.canonical):
        linked = [
            [link.trace_id.hex().encode() for link in span.links] for span in ran.receiver.spans(f"process {topic}")
        ]
        assert any(linked)
        assert {trace for traces in linked for trace in traces} <= produced
        assert max(map(len, linked)) <= TRACES_MAX


def test_derived_events_carry_the_trace_of_the_record_that_they_name_as_their_cause(ran: Ran) -> None:
    raw: dict[Place, list[Header]] = {
        (record.partition or 0, record.offset): trace_of(record.headers) for record in ran.stream.read(ran.stream.raw)
    }
    moved = 0
    for topic, typed in DERIVED_TYPES.items():
        read = reader(typed.schema)
        for record in ran.stream.read(ran.stream.config.derived_topic(topic)):
            cause = read(record.value or b"")["cause"]
            assert trace_of(record.headers) == raw[cause["partition"], cause["offset"]] != []
            assert "x-member" not in dict(record.headers)
            moved += record.partition != cause["partition"]
    assert moved > EVENTS / 10


def test_the_sender_is_named(ran: Ran) -> None:
    assert ran.receiver.resource()["service.name"] == "loyalty-stream"
    assert "opentelemetry" not in ran.log


def test_no_key_customer_or_code_is_in_a_span(ran: Ran) -> None:
    told = "\n".join(str(text) for span in ran.receiver.spans() for text in (span.name, attributes(span), span.events))
    values = [record.value for record in ran.records]
    keys = {record.key.decode() for record in ran.records if record.key}
    ids = {number for value in values for number in customer_ids_of(value)}
    secrets = {secret for value in values for secret in secrets_of(value)}
    secrets |= {Secret("key", text) for text in keys | ids} | {Secret("header", "header.member")}
    wanted = [secret for secret in secrets if len(secret.text) >= LENGTH_MIN]
    assert len(wanted) > EVENTS / 10
    assert shown(wanted, f"{told} {wanted[0].text}".encode()) != []
    assert shown(wanted, told.encode()) == []


@pytest.mark.long
def test_without_a_collector_all_is_processed_and_the_log_says_so_once(
    make_stream: MakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    [nobody] = free_ports(1)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{nobody}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    stream = make_stream()
    records = list(simulate(events=EVENTS, customers=60, seed=32).records)
    worker = stream.worker(tracing="otlp", dead_letter_limit=1)
    stream.publish(records[: EVENTS // 2])
    stream.wait_done(EVENTS // 2)
    assert wait_until(lambda: "opentelemetry" in worker.log_text, 20)
    stream.publish(records[EVENTS // 2 :])
    stream.wait_done(EVENTS)
    time.sleep(4)  # several tries more
    began = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - began < 15
    [line] = [line for line in worker.log_text.splitlines() if "opentelemetry" in line]
    assert "warning" in line
    assert str(nobody) in line


def test_what_ends_a_worker_is_exported_before_it_ends(
    make_stream: MakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = make_stream()
    with Receiver() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        produce(stream.broker, stream.raw, [Record(b"k", b"somebody@example.com", partition=0) for _ in range(100)])
        worker = stream.worker(tracing="otlp", dead_letter_limit=0.01)
        assert worker.wait_end(60) == 1
        [span] = receiver.spans("failure")
    told = attributes(span)
    assert told["error.type"] == "DeadLetterLimitError"
    assert told["loyalty.where"] == f"{stream.raw}-0 at 0"
    assert span.status.code == 2
    assert "somebody" not in str(span)
