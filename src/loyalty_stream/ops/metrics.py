"""Keep the metrics of metric_table.py from what the runtime tells."""

from collections import Counter as Counts
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from importlib import metadata
from typing import Final

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

from loyalty_stream.domains.points.merge import POINTS
from loyalty_stream.model.problem import CONTRADICTIONS
from loyalty_stream.ops.metric_table import METRICS, PREFIX, Metric
from loyalty_stream.ops.programs import Programs
from loyalty_stream.ops.recent import Recent
from loyalty_stream.pipeline.effects import Effects, PointsCount
from loyalty_stream.runtime.observer import StoreSize
from loyalty_stream.serving.liability import EncodedRow, liabilities

PROGRAMS_MAX: Final = 100
_DEAD_LETTERED: Final = "dead_lettered"
_BY_PARTITION: Final = (
    "committed_offset",
    "lag_records",
    "restore_remaining_records",
    "state_disk_bytes",
    "state_memtable_bytes",
)
# The three that people ask for by name, each of one direction; all else is by reason.
_ISSUED: Final = "points_issued_total"
_REDEEMED: Final = "points_redeemed_total"
_EXPIRED: Final = "points_expired_total"
_NAMED: Final[Mapping[tuple[str, bool], str]] = {
    ("issued", True): _ISSUED,
    ("converted", True): _ISSUED,
    ("redeemed", False): _REDEEMED,
    ("expired", False): _EXPIRED,
}
_OWED: Final = (
    "program_points_active",
    "program_points_pending",
    "program_accounts",
    "program_accounts_drifting",
    "program_value",
)
_CREDITS: Final = "points_other_credits_total"
_DEBITS: Final = "points_other_debits_total"
_ADJUSTED: Final = "adjusted"

log = structlog.stdlib.get_logger(__name__)


