"""Any dirt either repairs to the clean event's result, byte for byte, or makes a dead letter with a reason."""

import json
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline.processor import Processor
from tests.golden.cases import Case
from tests.helpers.dirt import encoded, soiled, spots
from tests.helpers.flow import ONE_PARTITION, Flow, dead_letters_of, header
from tests.helpers.strategies import READABLE

SPACES = [" ", "  ", "\t", "\n", "\u00a0", "\u2003"]
PROCESSOR = Processor(ONE_PARTITION)
CASES = [case for case in READABLE if case.partitions == 1]


class Result(NamedTuple):
    """What one record caused, after those before it."""

    derived: list[tuple[str, bytes | None, bytes | None]]
    tables: list[dict[bytes, bytes]]
    reason: str | None


def result(case: Case, value: bytes) -> Result:
    flow = Flow(processor=PROCESSOR)
    for before in case.before:
        flow.raw(before, dialect=case.dialect, headers=case.headers)
    first = len(flow.messages)
    flow.raw(value, dialect=case.dialect, headers=case.headers)
    caused = flow.messages[first:]
    reasons = [header(letter, "loyalty_reason") for letter in dead_letters_of(caused)]
    derived = [message[:3] for message in caused if ".derived." in message.topic]
    return Result(derived, flow.tables, reasons[0] if reasons else None)


@cache
def clean(case: Case) -> Result:
    return result(case, case.value)


def document_of(case: Case) -> Any:  # noqa: ANN401 - any JSON document
    return json.loads(case.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_dirt_in_any_single_place_gives_the_clean_result(case: Case) -> None:
    document = document_of(case)
    wrong = []
    for spot in spots(document):
        got = result(case, encoded(soiled(document, spot)))
        if got != clean(case):
            wrong.append((spot, got.reason))
    assert wrong == []


@given(data=st.data(), case=st.sampled_from(CASES))
def test_any_dirt_gives_the_clean_result_or_a_dead_letter(data: st.DataObject, case: Case) -> None:
    document = document_of(case)
    for _ in range(data.draw(st.integers(1, 4))):
        spot = data.draw(st.sampled_from(sorted(spots(document), key=repr)))
        document = soiled(document, spot, data.draw(st.sampled_from(SPACES)))
    got = result(case, encoded(document))
    if got.reason is None:
        assert got == clean(case)
    else:
        assert got.reason in set(DeadLetterReason)


@given(data=st.data(), case=st.sampled_from(CASES))
def test_two_keys_that_are_one_once_repaired_are_never_guessed_at(data: st.DataObject, case: Case) -> None:
    document = document_of(case)
    spot = data.draw(st.sampled_from([spot for spot in spots(document) if spot.kind == "key_whitespace"]))
    holder = document
    for step in spot.path[:-1]:
        holder = holder[step]
    key = spot.path[-1]
    space = data.draw(st.sampled_from(SPACES))
    holder[key[:1] + space + key[1:]] = holder[key]
    got = result(case, encoded(document))
    assert got == clean(case) or got.reason == "duplicate_keys"
    if not used(case, spot.path):
        assert got == clean(case)


def used(case: Case, path: tuple[Any, ...]) -> bool:
    """Return whether a key is one that the dialect knows where it stands: a second spelling of it is seen."""
    document = document_of(case)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[f" {path[-1]}"] = holder.pop(path[-1])
    return bool(Flow(processor=PROCESSOR).raw(encoded(document), dialect=case.dialect).repairs)
