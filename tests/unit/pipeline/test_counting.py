from decimal import Decimal
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from loyalty_stream.domains import DOMAINS
from loyalty_stream.domains.customers.derived import CustomerErased
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceReason
from loyalty_stream.domains.tiers.derived import TierChanged
from loyalty_stream.model.events import Cause, DerivedBody, DerivedEvent
from loyalty_stream.pipeline.counting import WORDS, count_derived
from loyalty_stream.pipeline.effects import Effects

ZERO = Decimal(0)


def told(data: DerivedBody) -> DerivedEvent:
    cause = Cause("pointsIssued", "e-1", "loyalty.raw.capillary", 0, 0)
    kind = type(data).__name__
    return DerivedEvent("id", kind, "capillary", "71", "capillary:71:5", "5", None, 0, 0, 1, cause, data)


def changed(amount: str, reason: BalanceReason, currency: str = "points", pending: str = "0") -> DerivedEvent:
    delta = Decimal(amount)
    body = BalanceChanged("9", currency, reason, delta, Decimal(pending), ZERO, ZERO, ZERO, ZERO, (), None)
    return told(body)


def points_of(*events: DerivedEvent) -> dict[tuple[object, ...], Decimal]:
    effects = Effects()
    for event in events:
        count_derived(effects, "points", event)
    return {tuple(count): amount for count, amount in effects.points.items()}


def test_an_event_is_counted_by_its_own_word_where_it_has_one() -> None:
    effects = Effects()
    count_derived(effects, "tiers", told(TierChanged("9", "up", "Silver", "Gold", None)))
    count_derived(effects, "customers", told(CustomerErased("0f", ("points",), ())))
    assert effects.derived == {("tiers", "TierChanged", "up"): 1, ("customers", "CustomerErased", ""): 1}


def test_points_are_added_up_exactly_by_programme_and_reason() -> None:
    assert points_of(changed("0.1", "issued"), changed("0.2", "issued"), changed("-3", "redeemed")) == {
        ("capillary", "71", "9", "points", "issued", True): Decimal("0.3"),
        ("capillary", "71", "9", "points", "redeemed", False): Decimal(3),
    }


def test_what_one_reason_gives_and_takes_is_not_set_off() -> None:
    assert points_of(changed("5", "adjusted"), changed("-5", "adjusted")) == {
        ("capillary", "71", "9", "points", "adjusted", True): Decimal(5),
        ("capillary", "71", "9", "points", "adjusted", False): Decimal(5),
    }


def test_each_currency_is_added_up_by_itself_and_pending_points_are_not() -> None:
    assert points_of(changed("5", "issued", currency="miles"), changed("0", "issued", pending="5")) == {
        ("capillary", "71", "9", "miles", "issued", True): Decimal(5)
    }


@pytest.mark.parametrize(("kind", "field"), WORDS.items())
def test_the_word_that_an_event_is_counted_by_is_of_a_closed_list(kind: type[DerivedBody], field: str) -> None:
    hint = get_type_hints(kind)[field]
    assert get_origin(hint) is Literal
    assert all(isinstance(word, str) for word in get_args(hint))


def test_what_changes_balance_tier_or_state_is_counted_by_its_word() -> None:
    names = ("reason", "direction", "to_state", "field")
    derived = [kind for domain in DOMAINS for kind in domain.derived]
    having = {
        kind: name
        for kind in derived
        for name in names
        if name in kind.__struct_fields__ and get_origin(get_type_hints(kind)[name]) is Literal
    }
    assert having == WORDS
