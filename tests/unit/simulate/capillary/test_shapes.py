"""What is made has the fields that the vendor's samples have, and only names that the dialect knows."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.simulate.capillary.envelopes import body_of
from loyalty_stream.simulate.capillary.others import IGNORED_NAMES
from loyalty_stream.sources.capillary.names import NOT_YET_SUPPORTED, SPECS

GOLDEN = Path(__file__).parents[3] / "golden" / "capillary"
COMING = {"pointsTransferredInitiated", "pointsTransferredReceived", "loyaltyCustomerMerge"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def fields() -> dict[str, set[str]]:
    """The fields of the data of every event, all its records together."""
    options = SimulationOptions(
        events=15_000, customers=600, dirt_share=0, casing_share=0, transfer_share=0.02, merge_share=0.01
    )
    seen: dict[str, set[str]] = defaultdict(set)
    for record in make_simulation(options).records():
        if record.note == "good" and record.envelope is not None:
            seen[record.event_name] |= body_of(json.loads(record.value), record.envelope)["data"].keys()
    return seen


def fields_of(sample: Json) -> set[str]:
    """Return the names of the fields of a sample's data, in whichever envelope it is, without whitespace."""
    sample = sample.get("event", {}).get("body", sample)
    return {"".join(key.split()) for key in sample.get("attributes", sample)["data"]}


def samples() -> list[str]:
    return sorted(path.parent.name for path in GOLDEN.glob("*.sample/input.json"))


def test_every_name_of_the_dialect_is_made(fields: dict[str, set[str]]) -> None:
    assert {name.lower() for name in fields} == {*SPECS, *(name.lower() for name in COMING)}
    assert {*IGNORED_NAMES} == {*NOT_YET_SUPPORTED.values()} - COMING


@pytest.mark.parametrize("case", samples())
def test_the_fields_of_the_sample_are_made(case: str, fields: dict[str, set[str]]) -> None:
    printed = fields_of(json.loads((GOLDEN / case / "input.json").read_text()))
    assert printed <= fields[case.removesuffix(".sample")]
