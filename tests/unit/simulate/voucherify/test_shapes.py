"""What is made has the fields that the vendor's samples have, and only types that the dialect knows."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.sources.voucherify import DIALECT
from loyalty_stream.sources.voucherify.campaigns import NAME as CAMPAIGN

GOLDEN = Path(__file__).parents[3] / "golden" / "voucherify"
Json = dict[str, Any]
KNOWN = {*DIALECT.makes, *DIALECT.ignores}


@pytest.fixture(scope="module")
def fields() -> dict[str, set[str]]:
    """The fields of every type's records and of their data, all records together, as `id` and `data.customer`."""
    options = SimulationOptions(
        dialect="voucherify", events=20_000, customers=400, dirt_share=0, casing_share=0, not_yet_supported_share=0.2
    )
    seen: dict[str, set[str]] = defaultdict(set)
    for record in make_simulation(options).records():
        if record.note in {"good", "not_yet_supported"}:
            seen[record.event_name] |= fields_of(json.loads(record.value))
    return seen


def fields_of(record: Json) -> set[str]:
    """Return the names of a record's fields and of those of its data."""
    return {*record, *(f"data.{key}" for key in record.get("data", {}))}


def cases() -> list[str]:
    """Return the golden cases whose input is a clean record of a known type."""
    found = []
    for path in sorted(GOLDEN.glob("*/input.json")):
        name = path.parent.name
        if not name.startswith("bad_input") and not name.endswith((".dirty", ".unknown")):
            found.append(name)
    return found


def type_of(record: Json) -> str:
    return CAMPAIGN if record.get("object") == CAMPAIGN else str(record["type"])


def test_every_type_of_the_dialect_is_made(fields: dict[str, set[str]]) -> None:
    assert set(fields) == KNOWN


@pytest.mark.parametrize("case", cases())
def test_the_fields_of_the_golden_case_are_made(case: str, fields: dict[str, set[str]]) -> None:
    printed = json.loads((GOLDEN / case / "input.json").read_text())
    assert fields_of(printed) <= fields[type_of(printed)]


@pytest.mark.parametrize("wrapped", ["group_id", "event_source", "object", "project_id", "category", "entity_id"])
def test_both_wrappings_of_an_activity_are_made(wrapped: str, fields: dict[str, set[str]]) -> None:
    assert wrapped in fields["customer.updated"]
