"""Export spans by OpenTelemetry: one for each committed transaction, one for each batch in it.

Imported only where LOYALTY_TRACING asks for it: OpenTelemetry comes with the extra `tracing`. Where the spans go, what
they are sampled by and what the service is called is told by OpenTelemetry's own variables, `OTEL_*`.
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, StatusCode, TraceFlags, set_span_in_context

from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.pipeline.effects import Effects

_NAME: Final = "loyalty-stream"
_LIBRARY: Final = "opentelemetry"
_QUIET_SECONDS: Final = 60.0
_FLUSH_SECONDS_MAX: Final = 3.0


class _Batch(NamedTuple):
    """A committed batch whose transaction's span is yet to come."""

    topic: str
    partition: int
    records: int
    seconds: float
    effects: Effects


class TracingObserver(MetricsObserver):
    """Keep the metrics, and make spans of what is committed; no key, customer or code is in any of them."""

    def __init__(self, app_id: str, exporter: SpanExporter, *, programs_max: int, dead_letter_limit: float) -> None:
        """Export to `exporter` from a thread of its own; what it cannot take is dropped, and nothing waits for it."""
        super().__init__(programs_max=programs_max, dead_letter_limit=dead_letter_limit)
        _hear_seldom()
        self._processor = BatchSpanProcessor(exporter)
        self._exporter = exporter
        provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        provider.add_span_processor(self._processor)
        self._tracer = provider.get_tracer(_NAME)
        self._common: dict[str, str | int] = {"messaging.system": "kafka", "messaging.consumer.group.name": app_id}
        self._batches: list[_Batch] = []

    def batch_processed(self, topic: str, partition: int, records: int, seconds: float, effects: Effects) -> None:
        """Keep a batch for the span of its transaction, which is told next."""
        super().batch_processed(topic, partition, records, seconds, effects)
        if records:
            self._batches.append(_Batch(topic, partition, records, seconds, effects))

    def transaction_committed(self, partition: int, records: int, seconds: float) -> None:
        """Make the spans of a transaction: from the first of its batches to the answered commit."""
        super().transaction_committed(partition, records, seconds)
        batches, self._batches = self._batches, []
        if not batches:
            return
        ended = time.time()
        began = min([ended - seconds, *(batch.effects.processed_at - batch.seconds for batch in batches)])
        attributes: dict[str, str | int] = {
            **self._common,
            "messaging.operation.name": "transaction",
            "messaging.operation.type": "settle",
            "messaging.destination.partition.id": str(partition),
            "messaging.batch.message_count": records,
        }
        span = self._start("transaction", began, attributes, SpanKind.CLIENT)
        if span.is_recording():
            for batch in batches:
                self._trace_batch(batch, set_span_in_context(span, Context()))
            span.add_event("commit", timestamp=_nanoseconds(ended - seconds))
        span.end(_nanoseconds(ended))

    def _trace_batch(self, batch: _Batch, transaction: Context) -> None:
        tally, ended = batch.effects.tally, batch.effects.processed_at
        attributes = {
            **self._common,
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": batch.topic,
            "messaging.destination.partition.id": str(batch.partition),
            "messaging.batch.message_count": batch.records,
            **{f"loyalty.records.{outcome}": getattr(tally, outcome) for outcome in tally.__struct_fields__},
        }
        name, began = f"process {batch.topic}", ended - batch.seconds
        links = [_link(parent) for parent in batch.effects.traces]
        self._start(name, began, attributes, SpanKind.CONSUMER, transaction, links).end(_nanoseconds(ended))

    def failed(self, error: BaseException, where: str) -> None:
        """Make a span of what ends the process, and export all spans that are left."""
        super().failed(error, where)
        # The exception's text is left out: nothing says what a library writes into it.
        attributes = {**self._common, "error.type": type(error).__qualname__, "loyalty.where": where}
        span = self._start("failure", time.time(), attributes, SpanKind.INTERNAL)
        span.set_status(StatusCode.ERROR)
        span.end()
        self.close()

    def close(self) -> None:
        """Export what is left, for a moment at most; what is told later is dropped."""
        # A thread, as the flush itself knows no limit and a collector may be away.
        flush = threading.Thread(target=self._processor.force_flush, daemon=True)
        flush.start()
        flush.join(_FLUSH_SECONDS_MAX)
        self._exporter.shutdown()

    def _start(
        self,
        name: str,
        began: float,
        attributes: Mapping[str, str | int],
        kind: SpanKind,
        parent: Context | None = None,
        links: Iterable[Link] = (),
    ) -> Span:
        start = _nanoseconds(began)
        return self._tracer.start_span(name, parent or Context(), kind, attributes, list(links), start)


def _resource() -> Resource:
    """Return what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, under our own name where they give none."""
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        return resource.merge(Resource({SERVICE_NAME: _NAME}))
    return resource


def _link(parent: bytes) -> Link:
    """Return the link to a producer's span, of which the `traceparent` tells."""
    _, trace_id, span_id, flags = parent.split(b"-")
    return Link(
        SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))
    )


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)


class _Seldom(logging.Handler):
    """Hand one warning a minute to the log, and drop the others: a collector that is away gives many."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._next = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _QUIET_SECONDS
            logging.getLogger().handle(record)


def _hear_seldom() -> None:
    library = logging.getLogger(_LIBRARY)
    library.handlers = [_Seldom()]
    library.propagate = False
