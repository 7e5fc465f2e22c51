"""What the pages of deployment and due dates tell an operator to type is what chart, wheel and settings take."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from loyalty_stream.runtime.settings import load_settings
from tests.docs.walk import ROOT, Block, blocks_of

PAGE: Final = blocks_of((ROOT / "docs/deployment.md").read_text())
DUE_DATES: Final = blocks_of((ROOT / "docs/due_dates.md").read_text())
HELM: Final = Path(sys.executable).with_name("helm")


def commands(program: str, page: list[Block] = PAGE) -> list[list[str]]:
    """The page's commands of a program, as words."""
    joined = "\n".join(block.commands for block in page).replace("\\\n", " ")
    return [words for line in joined.splitlines() if (words := shlex.split(line, comments=True))[:1] == [program]]


def rendered(*arguments: str) -> str:
    done = subprocess.run([HELM, "template", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_helm_renders_what_the_page_installs_and_upgrades_to() -> None:
    [_, _, *install], [_, _, *upgrade] = commands("helm")
    assert "image: registry.example/loyalty-stream:" in rendered(*install)
    assert 'LOYALTY_PARTITIONS: "12"' in rendered(*install)
    upgrade.remove("--reuse-values")  # `template` knows no release: those of the installation are given once more
    assert "image: registry.example/loyalty-stream:NEW" in rendered(*upgrade, *install[2:])


def test_what_the_page_stops_for_an_upgrade_is_what_the_chart_names() -> None:
    [_, _, *install], _ = commands("helm")
    made = rendered(*install, "--set", "autoscaling.enabled=true")
    names = set(re.findall(r"^kind: (\w+)\nmetadata:\n  name: (\S+)$", made, re.MULTILINE))
    assert {("StatefulSet", "loyalty-loyalty-stream"), ("ScaledObject", "loyalty-loyalty-stream")} <= names
    for words in commands("kubectl"):
        if words[1] == "annotate":
            assert words[2:4] == ["scaledobject", "loyalty-loyalty-stream"]
        elif words[1] == "scale":
            assert words[2:4] == ["statefulset", "loyalty-loyalty-stream"]
        else:
            label, _, value = words[words.index("--selector") + 1].partition("=")
            assert f"{label}: {value}" in made


def test_the_wheel_that_the_page_names_is_the_one_that_is_built() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wheel = f"dist/{project['name'].replace('-', '_')}-{project['version']}-py3-none-any.whl"
    named = [word for words in (*commands("uvx"), *commands("uv")) for word in words if "whl" in word]
    assert named == [wheel, wheel]


@pytest.mark.parametrize("words", commands("export", DUE_DATES))
def test_the_settings_that_the_page_of_due_dates_shows_are_taken(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _, value = words[1].partition("=")
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), name.removeprefix("LOYALTY_").lower()) == value