class MetricsObserver:
    """Hear from the runtime, keep the metrics in a registry of their own, and log what an operator should see."""

    def __init__(self, *, programs_max: int = PROGRAMS_MAX, dead_letter_limit: float = 1.0) -> None:
        """Register every metric of the table; at most so many programmes get a label of their own."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a time beside each count says nothing here
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        for metric in METRICS:
            self._register(metric)
        self._programs = Programs(programs_max)
        self._gauges["build_info"].labels(metadata.version("loyalty-stream")).set(1)
        self._gauges["dead_letters_limit_ratio"].set(dead_letter_limit)
        self._cache_hits = self._cache_misses = 0
        self._dead_letters: Counts[tuple[str, str]] = Counts()  # not logged yet
        self._owned: set[tuple[str, int]] = set()
        self._owned_logged = 0
        self.recent = Recent()
        self._totals: Callable[[], Iterable[Iterable[EncodedRow]]] = tuple

    def watch_programs(self, totals: Callable[[], Iterable[Iterable[EncodedRow]]]) -> None:
        """Take what gives the rows of totals of each partition that is served here; it is asked at each scrape."""
        self._totals = totals

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

    def close(self) -> None:
        """Leave nothing behind that is not told; metrics have nothing."""

    def scrape(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics and their content type, in the format that a scraper accepts."""
        self._show_owed()
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def view_restarted(self) -> None:
        """Count that the view beside this worker has ended by itself."""
        self._counters["view_restarts_total"].inc()

    # What the runtime tells: see runtime/observer.py.

    def batch_processed(self, topic: str, partition: int, records: int, seconds: float, effects: Effects) -> None:  # noqa: ARG002
        """Count a committed batch and all that it caused."""
        if records:
            self._histograms["batch_records"].observe(records)
            self._histograms["batch_seconds"].observe(seconds)
            self._gauges["dead_letters_recent_ratio"].set(effects.dead_letter_share)
            self.recent.add(effects)
        events, dead_letters = self._counters["events_total"], self._counters["dead_letters_total"]
        for (dialect, event, outcome, reason), count in effects.events.items():
            events.labels(dialect, event, outcome, reason).inc(count)
            if outcome == _DEAD_LETTERED:
                dead_letters.labels(dialect, topic, reason).inc(count)
                self._dead_letters[dialect, reason] += count
        repairs, warnings = self._counters["payload_repairs_total"], self._counters["consistency_warnings_total"]
        for (dialect, event, kind), count in effects.repairs.items():
            (warnings if kind in CONTRADICTIONS else repairs).labels(dialect, event, kind).inc(count)
        for derived, count in effects.derived.items():
            self._counters["derived_events_total"].labels(*derived).inc(count)
        for change, amount in effects.points.items():
            self._add_points(change, amount)

    def _add_points(self, change: PointsCount, amount: Decimal) -> None:
        vendor, org_id, program_id, currency, reason, credit = change
        if currency != POINTS:
            return  # other currencies are no points
        program, is_new = self._programs.label(vendor, org_id, program_id)
        if is_new:
            self._show_program(program)
        name = _NAMED.get((reason, credit))
        if name is not None:
            self._counters[name].labels(program).inc(float(amount))
        else:
            self._counters[_CREDITS if credit else _DEBITS].labels(program, reason).inc(float(amount))

    def _show_owed(self) -> None:
        """Set what programmes owe by the rows of now: so it is right after a restart, and gone with the partitions."""
        for name in _OWED:
            self._gauges[name].clear()
        for program, owed in liabilities(row for rows in self._totals() for row in rows).items():
            label, is_new = self._programs.label(*program)
            if is_new:
                self._show_program(label)
            purses, points = owed.purses.values(), owed.purses[POINTS]  # accounts are of all currencies
            accounts, drifting = sum(purse.accounts for purse in purses), sum(purse.drifting for purse in purses)
            amounts = (points.held["active"], points.held["pending"], accounts, drifting, points.value("active"))
            for name, amount in zip(_OWED, amounts, strict=True):
                if amount is not None:
                    self._gauges[name].labels(label).inc(float(amount))  # many share a label

    def _show_program(self, program: str) -> None:
        """Start every metric of a programme at 0: where one is missing, a difference of two has no result."""
        for name in (_ISSUED, _REDEEMED, _EXPIRED):
            self._counters[name].labels(program)
        for name in (_CREDITS, _DEBITS):
            self._counters[name].labels(program, _ADJUSTED)

    def transaction_committed(self, partition: int, records: int, seconds: float) -> None:  # noqa: ARG002
        """Count a transaction."""
        self._counters["transactions_total"].inc()
        self._histograms["commit_seconds"].observe(seconds)

    def transaction_failed(self) -> None:
        """Count a failed transaction."""
        self._counters["transaction_failures_total"].inc()

    def failed(self, error: BaseException, where: str) -> None:
        """Leave it to the log: nobody scrapes a process that ends."""

    def position(self, topic: str, partition: int, committed: int, high_watermark: int) -> None:
        """Note how far a source partition is."""
        self._gauges["committed_offset"].labels(topic, partition).set(committed)
        self._gauges["lag_records"].labels(topic, partition).set(high_watermark - committed)
        self._owned.add((topic, partition))

    def partitions_lost(self) -> None:
        """Forget the partitions: another worker tells of them now."""
        for name in _BY_PARTITION:
            self._gauges[name].clear()
        if self._owned:
            log.info("partitions given up", count=len(self._owned))
        self._owned.clear()
        self._owned_logged = 0

    def recovery(self, partition: int, remaining: int) -> None:
        """Note how much of the changelog is still to be read."""
        self._gauges["restore_remaining_records"].labels(partition).set(remaining)

    def store(self, sizes: Mapping[int, StoreSize], block_cache: int) -> None:
        """Note what the state takes."""
        disk, memtable = self._gauges["state_disk_bytes"], self._gauges["state_memtable_bytes"]
        for partition, size in sizes.items():
            disk.labels(partition).set(size.disk)
            memtable.labels(partition).set(size.memtable)
        self._gauges["state_block_cache_bytes"].set(block_cache)

    def readiness(self, *, ready: bool) -> None:
        """Note whether the worker does its work."""
        self._gauges["ready"].set(ready)

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
