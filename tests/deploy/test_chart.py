"""The Helm chart's values fit its schema, and the schema fits the settings; `make helm` checks what is rendered."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
import yaml

from loyalty_stream.runtime.settings import ENV_PREFIX
from tests.helpers.setting_names import SETTINGS

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "deploy/helm/loyalty-stream"
SCHEMA: Final = FOLDER / "values.schema.json"
OF_THE_CHART: Final = {"LOYALTY_DATA_DIR", "LOYALTY_HTTP_ADVERTISED_URL", "LOYALTY_HTTP_HOST", "LOYALTY_HTTP_PORT"}
PROPERTIES: Final = json.loads(SCHEMA.read_text())["properties"]


def named(part: str) -> set[str]:
    return {f"{ENV_PREFIX}{name}" for name in PROPERTIES[part]["properties"]}


@pytest.mark.parametrize("values", ["values.yaml", "ci/full-values.yaml"])
def test_values_fit_the_schema(values: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA), str(FOLDER / values)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_each_value_is_described_by_the_schema() -> None:
    assert yaml.safe_load((FOLDER / "values.yaml").read_text()).keys() == PROPERTIES.keys() - {"global"}


def test_each_setting_can_be_given_in_its_place() -> None:
    """A new setting belongs into values.schema.json: plain, from a Secret, or as a file from a Secret."""
    plain, secret, files = (named(part) for part in ("settings", "secretSettings", "secretFiles"))
    assert plain | secret | files | OF_THE_CHART == SETTINGS
    assert files == {name for name in SETTINGS if name.endswith("_LOCATION")}


def test_no_password_or_token_can_be_given_as_a_plain_value() -> None:
    secrets = {name for name in SETTINGS if "PASSWORD" in name or "TOKEN" in name}
    assert secrets <= named("secretSettings")
    assert secrets.isdisjoint(named("settings"))


def test_each_loyalty_variable_of_the_templates_is_a_setting() -> None:
    text = "".join(file.read_text() for file in (FOLDER / "templates").iterdir())
    found = set(re.findall(r"LOYALTY_[A-Z_]+[A-Z]", text))
    assert found >= OF_THE_CHART
    assert found <= SETTINGS


def test_the_chart_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((FOLDER / "Chart.yaml").read_text())["appVersion"] == version
