"""Every example payload goes through the whole pipeline; what comes out is as its folder says."""

import json

import pytest

from loyalty_stream.model.reasons import IgnoredReason
from loyalty_stream.sources import DIALECTS
from tests.golden.avro import read_back, same
from tests.golden.cases import HERE, Case, all_cases, run
from tests.helpers.flow import balances, dead_letters_of, derived_of

CASES = all_cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@every_case
def test_a_case_comes_out_as_written_down(case: Case) -> None:
    assert run(case).document == case.expected


@every_case
def test_a_case_keeps_the_identity_of_rule_1(case: Case) -> None:
    tally = run(case).flow.tally
    assert balances(tally)
    assert tally.applied + tally.duplicate + tally.dead_lettered + tally.ignored == len(case.before) + 1


@every_case
def test_avro_says_what_json_says_and_is_read_by_the_checked_in_schemas(case: Case) -> None:
    as_json, as_avro = run(case), run(case, "avro")
    pairs = list(zip(derived_of(as_json.flow.messages), derived_of(as_avro.flow.messages), strict=True))
    for json_message, avro_message in pairs:
        assert json_message[:2] == avro_message[:2]
        same(read_back(avro_message), json.loads(json_message.value or b""))


@every_case
def test_a_derived_message_is_keyed_by_its_entity(case: Case) -> None:
    for message in derived_of(run(case).flow.messages):
        assert message.key == json.loads(message.value or b"")["key"].encode()


@every_case
def test_a_dead_letter_holds_the_original_bytes(case: Case) -> None:
    ran = run(case)
    for letter in dead_letters_of(ran.flow.messages[ran.first_message :]):
        assert (letter.value or b"") == case.value


@pytest.mark.parametrize("case", [case for case in CASES if case.event == "bad_input"], ids=lambda case: case.name)
def test_the_next_record_of_the_customer_is_processed_after_bad_input(case: Case) -> None:
    flow = run(case).flow
    good = (HERE / "capillary" / "pointsIssued.envelope_b" / "input.json").read_bytes()
    assert flow.raw(good).tally.applied == 1


def test_all_three_envelopes_give_the_same_derived_events_and_row() -> None:
    documents = [case.expected for case in CASES if ".envelope_" in case.name]
    assert len(documents) == 3
    assert all(document == documents[0] for document in documents)


def test_every_event_that_is_understood_has_a_case_of_its_own() -> None:
    for dialect in DIALECTS.values():
        without_effect = {name for name, reason in dialect.ignores.items() if reason is IgnoredReason.NO_EFFECT}
        assert {*dialect.makes, *without_effect} <= {case.event for case in CASES if case.dialect == dialect.name}


def test_every_case_says_what_it_is_about() -> None:
    assert [case.name for case in CASES if not case.about and not case.folder.joinpath("input.json").exists()] == []
