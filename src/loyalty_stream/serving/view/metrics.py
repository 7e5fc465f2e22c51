"""Keep the metrics of a process of the view."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

from loyalty_stream.ops.metric_table import PREFIX, VIEW_METRICS
from loyalty_stream.serving.view.batch import Batch
from loyalty_stream.serving.view.names import Place
from loyalty_stream.serving.view.store import Counts, now_ms

_COUNTS: Final = ("rows_applied", "rows_skipped", "entries_applied", "entries_skipped")


class ViewMetrics:
    """What metric_table.py lists of the view, in a registry of its own."""

    def __init__(self) -> None:
        """Register every metric."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a time beside each count says nothing here
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        for metric in VIEW_METRICS:
            name = PREFIX + metric.name
            if metric.kind == "counter":
                self._counters[metric.name] = Counter(name, metric.help, metric.labels, registry=self.registry)
            elif metric.kind == "gauge":
                self._gauges[metric.name] = Gauge(name, metric.help, metric.labels, registry=self.registry)
            else:
                self._age = Histogram(name, metric.help, registry=self.registry, buckets=metric.buckets)

    def applied(self, batch: Batch, counts: Counts) -> None:
        """Count a batch that is in Redis."""
        now = now_ms()
        for row in batch.rows.values():
            self._age.observe(max(0, now - row.recorded_at) / 1000)
        for name, count in zip(_COUNTS, counts, strict=True):
            self._counters[f"view_{name}_total"].inc(count)

    def lag(self, positions: Mapping[Place, int], ends: Mapping[Place, int]) -> None:
        """Note how far each place is behind."""
        for place, end in ends.items():
            self._gauges["view_lag_records"].labels(*place).set(max(0, end - positions.get(place, 0)))

    def complete(self, until: int) -> None:
        """Note until when (ms) all that was committed is in Redis."""
        self._gauges["view_complete_until_seconds"].set(until / 1000)

    def generation(self, number: str) -> None:
        """Note which generation is followed."""
        self._gauges["view_generation"].set(int(number))

    def standing_by(self) -> None:
        """Forget how far the places are behind: another process tells now."""
        self._gauges["view_lag_records"].clear()

    def audited(self, compared: int, different: int) -> None:
        """Count what the audit has found."""
        self._counters["view_audited_total"].inc(compared)
        self._counters["view_divergence_total"].inc(different)

    def redis_failed(self) -> None:
        """Count a call that Redis did not answer."""
        self._counters["view_redis_failures_total"].inc()
