"""What the dashboards are made of: queries in panels, panels in rows, with the two variables that all have."""

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Final, NamedTuple

from grafana_foundation_sdk.builders import common, prometheus, stat, timeseries
from grafana_foundation_sdk.builders.dashboard import (
    Dashboard,
    DashboardLink,
    DatasourceVariable,
    QueryVariable,
    Row,
    ThresholdsConfig,
)
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
    VariableSort,
)

SOURCE: Final = DataSourceRef(type_val="prometheus", uid="${datasource}")
TAG: Final = "loyalty-stream"
PER_SECOND: Final = "cps"
"""Grafana's unit of things in a second."""

_PANEL: Final = (8, 8)  # height, and width of 24
_STAT: Final = (4, 4)


class Query(NamedTuple):
    """A query of Prometheus, and how its series are named."""

    expression: str
    legend: str


class Panel(NamedTuple):
    """A graph over time; `unit` is Grafana's name of one. Stacked, its series are parts of a whole."""

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    stacked: bool = False


class Stat(NamedTuple):
    """One number as it is now; red from a value on, or at 0 and below where `red_at_zero`."""

    title: str
    description: str
    unit: str
    query: Query
    red_from: float | None = None
    red_at_zero: bool = False


Rows = Mapping[str, tuple[Panel | Stat, ...]]


def metric(name: str, labels: str = "") -> str:
    """Return the series of a metric of the chosen jobs; those of all Prometheus clients have no prefix of ours."""
    prefix = "" if name.startswith(("process_", "up")) else "loyalty_"
    matchers = ", ".join(filter(None, ('job=~"$job"', labels)))
    return f"{prefix}{name}{{{matchers}}}"


def rate(name: str, labels: str = "", by: str = "") -> str:
    """Return the rate of a counter in a second, summed over all workers, by labels."""
    grouped = f" by ({by})" if by else ""
    return f"sum{grouped} (rate({metric(name, labels)}[$__rate_interval]))"


def increase(name: str, labels: str = "", by: str = "") -> str:
    """Return what a counter grew by in the dashboard's whole time range, likewise."""
    grouped = f" by ({by})" if by else ""
    return f"sum{grouped} (increase({metric(name, labels)}[$__range]))"


def gauge(name: str, by: str = "") -> str:
    """Return a gauge as it is, summed over all workers, by labels."""
    grouped = f" by ({by})" if by else ""
    return f"sum{grouped} ({metric(name)})"


def quantiles(name: str) -> tuple[Query, ...]:
    """Return median, 95th and 99th percentile of a histogram."""
    buckets = rate(f"{name}_bucket", by="le")
    return tuple(Query(f"histogram_quantile({share}, {buckets})", f"p{share * 100:.0f}") for share in (0.5, 0.95, 0.99))


def dashboard(uid: str, title: str, description: str, rows: Rows) -> Dashboard:
    """Return a dashboard of rows."""
    made = (
        Dashboard(title)
        .uid(uid)
        .description(description)
        .tags([TAG])
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .time("now-3h", "now")
        .refresh("30s")
        .with_variable(DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(_job())
        .link(
            DashboardLink(TAG)
            .type(DashboardLinkType.DASHBOARDS)
            .tags([TAG])
            .include_vars(include_vars=True)
            .keep_time(keep_time=True)
        )
    )
    for heading, panels in rows.items():
        made = made.with_row(Row(heading))
        for panel in panels:
            made = made.with_panel(_stat(panel) if isinstance(panel, Stat) else _graph(panel))
    return made


def _job() -> QueryVariable:
    return (
        QueryVariable("job")
        .label("Job")
        .description("Which deployments: the scrape jobs that have workers.")
        .datasource(SOURCE)
        .query("label_values(loyalty_build_info, job)")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(multi=True)
        .include_all(include_all=True)
    )


def _graph(panel: Panel) -> timeseries.Panel:
    height, width = _PANEL
    legend = (
        common.VizLegendOptions()
        .show_legend(show_legend=True)
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
    )
    made = (
        timeseries.Panel()
        .title(panel.title)
        .description(panel.description)
        .datasource(SOURCE)
        .unit(panel.unit)
        .height(height)
        .span(width)
        .fill_opacity(30 if panel.stacked else 5)
        .legend(legend)
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    )
    if panel.stacked:
        made = made.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for letter, query in zip(ascii_uppercase, panel.queries, strict=False):
        made = made.with_target(_target(query, letter).range())
    return made


def _stat(panel: Stat) -> stat.Panel:
    height, width = _STAT
    steps = [Threshold(value=None, color="red" if panel.red_at_zero else "green")]
    if panel.red_at_zero:
        steps.append(Threshold(value=1, color="green"))
    if panel.red_from is not None:
        steps.append(Threshold(value=panel.red_from, color="red"))
    return (
        stat.Panel()
        .title(panel.title)
        .description(panel.description)
        .datasource(SOURCE)
        .unit(panel.unit)
        .height(height)
        .span(width)
        .color_mode(BigValueColorMode.VALUE)
        .thresholds(ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
        .with_target(_target(panel.query, "A").instant())
    )


def _target(query: Query, letter: str) -> prometheus.Dataquery:
    made = prometheus.Dataquery().ref_id(letter).expr(query.expression).legend_format(query.legend)
    return made.datasource(SOURCE)
