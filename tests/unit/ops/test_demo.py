"""The demo compares every count and every customer; a difference of one point is found."""

import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console

from loyalty_stream.ops.demo.board import Board
from loyalty_stream.ops.demo.compare import differences, expected_facts, found_facts, sequence_gaps
from loyalty_stream.ops.demo.figures import Figures, read_figures
from loyalty_stream.ops.demo.stage import _environment, demo_settings
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.pipeline.effects import DerivedCount, Effects, EventCount
from loyalty_stream.serving.customer import CustomerKey, Json, render_customer, row_keys
from loyalty_stream.simulate import SIMULATIONS, Answer, SimulationOptions, mixed
from tests.helpers.flow import Flow


@pytest.fixture(scope="module")
def simulated() -> tuple[Answer, Flow]:
    """Some simulated traffic of all dialects: the right answer, and what the pipeline makes of it."""
    traffic, flow = mixed(SimulationOptions(events=2_500 * len(SIMULATIONS), customers=60)), Flow()
    for dialect, record in traffic.records():
        flow.raw(record.value, key=record.key, timestamp=record.timestamp_ms, headers=record.headers, dialect=dialect)
    return traffic.answer, flow


def picture(flow: Flow, key: str) -> Json:
    parsed = CustomerKey.parse(key)
    [table] = flow.tables
    return render_customer(parsed, 0, {name: table[row_key] for name, row_key in row_keys(parsed) if row_key in table})


def test_pipeline_and_simulation_agree_about_every_customer(simulated: tuple[Answer, Flow]) -> None:
    answer, flow = simulated
    expected = expected_facts(answer)
    assert len(expected) > 50
    for key, facts in expected.items():
        assert differences(key, facts, found_facts(picture(flow, key))) == []


def test_every_domain_is_compared(simulated: tuple[Answer, Flow]) -> None:
    kinds = {name.split()[0] for facts in expected_facts(simulated[0]).values() for name in facts}
    assert kinds == {
        *("account", "tier", "coupon", "streak", "target", "badge", "promotion", "transaction", "partner", "grant"),
        *("segment", "consent", "message", "offer", "card", "request", "campaign", "application", "execution"),
    }


def test_one_point_too_many_is_a_difference() -> None:
    answer = Answer()
    answer.account("v:o:c", 8100).active = Decimal(8)
    found = {
        "points": {
            "accounts": [{"program_id": "8100", "currency": "points", "active": "9", "pending": "0", "lifetime": "0"}]
        }
    }
    facts = expected_facts(answer)["v:o:c"]
    assert differences("v:o:c", facts, found_facts(found)) == [
        "v:o:c, account 8100 points: 9 0 0 instead of 8 0 0",
    ]
    assert differences("v:o:c", facts, {}) == ["v:o:c, account 8100 points: nothing instead of 8 0 0"]
    assert differences("v:o:c", {}, {"tier 1": "2"}) == ["v:o:c, tier 1: 2 instead of nothing"]


def test_a_derived_event_that_was_not_received_is_a_gap() -> None:
    shown = {"key": "v:o:c", "tiers": {"seq": 3}, "points": {"seq": 1}}
    received = {("v:o:c", "tiers"): 2, ("v:o:c", "points"): 1}
    assert sequence_gaps("v:o:c", shown, received) == ["v:o:c, tiers: 2 derived events received, seq is 3"]


def test_the_events_of_all_domains_of_a_topic_are_counted_together() -> None:
    shown = {"key": "v:o:card/1", "cards": {"seq": 2}, "customers": {"seq": 1}}
    assert sequence_gaps("v:o:card/1", shown, {("v:o:card/1", "customers"): 3}) == []


def test_the_figures_are_those_of_a_real_scrape() -> None:
    observer = MetricsObserver()
    events = Counter(
        {
            EventCount("capillary", "pointsIssued", "applied", ""): 5,
            EventCount("capillary", "pointsIssued", "forwarded", ""): 2,
            EventCount("talon_one", "unknown", "dead_lettered", "malformed_json"): 1,
        }
    )
    repairs, derived = (
        Counter({("capillary", "pointsIssued", "key_whitespace"): 1}),
        Counter({DerivedCount("points", "X", ""): 6}),
    )
    observer.batch_processed("t", 0, 8, 0.1, Effects(events=events, repairs=repairs, derived=derived))
    observer.position("raw", 0, 5, 9)
    observer.position("raw", 1, 3, 3)
    figures = read_figures(observer.scrape("")[0].decode())
    assert figures.settled == 6
    assert figures.lag == 4
    assert (figures.derived["points"], figures.repairs["key_whitespace"]) == (6, 1)
    assert figures.dialects == {"capillary": 5, "talon_one": 1}
    tally = figures.tally(["raw"])
    assert (tally.consumed, tally.applied, tally.dead_lettered, tally.forwarded) == (8, 5, 1, 2)


def test_without_a_terminal_there_are_plain_lines() -> None:
    out = io.StringIO()
    with Board(Console(file=out), 100) as board:
        board.show(Figures(outcomes=Counter(applied=60), derived=Counter(points=70)), 80)
        ended = Counter(capillary=60, talon_one=40)
        board.show(Figures(outcomes=Counter(applied=100), dialects=ended, derived=Counter(points=110)), 100, last=True)
    [line] = out.getvalue().splitlines()
    assert "100 of 100 events" in line
    assert "lag 0" in line
    assert "capillary 60, talon_one 40" in line
    assert "points 110" in line


def test_on_a_terminal_there_is_a_table() -> None:
    out = io.StringIO()
    with Board(Console(file=out, force_terminal=True, width=120), 100) as board:
        board.show(Figures(outcomes=Counter(applied=60), dead_letters=Counter(conflict=3)), 80)
    assert "dead letters" in out.getvalue()
    assert "conflict" in out.getvalue()


def test_the_demo_heeds_nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOYALTY_PARTITION_BY", "{customer_id}")
    monkeypatch.setenv("LOYALTY_OF_A_LATER_VERSION", "unknown")
    settings = demo_settings(tmp_path, None)
    environment = _environment(settings.model_copy(update={"kafka_sasl_password": SecretStr("secret")}))
    assert environment["LOYALTY_PARTITION_BY"] == "{vendor}:{org_id}:{customer_id}"
    assert environment["LOYALTY_KAFKA_SASL_PASSWORD"] == "secret"  # noqa: S105
    assert "LOYALTY_OF_A_LATER_VERSION" not in environment


def test_on_a_real_broker_the_demo_has_names_of_its_own_and_that_brokers_security(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOYALTY_KAFKA_SECURITY_PROTOCOL", "SSL")
    settings = demo_settings(tmp_path, "kafka:9092")
    assert settings.app_id.startswith("loyalty-demo-")
    assert settings.topic_prefix == f"{settings.app_id}."
    assert settings.kafka_security_protocol == "SSL"
