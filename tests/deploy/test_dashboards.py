"""The dashboards as they are checked in: what the code makes, and readable by whoever never saw them."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
import yaml

from deploy.grafana.source.render import FOLDER, rendered

FILES = {path.name: path.read_text() for path in FOLDER.glob("*.json")}
DASHBOARDS = [pytest.param(json.loads(text), id=name) for name, text in FILES.items()]
PANELS = [
    pytest.param(panel, id=f"{name}: {panel['title']}")
    for name, text in FILES.items()
    for panel in json.loads(text)["panels"]
    if panel["type"] != "row"
]
PROVISIONING = FOLDER.parent / "provisioning"


def test_the_checked_in_dashboards_are_those_of_the_code() -> None:
    assert rendered() == FILES, "deploy/grafana/dashboards is not what its source says: run `make dashboards`"


def test_there_is_one_dashboard_for_each_reader() -> None:
    assert set(FILES) == {"operations.json", "business.json", "data_quality.json"}
    assert len({json.loads(text)["uid"] for text in FILES.values()}) == len(FILES)


@pytest.mark.parametrize("dashboard", DASHBOARDS)
def test_every_dashboard_lets_its_reader_choose_data_source_and_job(dashboard: dict[str, Any]) -> None:
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert {name: variable["type"] for name, variable in variables.items()} == {
        "datasource": "datasource",
        "job": "query",
    }
    assert variables["job"]["query"] == "label_values(loyalty_build_info, job)"
    assert dashboard["description"]


@pytest.mark.parametrize("dashboard", DASHBOARDS)
def test_no_panel_lies_on_another(dashboard: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    assert [(one, other) for one, other in combinations(places, 2) if overlap(one, other)] == []


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_says_what_it_shows_and_in_what_unit(panel: dict[str, Any]) -> None:
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"]["uid"] == "${datasource}"


@pytest.mark.parametrize("panel", PANELS)
def test_every_query_has_a_legend_and_is_of_the_chosen_jobs(panel: dict[str, Any]) -> None:
    targets = panel["targets"]
    assert all(target["legendFormat"] for target in targets)
    assert len({target["refId"] for target in targets}) == len(targets) > 0
    for target in targets:
        selectors = re.findall(r"\b(?:loyalty_|process_|up\b)\w*({[^}]*}|)", target["expr"])
        assert selectors
        assert all('job=~"$job"' in selector for selector in selectors)


def test_provisioning_names_the_data_source_and_where_the_dashboards_lie() -> None:
    [source] = yaml.safe_load((PROVISIONING / "datasources" / "prometheus.yaml").read_text())["datasources"]
    [provider] = yaml.safe_load((PROVISIONING / "dashboards" / "loyalty-stream.yaml").read_text())["providers"]
    assert (source["type"], provider["type"]) == ("prometheus", "file")
    assert provider["options"]["path"]
