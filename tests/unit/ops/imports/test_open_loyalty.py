"""Turn rows of campaign executions into raw records."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.ops.imports.csv_rows import RowReader
from loyalty_stream.ops.imports.errors import ImportFailedError
from loyalty_stream.ops.imports.open_loyalty import NEEDED, read_head, to_record
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources.open_loyalty.row import COLUMNS

PARTITION_BY = Settings.model_fields["partition_by"].default
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(['{"a": "b\n"}', '"', ""])
ROWS = st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS))


def test_the_columns_are_those_of_the_vendors_page() -> None:
    assert len(COLUMNS) == 12
    assert set(NEEDED) < set(COLUMNS)


@given(rows=st.lists(ROWS, min_size=1, max_size=4), order=st.permutations(COLUMNS))
def test_rows_as_a_csv_writer_writes_them_come_out_as_json(rows: list[dict[str, str]], order: list[str]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, order)
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    head, *found = [row.cells for row in RowReader(io.BytesIO(content), row_bytes_max=100_000)]
    convert = to_record(read_head(head or []), PARTITION_BY)
    records = [convert(cells or []) for cells in found]
    assert [json.loads(record[1]) for record in records if record] == rows


def test_the_key_is_what_the_rows_partition_is_chosen_by() -> None:
    cells = [f"{name} 1" for name in COLUMNS]
    head = read_head(COLUMNS)
    assert (to_record(head, PARTITION_BY)(cells) or (b"",))[
        0
    ] == b"open_loyalty:tenantId1:execution/campaignExecutionId1"
    assert (to_record(head, "{customer_id}")(cells) or (b"",))[0] == b"execution/campaignExecutionId1"


def test_a_column_that_is_not_known_is_left_out_and_told() -> None:
    head = read_head(["exportedBy", *NEEDED])
    assert head.dropped == ("exportedBy",)
    _, value = to_record(head, PARTITION_BY)(["job", "1", "2", "3", "4", "5"]) or (b"", b"")
    assert json.loads(value) == dict(zip(NEEDED, "12345", strict=True))


@pytest.mark.parametrize("cells", [["1"], ["1"] * 13, ["1"] * 11])
def test_a_row_of_another_width_is_none(cells: list[str]) -> None:
    assert to_record(read_head(COLUMNS), PARTITION_BY)(cells) is None


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_column_is_named(missing: str) -> None:
    with pytest.raises(ImportFailedError, match=f"no column {missing}"):
        read_head([name for name in COLUMNS if name != missing])


def test_a_column_that_stands_twice_is_named() -> None:
    with pytest.raises(ImportFailedError, match="column message more than once"):
        read_head([*COLUMNS, "message"])
