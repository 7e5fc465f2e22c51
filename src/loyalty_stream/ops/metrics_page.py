"""Write `docs/metrics.md` from the table of metrics: `python -m loyalty_stream.ops.metrics_page`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from loyalty_stream.ops.metric_table import LABELS, PREFIX, SECTIONS, VIEW_METRICS, Metric

PAGE: Final = Path("docs/metrics.md")
_INTRO: Final = """\
# Metrics

What a worker tells Prometheus at `/metrics`. Written by `make docs` from the code's own table, which the tests hold to
a real scrape: change that, not this page. The dashboards are in [deploy/grafana](../deploy/grafana/), the alerts in
[deploy/prometheus](../deploy/prometheus/), and what to do about each in [the runbook](runbook.md).

Counters and histograms tell only of what is committed, and start at 0 with the worker: read them through `rate` or
`increase`, summed over all workers. Amounts of points are exact in tables and events; here they are samples, which
Prometheus keeps as floating-point numbers: for a trend, not for the books.
"""
_PROCESS: Final = """\
Beside these stand `process_*` (CPU seconds, resident memory, open files, start time), as all Prometheus clients name
them.
"""
_VIEW: Final = """\
## The view

What a process of [the view](view.md) tells at its own `/metrics`, beside `process_*`.
"""
_LABELS: Final = """\
## Labels

Each takes few values: never a customer, a coupon or a card.
"""
_ASKED: Final = """\
## Where to find what is often asked

| Asked | Query |
| --- | --- |
| Changes of tier, by direction | `sum by (reason) (increase(loyalty_derived_events_total{type="TierChanged"}[1h]))` |
| Coupons, by their new state | `sum by (reason) (increase(loyalty_derived_events_total{domain="coupons"}[1h]))` |
| Drift found, and resolved | `sum by (type) (increase(loyalty_derived_events_total{type=~".*Drift.*"}[1h]))` |
| Points outstanding | `sum by (program) (loyalty_program_points_active)` |
| Accounts that differ from the vendor's now | `sum by (program) (loyalty_program_accounts_drifting)` |
| Conflicts | `sum by (dialect) (increase(loyalty_dead_letters_total{reason="conflict"}[1h]))` |

What a programme owes is told as of the rows that are committed, so it is right after a restart too. While partitions
move from one worker to another, their part is missing for a moment; so is what a merge has under way between two
partitions. The exact amounts are at a worker's `/v1/programs` ([concepts.md](concepts.md#what-a-programme-owes)).
"""


def page() -> str:
    """Return the whole page."""
    view = f"{_VIEW}\n{_metrics(VIEW_METRICS)}"
    return "\n".join([_INTRO, *_sections(), _PROCESS, view, _LABELS, _labels(), _ASKED])


def _sections() -> Iterator[str]:
    for heading, metrics in SECTIONS.items():
        yield f"## {heading}\n\n{_metrics(metrics)}"


def _metrics(metrics: Iterable[Metric]) -> str:
    return _table(("Name", "Kind", "Labels", "Unit", "What it says"), map(_row, metrics))


def _row(metric: Metric) -> tuple[str, ...]:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
    return f"`{PREFIX}{metric.name}`", metric.kind, labels, metric.unit, metric.help


def _labels() -> str:
    return _table(("Label", "Values"), ((f"`{label}`", values) for label, values in LABELS.items()))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page())
