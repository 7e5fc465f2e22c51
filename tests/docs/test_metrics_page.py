import re
from pathlib import Path

import pytest

from loyalty_stream.ops.metric_table import LABELS, METRICS, PREFIX, Metric
from loyalty_stream.ops.metrics_page import page

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "metrics.md").read_text()
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]


def test_the_checked_in_page_is_that_of_the_code() -> None:
    assert page() == PAGE, "docs/metrics.md is not what the code's table says: run `make docs`"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_has_a_row_with_kind_labels_unit_and_meaning(metric: Metric) -> None:
    [row] = [row for row in ROWS if row[0] == f"`{PREFIX}{metric.name}`"]
    assert (row[1], re.findall(r"`(\w+)`", row[2])) == (metric.kind, list(metric.labels))
    assert row[3:] == [metric.unit, metric.help]


def test_every_label_has_a_row_with_its_values() -> None:
    assert [[f"`{label}`", values] in ROWS for label, values in LABELS.items()] == [True] * len(LABELS)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_no_row_is_broken_by_a_bar_or_left_empty() -> None:
    assert all(cell.strip() for row in ROWS for cell in row)
    tables = re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
    assert all(len({line.count("|") for line in table.splitlines()}) == 1 for table in tables)
