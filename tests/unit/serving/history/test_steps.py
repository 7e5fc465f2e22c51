"""Every change of an account is a step with its reason, and what does not fit is said."""

import json
from collections import defaultdict
from itertools import count
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from loyalty_stream.domains import DOMAINS
from loyalty_stream.domains.points.derived import BalanceReason
from loyalty_stream.pipeline.schemas import records_by_topic
from loyalty_stream.serving.customer import CustomerKey, render_customer, row_keys
from loyalty_stream.serving.history.entries import Cause, Entry, Sought, entry_of
from loyalty_stream.serving.history.explain import explain
from loyalty_stream.serving.history.steps import AccountHistory, account_histories
from loyalty_stream.serving.history.wording import _SENTENCES, what
from tests.golden.cases import Case, all_cases, run

KEY = "capillary:71:5"
CONFLICT = "EventConflictDetected"
NUMBERS = count(1)


def changed(seq: int, delta: int, active: int, reason: str = "issued", **data: Any) -> Entry:  # noqa: ANN401
    usual: dict[str, Any] = {
        "program_id": "41",
        "currency": "points",
        "reason": reason,
        "delta_active": str(delta),
        "delta_pending": "0",
        "delta_lifetime": "0",
        "active": str(active),
        "pending": "0",
        "lifetime": "0",
        "lots": [],
        "reference": None,
    }
    return entry("points", seq, "BalanceChanged", usual | data)


def entry(domain: str, seq: int, kind: str, data: dict[str, Any], offset: int | None = None) -> Entry:
    cause = Cause("event", None, "raw", 0, next(NUMBERS) if offset is None else offset)
    return Entry(f"{domain}{seq}", kind, domain, seq, seq, seq, None, cause, data)


def held(active: str) -> list[dict[str, str]]:
    return [{"program_id": "41", "currency": "points", "active": active, "pending": "0", "lifetime": "0"}]


def history(entries: list[Entry], active: str) -> AccountHistory:
    [[only], _] = account_histories(entries, held(active), {})
    return only


def test_the_last_balance_is_compared_with_the_table() -> None:
    entries = [changed(1, 60, 60), changed(2, -20, 40, "redeemed")]
    assert history(entries, "40").agrees
    assert not history(entries, "41").agrees


def test_an_account_that_nothing_is_told_of_agrees_only_with_nothing() -> None:
    assert history([], "0").agrees
    assert not history([], "1").agrees


def test_a_history_that_does_not_begin_at_nothing_says_with_what_it_opens() -> None:
    [step] = history([changed(9, 20, 80)], "80").steps
    assert step.notes == [
        "opening balance: active 60, pending 0, lifetime 0; what came before could not be read any more"
    ]


def test_a_balance_that_does_not_follow_from_the_one_before_is_noted() -> None:
    assert history([changed(1, 60, 60), changed(2, 5, 70)], "70").steps[1].notes == [
        "steps before this one are missing"
    ]


def test_a_debt_and_a_reference_are_noted() -> None:
    [step] = history([changed(1, -5, -5, "redeemed", reference="bill-1")], "-5").steps
    assert step.notes == ["reference bill-1", "the customer owes points"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"delta_active": "120"}, "issued 120 points"),
        ({"delta_active": "0", "delta_pending": "30"}, "promised 30 points"),
        ({"delta_active": "120.5", "delta_pending": "30"}, "issued 120.5 points and promised 30 points"),
        ({"currency": "miles", "delta_active": "1"}, "issued 1 of miles"),
        ({"reason": "redeemed", "delta_active": "-120"}, "redeemed 120 points"),
        ({"reason": "adjusted", "delta_active": "-3"}, "adjusted by -3 points"),
        ({"reason": "adjusted", "delta_active": "3"}, "adjusted by +3 points"),
        (
            {"reason": "baselined", "delta_active": "-3", "delta_lifetime": "9"},
            "adopted the vendor's total: active -3, lifetime +9",
        ),
        (
            {"reason": "issue_reversed", "delta_active": "-5", "delta_pending": "-2"},
            "took back 5 points issued before and 2 points promised before",
        ),
        (
            {"reason": "adjusted", "delta_active": "0", "lots": [{"change": "expiry_moved", "amount": "7"}]},
            "moved the expiry of 7 points",
        ),
    ],
)
def test_a_change_is_a_sentence(data: dict[str, Any], told: str) -> None:
    assert what("BalanceChanged", changed(1, 1, 1).data | data) == told


def test_each_reason_has_words_of_its_own() -> None:
    reasons = get_args(BalanceReason)
    assert len({what("BalanceChanged", changed(1, 5, 5, reason).data) for reason in reasons}) == len(reasons)


def test_each_type_of_the_points_topic_has_words_of_its_own() -> None:
    assert _SENTENCES.keys() == {each.__name__ for each in records_by_topic(DOMAINS)["points"]} | {CONFLICT}


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_each_golden_balance_is_explained(case: Case) -> None:
    flow = run(case).flow
    told = defaultdict(list)
    for message in flow.derived():
        event = json.loads(message.value or b"")
        told[event["key"]].append(entry_of(message.topic.rpartition(".")[2], event))

    def fill(sought: Sought) -> str:
        for each in told[sought.key]:
            sought.take(each)
        return "topics"

    for key in sorted(told):
        parsed = CustomerKey.parse(key)
        rows = {domain: row for table in flow.tables for domain, at in row_keys(parsed) if (row := table.get(at))}
        if not rows:
            continue  # erased
        explained = explain(render_customer(parsed, 0, rows), fill)
        assert explained.complete
        assert all(account.agrees for account in explained.accounts)
        assert all(each.complete for each in explained.merged)
        notes = [note for account in explained.accounts for step in account.steps for note in step.notes]
        assert not [note for note in notes if "missing" in note or "opening" in note]


def test_merges_of_merges_are_named_each_with_its_steps() -> None:
    def merged(victim: str, offset: int) -> Entry:
        data = {"role": "survivor", "victim_customer_id": victim, "moved": [{"domain": "points", "count": 1}]}
        return entry("customers", 1, "CustomerMerged", data, offset)

    told = {
        KEY: [changed(1, 9, 9, "merged_in"), merged("6", 7)],
        "capillary:71:6": [changed(1, 9, 9, "merged_in"), changed(2, -9, 0, "merged_out"), merged("7", 8)],
        "capillary:71:7": [changed(1, 9, 9), changed(2, -9, 0, "merged_out")],
    }
    told[KEY][0] = replace(told[KEY][0], cause=told[KEY][1].cause)

    def fill(sought: Sought) -> str:
        for each in told[sought.key]:
            sought.take(each)
        return "view"

    picture = {
        "key": KEY,
        "customer_id": "5",
        "points": {"seq": 1, "accounts": held("9")},
        "customers": {"seq": 1, "merged_customer_ids": ["7", "6", "4"]},
    }
    explained = explain(picture, fill)
    assert [step.notes for step in explained.accounts[0].steps] == [["merged in: capillary:71:6"]]
    assert [(each.key, each.complete, len(each.accounts)) for each in explained.merged] == [
        ("capillary:71:6", True, 1),
        ("capillary:71:7", True, 1),
        ("capillary:71:4", False, 0),  # of whom nothing can be read any more
    ]
