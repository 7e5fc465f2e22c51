"""Dashboards and alerts ask for what is there: a real Prometheus scrapes a worker and a view amid all traffic."""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest
import yaml

from loyalty_stream.ops.metric_table import METRICS, PREFIX, VIEW_METRICS, Metric
from loyalty_stream.ops.topic_plan import load_topics
from loyalty_stream.ops.topics import apply, connect
from tests.kafka.client import read_topic, unique, wait_until
from tests.kafka.worker import Worker
from tests.lacking import lack
from tests.prometheus.find import Programs
from tests.prometheus.server import ALERTS, ROOT, SCRAPE_SECONDS, Prometheus
from tests.redis.find import NoRedisError
from tests.redis.local import LocalRedis, local_redis

TRAFFIC = {"capillary": (5_000, 150), "voucherify": (1_000, 100)}
"""How many events of how many customers: few, so that much happens to each."""
EVENTS = sum(events for events, _ in TRAFFIC.values())
SHARES = {"drift": 0.3, "erasure": 0.005, "conflict": 0.02, "unknown": 0.02, "dirt": 0.2}
SECONDS_MAX = 120
JOB = "loyalty-stream"
VARIABLES = {"$job": JOB, "$__rate_interval": f"{120 * SCRAPE_SECONDS}s", "$__range": f"{120 * SCRAPE_SECONDS}s"}
DASHBOARDS = {
    path.stem: json.loads(path.read_text()) for path in (ROOT / "deploy" / "grafana" / "dashboards").glob("*.json")
}
QUERIES = [
    pytest.param(target["expr"], id=f"{name}: {panel['title']} {target['refId']}")
    for name, dashboard in DASHBOARDS.items()
    for panel in dashboard["panels"]
    for target in panel.get("targets", ())
]
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
SELECTOR = re.compile(r"\b(?:loyalty_|process_|up\b)\w*(?:\{[^}]*\})?")


class Watched(NamedTuple):
    """A worker that has worked through its traffic, and the Prometheus that has watched it.

    `at` is when it had: rates know of the traffic then, however long the tests take.
    """

    broker: str
    prefix: str
    worker: Worker
    view: Worker
    prometheus: Prometheus
    at: float


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRedis]:
    try:
        with local_redis(tmp_path_factory.mktemp("redis")) as server:
            yield server
    except NoRedisError as failure:
        lack("Redis server", failure)


