import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from loyalty_stream.commands import worker
from loyalty_stream.ops.tracing import TracingObserver
from loyalty_stream.pipeline.effects import Effects, Tally
from loyalty_stream.runtime.settings import SettingsError, load_settings

RAW = "loyalty.raw.capillary"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def observer(exporter: InMemorySpanExporter) -> TracingObserver:
    return TracingObserver("loyalty", exporter, programs_max=1, dead_letter_limit=1)


def test_the_start_names_the_command_that_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match=r"pip install 'loyalty-stream\[tracing\]'"):
        worker._observer(load_settings(tracing="otlp"))


def test_the_start_refuses_variables_that_opentelemetry_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "1")
    with pytest.raises(SettingsError, match=r"OTEL_.*queue_size"):
        worker._observer(load_settings(tracing="otlp"))


def test_without_tracing_nothing_of_it_is_made() -> None:
    assert not isinstance(worker._observer(load_settings()), TracingObserver)


def test_batches_without_records_make_no_span(observer: TracingObserver, exporter: InMemorySpanExporter) -> None:
    observer.batch_processed(RAW, 0, 0, 0.0, Effects())
    observer.transaction_committed(0, 0, 0.01)
    observer.close()
    assert exporter.get_finished_spans() == ()


def test_a_batch_makes_its_metrics_and_its_spans_once(
    observer: TracingObserver, exporter: InMemorySpanExporter
) -> None:
    for _ in range(2):
        observer.batch_processed(RAW, 0, 3, 0.01, Effects(tally=Tally(consumed=3, applied=3), processed_at=1.5))
        observer.transaction_committed(0, 3, 0.01)
    observer.close()
    assert [span.name for span in exporter.get_finished_spans()] == [f"process {RAW}", "transaction"] * 2
    assert b"loyalty_transactions_total 2.0" in observer.scrape("text/plain")[0]


def test_what_is_sampled_out_costs_no_span(monkeypatch: pytest.MonkeyPatch, exporter: InMemorySpanExporter) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    observer = TracingObserver("loyalty", exporter, programs_max=1, dead_letter_limit=1)
    observer.batch_processed(RAW, 0, 3, 0.01, Effects())
    observer.transaction_committed(0, 3, 0.01)
    observer.close()
    assert exporter.get_finished_spans() == ()
