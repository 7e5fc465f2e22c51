"""Reduce card events."""

from loyalty_stream.domains.cards import DOMAIN
from loyalty_stream.domains.cards.derived import CardStateChanged
from loyalty_stream.domains.cards.events import CardUpdated
from loyalty_stream.domains.cards.state import CardState
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of

AT = OBSERVED_AT - 250
SUSPENDED = CardUpdated("hash", "ACTIVE", "SUSPENDED")
BLOCKED = CardUpdated("hash", "ACTIVE", "BLOCKED", ("limit",))


def test_cards_are_told_of_on_the_customers_topic() -> None:
    assert (DOMAIN.name, DOMAIN.topic_name) == ("cards", "customers")


def test_a_status_is_kept_and_told_with_the_one_before_that_the_event_names() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, SUSPENDED)
    assert outcome.state == CardState("SUSPENDED", AT)
    assert outcome.derived == (CardStateChanged("hash", "ACTIVE", "SUSPENDED", ()),)


def test_the_status_that_we_know_goes_before_the_one_that_the_event_names() -> None:
    assert derived_by(DOMAIN, [SUSPENDED], BLOCKED) == (CardStateChanged("hash", "SUSPENDED", "BLOCKED", ("limit",)),)


def test_changed_fields_are_told_where_the_status_is_the_same() -> None:
    assert derived_by(DOMAIN, [BLOCKED], BLOCKED) == (CardStateChanged("hash", "BLOCKED", "BLOCKED", ("limit",)),)


def test_nothing_is_told_where_nothing_changed() -> None:
    assert derived_by(DOMAIN, [SUSPENDED], SUSPENDED) == ()


def test_an_event_that_comes_late_changes_nothing() -> None:
    state = after(DOMAIN, SUSPENDED)
    assert outcome_of(DOMAIN, state, BLOCKED, occurred_at=AT - 1) == Applied(state)
