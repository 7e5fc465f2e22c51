import re
from pathlib import Path

import pytest

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.events import DerivedBody
from loyalty_stream.model.explained import Explained
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.ops.events_page import page
from loyalty_stream.sources import DIALECTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "events.md").read_text()
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]


def test_the_checked_in_page_is_that_of_the_code() -> None:
    assert page() == PAGE, "docs/events.md is not what the code's tables say: run `make docs`"


def test_every_event_of_every_dialect_has_a_row() -> None:
    named = {row[0].strip("`") for row in ROWS}
    for dialect in DIALECTS.values():
        assert named >= {*dialect.makes, *dialect.ignores}


@pytest.mark.parametrize("derived", [derived for domain in DOMAINS for derived in domain.derived])
def test_every_derived_event_has_a_row_that_names_its_fields(derived: type[DerivedBody]) -> None:
    rows = [row for row in ROWS if row[0] == f"`{derived.__name__}`" and len(row) == 3]
    assert len(rows) == 1
    assert [name.rstrip("?") for name in re.findall(r"`(\w+\??)`", rows[0][2])] == list(derived.__struct_fields__)


@pytest.mark.parametrize("words", [DeadLetterReason, IgnoredReason, RepairKind])
def test_every_reason_and_kind_has_a_row_with_its_meaning(words: type[Explained]) -> None:
    assert [[f"`{word}`", word.meaning] in ROWS for word in words] == [True] * len(words)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_no_row_is_broken_by_a_bar_or_left_empty() -> None:
    assert all(cell.strip() for row in ROWS for cell in row)
    tables = re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
    assert all(len({line.count("|") for line in table.splitlines()}) == 1 for table in tables)
