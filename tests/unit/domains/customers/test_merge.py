"""Merge what is kept of two customers."""

import pytest

from loyalty_stream.domains.customers import DOMAIN
from loyalty_stream.domains.customers.events import TransactionAdded
from loyalty_stream.domains.customers.state import TRANSACTIONS_MAX, CustomersState, Standing, Transaction
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.merge import CustomerMerge
from tests.unit.domains.helpers import absorbed, applied, left, rules_of

RECORDED = Transaction("placed", recorded=True)


def having(*transaction_ids: str) -> CustomersState:
    return CustomersState(transactions=dict.fromkeys(transaction_ids, RECORDED))


def merged(survivor: CustomersState, victim: CustomersState) -> CustomersState:
    outcome = absorbed(DOMAIN, survivor, victim)
    assert outcome.derived == ()
    return outcome.state


def test_the_survivor_has_the_transactions_of_both() -> None:
    assert set(merged(having("1", "2"), having("3")).transactions) == {"1", "2", "3"}


def test_the_victims_key_tells_nothing() -> None:
    assert left(DOMAIN, having("1")) == ()


def test_the_newest_transactions_of_each_side_stay_the_newest() -> None:
    assert list(merged(having("1", "2", "3"), having("a", "b")).transactions) == ["1", "a", "2", "b", "3"]


def test_of_too_many_transactions_the_newest_of_both_are_kept() -> None:
    ours, theirs = (having(*[f"{side}{n}" for n in range(TRANSACTIONS_MAX)]) for side in "st")
    kept = merged(ours, theirs).transactions
    half = range(TRANSACTIONS_MAX // 2, TRANSACTIONS_MAX)
    assert set(kept) == {f"{side}{n}" for n in half for side in "st"}


@pytest.mark.parametrize("count", [0, 1, TRANSACTIONS_MAX])
def test_a_victim_without_transactions_leaves_the_survivors_in_their_order(count: int) -> None:
    survivor = having(*map(str, range(count)))
    assert list(merged(survivor, having()).transactions) == list(survivor.transactions)


def test_a_transaction_of_both_is_recorded_if_either_is_with_the_survivors_status() -> None:
    ours, theirs = Transaction("shipped"), Transaction("placed", recorded=True)
    both = merged(CustomersState(transactions={"1": ours}), CustomersState(transactions={"1": theirs}))
    assert both.transactions == {"1": Transaction("shipped", recorded=True)}


def test_a_status_that_only_the_victim_knew_is_kept() -> None:
    ours, theirs = Transaction(None, recorded=True), Transaction("placed")
    both = merged(CustomersState(transactions={"1": ours}), CustomersState(transactions={"1": theirs}))
    assert both.transactions == {"1": RECORDED}


@pytest.mark.parametrize(
    ("ours", "theirs", "earlier"), [(5, 3, 3), (3, 5, 3), (None, 5, 5), (0, None, 0), (None, None, None)]
)
def test_the_earlier_profile_counts(ours: int | None, theirs: int | None, earlier: int | None) -> None:
    assert merged(CustomersState(ours), CustomersState(theirs)).added_at == earlier


def test_the_survivor_remembers_the_victim() -> None:
    assert merged(CustomersState(), CustomersState()).merged == ("cust-2",)


def test_who_was_merged_into_the_victim_is_the_survivors_too() -> None:
    survivor, victim = CustomersState(merged=("3", "4")), CustomersState(merged=("5", "4"))
    assert merged(survivor, victim).merged == ("3", "4", "5", "cust-2")


def test_the_same_victim_again_is_remembered_once() -> None:
    once = absorbed(DOMAIN, CustomersState(), CustomersState(), CustomerMerge("1", "2")).state
    assert absorbed(DOMAIN, once, CustomersState(), CustomerMerge("1", "2")).state.merged == ("2",)


def test_a_later_transaction_does_not_make_the_customer_forget_who_was_merged() -> None:
    state = CustomersState(merged=("2",))
    assert applied(DOMAIN, state, TransactionAdded("1", ZERO)).state.merged == ("2",)


def test_transactions_are_counted() -> None:
    assert rules_of(DOMAIN).count(having("1", "2")) == 2


def test_of_segments_and_consents_the_later_word_holds_and_messages_add_up() -> None:
    ours = {"a": Standing(holds=True, at=5), "b": Standing(holds=True, at=7), "c": Standing(holds=True, at=6)}
    theirs = {"a": Standing(holds=False, at=6), "b": Standing(holds=False, at=6), "c": Standing(holds=False, at=6)}
    both = merged(
        CustomersState(segments=ours, consents=theirs, messages={"sms|sent": 2}),
        CustomersState(segments=theirs, consents=ours, messages={"sms|sent": 1, "email|sent": 1}),
    )
    assert both.segments == {"a": theirs["a"], "b": ours["b"], "c": ours["c"]}
    assert both.consents == {"a": theirs["a"], "b": ours["b"], "c": theirs["c"]}
    assert both.messages == {"sms|sent": 3, "email|sent": 1}
