"""What a worker tells Prometheus: one table of the metrics, and the observer that keeps them.

Labels take few values, all known beforehand but for event names (the vendors' lists) and partitions: never a customer,
a coupon or a key.
"""

from collections import Counter as Counts
from typing import Final, Literal, NamedTuple

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder

from loyalty_stream.pipeline.effects import Effects

PREFIX: Final = "loyalty_"
_DEAD_LETTERED: Final = "dead_lettered"
_RECORDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metric(NamedTuple):
    """One metric as it is listed; a counter's name ends in `_total`."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str
    buckets: tuple[float, ...] = ()


# Counters and histograms tell only of what is committed. They start at 0 with the worker: sum rates over all workers.
METRICS: Final = (
    # What came in, and how it ended. `reason` is of ignored and dead-lettered records, else empty. A `forwarded` record
    # is counted once more by how it ended, on the partition of its own key.
    Metric("events_total", "counter", ("dialect", "event", "outcome", "reason"), "Raw records by how they ended."),
    Metric("dead_letters_total", "counter", ("dialect", "reason"), "Raw records that could not be used."),
    Metric(
        "payload_repairs_total",
        "counter",
        ("dialect", "event", "kind"),
        "What was mended in records that were used, or warned of; docs/events.md says what each kind means.",
    ),
    # What went out.
    Metric("derived_events_total", "counter", ("domain", "type"), "Derived events published."),
    # How the work is cut. A batch is what one fetch brought of one partition.
    Metric("batch_records", "histogram", (), "Records of a batch.", _RECORDS),
    Metric("batch_seconds", "histogram", (), "Time to process a batch, without its commit.", _SECONDS),
    Metric("commit_seconds", "histogram", (), "Time from the first message to the commit's answer.", _SECONDS),
    Metric("transactions_total", "counter", (), "Transactions committed."),
    Metric("transaction_failures_total", "counter", (), "Transactions that failed; the worker ends with the first."),
    # How far it is, for the partitions that this worker owns; gone when they are.
    Metric("committed_offset", "gauge", ("topic", "partition"), "The next offset to process, as committed."),
    Metric("lag_records", "gauge", ("topic", "partition"), "Offsets between the commit and the topic's end."),
    Metric("restore_remaining_records", "gauge", ("partition",), "Changelog offsets still to read; 0 once restored."),
    # How well rows are found without reading them from disk.
    Metric("state_cache_rows", "gauge", (), "Rows cached."),
    Metric("state_cache_hits_total", "counter", (), "Rows found in the cache."),
    Metric("state_cache_misses_total", "counter", (), "Rows read from disk, or not there at all."),
)
# Beside them: process_* (CPU seconds, resident memory, open files, start time), as all Prometheus clients name them.


log = structlog.stdlib.get_logger(__name__)


class MetricsObserver:
    """Hear from the runtime, keep the metrics in a registry of their own, and log what an operator should see."""

    def __init__(self) -> None:
        """Register every metric of the table."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a time beside each count says nothing here
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        for metric in METRICS:
            self._register(metric)
        self._cache_hits = self._cache_misses = 0
        self._dead_letters: Counts[tuple[str, str]] = Counts()  # not logged yet
        self._owned: set[tuple[str, int]] = set()
        self._owned_logged = 0

    def _register(self, metric: Metric) -> None:
        name = PREFIX + metric.name
        if metric.kind == "counter":
            self._counters[metric.name] = Counter(name, metric.help, metric.labels, registry=self.registry)
        elif metric.kind == "gauge":
            self._gauges[metric.name] = Gauge(name, metric.help, metric.labels, registry=self.registry)
        else:
            self._histograms[metric.name] = Histogram(
                name, metric.help, metric.labels, registry=self.registry, buckets=metric.buckets
            )

    def scrape(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics and their content type, in the format that a scraper accepts."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    # What the runtime tells: see runtime/observer.py.

    def batch_processed(self, topic: str, partition: int, records: int, seconds: float, effects: Effects) -> None:  # noqa: ARG002
        """Count a committed batch and all that it caused."""
        if records:
            self._histograms["batch_records"].observe(records)
            self._histograms["batch_seconds"].observe(seconds)
        events, dead_letters = self._counters["events_total"], self._counters["dead_letters_total"]
        for (dialect, event, outcome, reason), count in effects.events.items():
            events.labels(dialect, event, outcome, reason).inc(count)
            if outcome == _DEAD_LETTERED:
                dead_letters.labels(dialect, reason).inc(count)
                self._dead_letters[dialect, reason] += count
        for repair, count in effects.repairs.items():
            self._counters["payload_repairs_total"].labels(*repair).inc(count)
        for derived, count in effects.derived.items():
            self._counters["derived_events_total"].labels(*derived).inc(count)

    def transaction_committed(self, partition: int, records: int, seconds: float) -> None:  # noqa: ARG002
        """Count a transaction."""
        self._counters["transactions_total"].inc()
        self._histograms["commit_seconds"].observe(seconds)

    def transaction_failed(self) -> None:
        """Count a failed transaction."""
        self._counters["transaction_failures_total"].inc()

    def position(self, topic: str, partition: int, committed: int, high_watermark: int) -> None:
        """Note how far a source partition is."""
        self._gauges["committed_offset"].labels(topic, partition).set(committed)
        self._gauges["lag_records"].labels(topic, partition).set(high_watermark - committed)
        self._owned.add((topic, partition))

    def partitions_lost(self) -> None:
        """Forget the partitions: another worker tells of them now."""
        for name in ("committed_offset", "lag_records", "restore_remaining_records"):
            self._gauges[name].clear()
        if self._owned:
            log.info("partitions given up", count=len(self._owned))
        self._owned.clear()
        self._owned_logged = 0

    def recovery(self, partition: int, remaining: int) -> None:
        """Note how much of the changelog is still to be read."""
        self._gauges["restore_remaining_records"].labels(partition).set(remaining)

    def cache(self, rows: int, hits: int, misses: int) -> None:
        """Note how well the row cache serves; the last call of the runtime's report of every second."""
        self._gauges["state_cache_rows"].set(rows)
        self._counters["state_cache_hits_total"].inc(hits - self._cache_hits)
        self._counters["state_cache_misses_total"].inc(misses - self._cache_misses)
        self._cache_hits, self._cache_misses = hits, misses
        self._log()

    def _log(self) -> None:
        """Log what is new since the last second."""
        if len(self._owned) != self._owned_logged:
            self._owned_logged = len(self._owned)
            log.info("processing", partitions=[f"{topic}-{partition}" for topic, partition in sorted(self._owned)])
        for (dialect, reason), count in self._dead_letters.items():
            log.warning("dead letters", dialect=dialect, reason=reason, count=count)
        self._dead_letters.clear()
