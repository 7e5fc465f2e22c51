"""The checked-in Avro schemas are those of the code."""

import json
from pathlib import Path

import pytest

from loyalty_stream.ops import schemas
from loyalty_stream.pipeline.schemas import SCHEMA_FILES
from loyalty_stream.resources import resource


@pytest.mark.parametrize("name", SCHEMA_FILES)
def test_a_checked_in_schema_is_that_of_the_code(name: str) -> None:
    assert json.loads(resource(name).read_text()) == SCHEMA_FILES[name]


def test_no_schema_is_checked_in_that_the_code_does_not_write() -> None:
    root = resource("avro")
    found = {f"avro/{path.relative_to(root)}" for path in root.rglob("*.avsc")}
    assert {name for name in found if not name.startswith("avro/released/")} == set(SCHEMA_FILES)


def test_the_schemas_are_written_as_they_are_checked_in(tmp_path: Path) -> None:
    schemas.write(tmp_path)
    for name in SCHEMA_FILES:
        assert (tmp_path / name).read_text() == resource(name).read_text()
