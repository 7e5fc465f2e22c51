"""Reduce profile and transaction events."""

from decimal import Decimal
from itertools import permutations

import pytest

from loyalty_stream.domains.customers import DOMAIN
from loyalty_stream.domains.customers import derived as out
from loyalty_stream.domains.customers.derived import (
    CustomerProfileChanged,
    TransactionRecorded,
    TransactionStatusChanged,
)
from loyalty_stream.domains.customers.events import (
    ConsentChanged,
    CustomerAdded,
    CustomerReferred,
    CustomerSegmentChanged,
    CustomerUpdated,
    MessageDelivery,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.domains.customers.state import CustomersState, Standing, Transaction
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


def test_a_referral_is_told_and_not_kept() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, CustomerReferred("cust-2", "camp-1"))
    assert outcome.state == DOMAIN.initial
    assert outcome.derived == (out.CustomerReferred("cust-2", "camp-1"),)


def test_a_segment_is_entered_and_left_once() -> None:
    entered, gone = CustomerSegmentChanged("seg-1", "entered"), CustomerSegmentChanged("seg-1", "left")
    assert derived_by(DOMAIN, [], entered) == (out.CustomerSegmentChanged("seg-1", "entered"),)
    assert derived_by(DOMAIN, [entered], entered) == ()
    assert derived_by(DOMAIN, [entered], gone) == (out.CustomerSegmentChanged("seg-1", "left"),)
    assert derived_by(DOMAIN, [], gone) == (out.CustomerSegmentChanged("seg-1", "left"),)


@pytest.mark.parametrize(
    "late",
    [CustomerSegmentChanged("a", "left"), ConsentChanged(("a",), "revoked")],
    ids=lambda body: type(body).__name__,
)
def test_a_word_that_comes_late_changes_nothing(late: CustomerSegmentChanged | ConsentChanged) -> None:
    now = {"a": Standing(holds=True, at=OBSERVED_AT)}
    state = CustomersState(segments=now, consents=now)
    outcome = applied(DOMAIN, state, late)
    assert (outcome.state, outcome.derived) == (state, ())


def test_each_consent_is_told_by_itself_where_it_changes() -> None:
    given = ConsentChanged(("news",), "given")
    assert derived_by(DOMAIN, [given], ConsentChanged(("news", "sms"), "given")) == (
        out.ConsentChanged("sms", "given"),
    )
    assert derived_by(DOMAIN, [given], ConsentChanged(("news",), "revoked")) == (out.ConsentChanged("news", "revoked"),)


def test_messages_are_counted_by_channel_and_outcome() -> None:
    sent, failed = MessageDelivery("sms", "sent"), MessageDelivery("sms", "failed")
    assert after(DOMAIN, sent, failed, sent).messages == {"sms|sent": 2, "sms|failed": 1}
    assert derived_by(DOMAIN, [sent], failed) == (out.MessageDelivery("sms", "failed"),)
