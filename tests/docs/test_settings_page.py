"""The page of settings names each one with its default, and a wrong value is answered as it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from loyalty_stream.ops.log import LogSettings
from loyalty_stream.runtime.settings import Settings
from tests.docs.walk import ROOT, blocks_of

PAGE = (ROOT / "docs/settings.md").read_text()


def settings_of(*models: type[BaseSettings]) -> dict[str, str]:
    fields = {name: field.default for model in models for name, field in model.model_fields.items()}
    return {name.upper(): shown(default) for name, default in fields.items()}


def shown(default: object) -> str:
    """A default as the table shows it: one that is no secret yet stands in the code for everybody to read."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)


def test_the_tables_name_each_setting_once_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(settings_of(Settings, LogSettings).items())


def test_wrong_values_stop_the_start_with_what_is_allowed(tmp_path: Path) -> None:
    [example] = blocks_of(PAGE)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", example.commands], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == example.shows
