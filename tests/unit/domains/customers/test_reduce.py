"""Reduce profile and transaction events."""

from decimal import Decimal
from itertools import permutations

import pytest

from loyalty_stream.domains.customers import DOMAIN
from loyalty_stream.domains.customers.derived import (
    CustomerProfileChanged,
    TransactionRecorded,
    TransactionStatusChanged,
)
from loyalty_stream.domains.customers.events import (
    CustomerAdded,
    CustomerUpdated,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.domains.customers.state import Transaction
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by

ADDED = CustomerAdded("instore")
BILL = TransactionAdded("65001", Decimal("74700.5"), "IDR", "regular")
SHIPPED = TransactionUpdated("65001", "shipped")
DELIVERED = TransactionUpdated("65001", "delivered")


def test_a_profile_is_added_at_the_vendors_time() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, ADDED)
    assert outcome.state.added_at == OBSERVED_AT - 250
    assert outcome.derived == (CustomerProfileChanged("added", (), "instore"),)


def test_a_profile_that_is_known_is_not_added_again() -> None:
    state = after(DOMAIN, ADDED)
    outcome = applied(DOMAIN, state, CustomerAdded("mobile_app"))
    assert (outcome.state, outcome.derived) == (state, ())


def test_an_update_tells_the_names_of_the_fields_and_keeps_none() -> None:
    state = after(DOMAIN, ADDED)
    outcome = applied(DOMAIN, state, CustomerUpdated(("gender", "email"), "mobile_app"))
    assert outcome.state == state
    assert outcome.derived == (CustomerProfileChanged("updated", ("gender", "email"), "mobile_app"),)


def test_an_update_of_no_field_changes_nothing() -> None:
    state = after(DOMAIN, ADDED)
    outcome = applied(DOMAIN, state, CustomerUpdated((), "instore"))
    assert (outcome.state, outcome.derived) == (state, ())


def test_an_update_may_come_before_the_profile() -> None:
    update = CustomerUpdated(("gender",))
    assert derived_by(DOMAIN, [], update) == (CustomerProfileChanged("updated", ("gender",), None),)
    assert derived_by(DOMAIN, [update], ADDED) == (CustomerProfileChanged("added", (), "instore"),)


def test_a_transaction_is_recorded_with_what_is_known_of_it() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, BILL)
    assert outcome.state.transactions == {"65001": Transaction(None, recorded=True)}
    assert outcome.derived == (TransactionRecorded("65001", Decimal("74700.5"), "IDR", "regular", None),)


def test_a_transaction_is_recorded_once() -> None:
    state = after(DOMAIN, BILL)
    outcome = applied(DOMAIN, state, TransactionAdded("65001", Decimal(1), "IDR", "regular", "placed"))
    assert (outcome.state, outcome.derived) == (state, ())


def test_a_delivery_goes_on_from_the_status_that_it_had() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, BILL, SHIPPED), DELIVERED)
    assert outcome.state.transactions == {"65001": Transaction("delivered", recorded=True)}
    assert outcome.derived == (TransactionStatusChanged("65001", "shipped", "delivered"),)


def test_a_transaction_that_comes_after_its_update_keeps_the_newer_status() -> None:
    placed = TransactionAdded("65001", Decimal(5), status="placed")
    outcome = applied(DOMAIN, after(DOMAIN, DELIVERED), placed)
    assert outcome.state.transactions == {"65001": Transaction("delivered", recorded=True)}
    assert outcome.derived == (TransactionRecorded("65001", Decimal(5), None, None, "delivered"),)


@pytest.mark.parametrize("update", [SHIPPED, TransactionUpdated("65001")])
def test_an_update_without_another_status_changes_nothing(update: TransactionUpdated) -> None:
    state = after(DOMAIN, BILL, SHIPPED)
    outcome = applied(DOMAIN, state, update)
    assert (outcome.state, outcome.derived) == (state, ())


def test_an_update_without_a_status_of_an_unknown_transaction_is_not_kept() -> None:
    assert after(DOMAIN, TransactionUpdated("65001")) == DOMAIN.initial


def test_the_64_transactions_that_changed_last_are_kept() -> None:
    bills = [TransactionAdded(str(number), Decimal(number)) for number in range(64)]
    state = after(DOMAIN, *bills, TransactionUpdated("0", "shipped"), TransactionAdded("64", Decimal(64)))
    assert len(state.transactions) == 64
    assert "1" not in state.transactions
    assert list(state.transactions)[-2:] == ["0", "64"]


def test_a_profile_and_transactions_do_not_touch_each_other() -> None:
    state = after(DOMAIN, BILL, ADDED, SHIPPED)
    assert state.added_at == OBSERVED_AT - 250
    assert state.transactions == {"65001": Transaction("shipped", recorded=True)}


def test_events_in_any_order_take_effect() -> None:
    for order in permutations([ADDED, CustomerUpdated(("gender",)), BILL, SHIPPED, DELIVERED]):
        state = after(DOMAIN, *order)
        assert state.added_at is not None
        assert state.transactions["65001"].recorded
