"""Rows that a release has written are read by every later one, and no layout changes unseen."""

import base64
import json
import tomllib
from pathlib import Path

import pytest

from loyalty_stream.domains import DOMAINS
from loyalty_stream.pipeline.internal import INTERNAL_UPGRADES, INTERNAL_VERSIONS
from loyalty_stream.pipeline.table import STATE_VERSIONS
from tests.golden.cases import Document
from tests.golden.released import FOLDER, ROOT, STATES, row_document, shape

FILES = sorted(FOLDER.glob("*/*.json"))
UPGRADES = {domain.name: domain.upgrades for domain in DOMAINS} | {
    kind: INTERNAL_UPGRADES.get(kind, {}) for kind in INTERNAL_VERSIONS
}


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def newest(kind: str) -> Document | None:
    """What the newest release that knew a kind has kept of it, None where none did."""
    files = [path for path in FILES if path.stem == kind]
    return document(max(files, key=lambda path: number(path.parent.name))) if files else None


def document(path: Path) -> Document:
    kept: Document = json.loads(path.read_text())
    return kept


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_rows_of_a_release_are_read_and_say_what_they_said(path: Path) -> None:
    kept = document(path)
    assert kept["rows"]
    for row in kept["rows"]:
        assert row_document(row["key"].encode(), base64.b64decode(row["row"])) == row["says"]


@pytest.mark.parametrize("kind", STATES)
def test_a_state_that_changes_has_a_new_version(kind: str) -> None:
    kept = newest(kind)
    if kept is None or STATE_VERSIONS[kind] > kept["version"]:
        return
    assert STATE_VERSIONS[kind] == kept["version"]
    assert shape(STATES[kind]) == kept["shape"], (
        f"the state of {kind} is not as it was released in version {kept['version']}: a worker of that release would "
        "misread or lose what is new. Raise its state_version and say in upgrades how the earlier one becomes it "
        "(docs/upgrading.md). Only where that version was never released: make fixtures"
    )


@pytest.mark.parametrize("kind", STATES)
def test_each_earlier_version_of_a_state_has_its_upgrade(kind: str) -> None:
    assert set(UPGRADES[kind]) == set(range(1, STATE_VERSIONS[kind]))


def test_the_release_at_hand_has_kept_every_kind_of_row() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {path.stem for path in FILES if path.parent.name == version} == set(STATES)