@pytest.fixture(scope="module")
def watched(
    broker: str, store: LocalRedis, prometheus: Programs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    app_id = unique("watched")
    folder = tmp_path_factory.mktemp(app_id)
    settings = {"topic_prefix": f"{app_id}.", "output_format": "json"}
    apply(connect({"bootstrap.servers": broker}), load_topics(f"{app_id}.", app_id, 4))
    worker = Worker(folder / "worker", broker, app_id, **settings)
    view = Worker(folder / "view", broker, app_id, redis_url=store.url, **settings)
    view.command = [sys.executable, "-m", "loyalty_stream", "view"]
    worker.start()
    view.start()
    try:
        worker.wait_ready()
        view.wait_ready()
        ports = {"worker_port": worker.http_port, "view_port": view.http_port}
        with Prometheus(prometheus, folder, **ports).running() as server:
            # Its first look at a target comes seconds after the start; what was there by then is no rate.
            assert wait_until(lambda: scrapes(server) >= 2, SECONDS_MAX)
            simulate(broker, app_id)
            assert wait_until(lambda: settled(server) == EVENTS, SECONDS_MAX), f"{settled(server)} of {EVENTS} settled"
            seen = scrapes(server)
            assert wait_until(lambda: scrapes(server) >= seen + 3, SECONDS_MAX)
            yield Watched(broker, f"{app_id}.", worker, view, server, time.time())
    finally:
        worker.kill()
        view.kill()


def simulate(broker: str, app_id: str) -> None:
    shares = [f"--{name}-share={share}" for name, share in SHARES.items()]
    for dialect, (events, customers) in TRAFFIC.items():
        size = [f"--dialect={dialect}", f"--events={events}", f"--customers={customers}"]
        subprocess.run(
            [sys.executable, "-m", "loyalty_stream", "simulate", *size, *shares],
            env=os.environ | {"LOYALTY_BOOTSTRAP_SERVERS": broker, "LOYALTY_TOPIC_PREFIX": f"{app_id}."},
            check=True,
            capture_output=True,
        )


def settled(server: Prometheus) -> float:
    """Return how many raw records have ended, as Prometheus knows it."""
    return value(server.query('sum(loyalty_events_total{outcome!="forwarded"})'))


def scrapes(server: Prometheus) -> float:
    return value(server.query(f'count_over_time(up{{job="{JOB}"}}[1h])'))


def value(samples: list[Any]) -> float:
    return float(samples[0]["value"][1]) if samples else 0.0


def scrape(worker: Worker) -> bytes:
    connection = HTTPConnection("127.0.0.1", worker.http_port, timeout=10)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read()
    finally:
        connection.close()


def family(name: str) -> str:
    """Return the name that the metadata of OpenMetrics has: a counter's is without its suffix."""
    return name.removesuffix("_total")


def filled_in(expression: str) -> str:
    for name, given in VARIABLES.items():
        expression = expression.replace(name, given)
    return expression


@pytest.mark.parametrize("metric", [*METRICS, *VIEW_METRICS], ids=lambda metric: metric.name)
def test_every_metric_of_the_table_is_scraped_with_its_kind_and_labels(watched: Watched, metric: Metric) -> None:
    name = PREFIX + metric.name
    [described] = watched.prometheus.metadata()[family(name)]
    assert (described["type"], described["help"]) == (metric.kind, metric.help)
    samples = watched.prometheus.query(f"{name}_bucket" if metric.kind == "histogram" else name)
    assert samples
    beside = {"__name__", "job", "instance", "le"}
    assert {label for sample in samples for label in sample["metric"]} - beside == set(metric.labels)


def test_no_metric_is_scraped_that_the_table_does_not_have(watched: Watched) -> None:
    listed = {family(PREFIX + metric.name) for metric in (*METRICS, *VIEW_METRICS)}
    found = {name for name in watched.prometheus.metadata() if not name.startswith("process_")}
    assert found == listed


@pytest.mark.parametrize("process", ["worker", "view"])
def test_promtool_finds_no_fault_in_a_scrape(watched: Watched, prometheus: Programs, process: str) -> None:
    scraped = scrape(getattr(watched, process))
    checked = subprocess.run([prometheus.promtool, "check", "metrics"], input=scraped, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_no_series_names_a_customer(watched: Watched) -> None:
    told = read_topic(watched.broker, f"{watched.prefix}derived.points")
    customers = {json.loads(record.value or b"")["customer_id"] for record in told}
    labels = re.findall(r'="([^"]*)"', (scrape(watched.worker) + scrape(watched.view)).decode())
    assert len(customers) > 100
    assert {part for label in labels for part in label.split(":")} & customers == set()
    programs = {label for label in labels if label.startswith("voucherify:")}
    assert programs
    assert {program.split(":")[2].partition("_")[0] for program in programs} == {"camp"}  # a campaign, never a card


def test_points_of_each_programme_are_the_sum_of_what_was_published(watched: Watched) -> None:
    names = {"issued": "issued", "converted": "issued", "redeemed": "redeemed", "expired": "expired"}
    sums: Counter[tuple[str, str]] = Counter()
    exact: dict[tuple[str, str], Decimal] = {}
    for record in read_topic(watched.broker, f"{watched.prefix}derived.points"):
        event = json.loads(record.value or b"")
        data = event["data"]
        if event["type"] == "BalanceChanged" and data["currency"] == "points" and data["reason"] in names:
            key = (names[data["reason"]], f"{event['vendor']}:{event['org_id']}:{data['program_id']}")
            exact[key] = exact.get(key, Decimal(0)) + abs(Decimal(data["delta_active"]))
            sums[key] += 1
    assert {name for name, _ in exact} == {"issued", "redeemed", "expired"}
    for (name, program), amount in exact.items():
        counted = value(watched.prometheus.query(f'loyalty_points_{name}_total{{program="{program}"}}'))
        assert counted == pytest.approx(float(amount))


def test_the_lag_of_every_partition_comes_to_nothing(watched: Watched) -> None:
    assert wait_until(lambda: value(watched.prometheus.query("sum(loyalty_lag_records)")) == 0, SECONDS_MAX)
    assert len(watched.prometheus.query("loyalty_lag_records == 0")) == 20


@pytest.mark.parametrize("expression", QUERIES)
def test_every_query_of_every_panel_has_data(watched: Watched, expression: str) -> None:
    values = [sample["value"][1] for sample in watched.prometheus.query(filled_in(expression), watched.at)]
    assert set(values) - {"NaN"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_series_that_an_alert_compares_is_there(watched: Watched, rule: dict[str, Any]) -> None:
    watched.prometheus.query(rule["expr"])  # is accepted and evaluated
    selectors = set(SELECTOR.findall(rule["expr"]))
    assert selectors
    assert [selector for selector in selectors if not watched.prometheus.query(selector)] == []


def test_prometheus_evaluates_every_alert_without_an_error(watched: Watched) -> None:
    held = {rule["name"]: rule["health"] for rule in watched.prometheus.rules()}
    assert held == {rule["alert"]: "ok" for rule in RULES}
