"""What identifies a person, or opens a coupon, stays in the vendor's own record."""

import json
from pathlib import Path

import pytest

from loyalty_stream.pipeline.effects import EventCount
from tests.golden.cases import HERE, Case, all_cases, run
from tests.helpers.flow import Flow, dead_letters_of
from tests.helpers.secrets import Secret, secrets_of, shown

LENGTH_MIN = 4
"""Shorter ones stand in any number."""

every_case = pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)


def secrets_in(value: bytes) -> set[Secret]:
    return {secret for secret in secrets_of(value) if len(secret.text) >= LENGTH_MIN}


def shown_by(flow: Flow, counts: list[EventCount]) -> bytes:
    """Return all that a reader downstream, an operator or the metrics may see."""
    derived = [message.value or b"" for message in flow.derived()]
    headers = [repr(letter.headers).encode() for letter in dead_letters_of(flow.messages)]
    rows = [key + row for table in flow.tables for key, row in table.items()]
    return b"\n".join([*derived, *headers, *rows, repr(counts).encode()])


def test_the_golden_inputs_hold_secrets_to_look_for() -> None:
    found = [secrets_in(value) for case in all_cases() for value in (case.value, *case.before)]
    assert sum(map(bool, found)) > 50


@every_case
def test_no_personal_data_and_no_coupon_code_leaves_the_raw_record(case: Case) -> None:
    flow = run(case).flow
    values = (*case.before, case.value)
    counts = [count for value in values for count in Flow().raw(value, dialect=case.dialect).events]
    output = shown_by(flow, counts)
    for value in (*case.before, case.value):
        assert shown(secrets_in(value), output) == []


@every_case
def test_a_customer_is_no_metric_label(case: Case) -> None:
    labels = repr(list(Flow().raw(case.value, dialect=case.dialect).events))
    customers = {row.rpartition(":")[2] for row in run(case).flow.rows()}
    assert [customer for customer in customers if customer in labels] == []


@pytest.mark.parametrize("sample", sorted(HERE.glob("*/*.sample")), ids=lambda folder: folder.name)
def test_a_dead_letter_of_any_cause_names_no_value_of_the_record(sample: Path) -> None:
    canary = "Canary 7301"
    document = json.loads((sample / "input.json").read_text())
    for spoiled in _spoiled(document, canary):
        flow = Flow()
        flow.raw(json.dumps(spoiled).encode(), dialect=sample.parent.name)
        for letter in dead_letters_of(flow.messages):
            assert canary not in repr(letter.headers)


def _spoiled(document: object, canary: str) -> list[object]:
    """Return the document once for each of its places, with the canary there."""
    if isinstance(document, dict):
        return [canary] + [
            {**document, key: other} for key, value in document.items() for other in _spoiled(value, canary)
        ]
    if isinstance(document, list):
        return [canary] + [
            [*document[:at], other, *document[at + 1 :]]
            for at, value in enumerate(document)
            for other in _spoiled(value, canary)
        ]
    return [canary, [canary]]
