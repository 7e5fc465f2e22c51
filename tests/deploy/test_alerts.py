"""The alerts as they are checked in: valid, tested, and each with a section of the runbook."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.prometheus.find import Programs
from tests.prometheus.server import ALERTS, CONFIG, ROOT

TESTS = ALERTS.parent / "tests" / "alerts_test.yml"
RUNBOOK = ROOT / "docs" / "runbook.md"
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
CASES = yaml.safe_load(TESTS.read_text())["tests"]


def promtool(programs: Programs, *arguments: str | Path) -> None:
    done = subprocess.run([programs.promtool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_the_configuration_with_its_rules(prometheus: Programs) -> None:
    promtool(prometheus, "check", "config", CONFIG)
    promtool(prometheus, "check", "rules", "--lint=all", "--lint-fatal", ALERTS)


def test_every_alert_fires_where_it_must_and_keeps_quiet_where_it_must(prometheus: Programs) -> None:
    promtool(prometheus, "test", "rules", TESTS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_has_a_case_in_which_it_fires_and_was_quiet_before_or_after(rule: dict[str, Any]) -> None:
    label = f'{{alertname="{rule["alert"]}"}}'
    fires = [[label in map(str, labels_of(check)) for check in case["promql_expr_test"]] for case in CASES]
    assert any(any(case) and not all(case) for case in fires)


def labels_of(check: dict[str, Any]) -> list[str]:
    return [sample["labels"] for sample in check["exp_samples"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert ":" in rule["annotations"]["summary"]  # what is the matter: what to do
    assert rule["annotations"]["description"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_leads_to_its_section_of_the_runbook(rule: dict[str, Any]) -> None:
    file, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert ROOT / file == RUNBOOK
    assert anchor == rule["alert"].lower()
    section = re.search(rf"^## {rule['alert']}\n(.*?)(?=^## |\Z)", RUNBOOK.read_text(), re.MULTILINE | re.DOTALL)
    assert section is not None
    assert re.findall(r"^\*\*(.*?)\*\*", section[1], re.MULTILINE) == ["What it means.", "Look at.", "Do."]


def test_the_runbook_has_no_section_of_an_alert_that_is_not_there() -> None:
    sections = re.findall(r"^## (Loyalty\w+)", RUNBOOK.read_text(), re.MULTILINE)
    assert sections == [rule["alert"] for rule in RULES]
