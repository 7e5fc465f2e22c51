"""Merge what two customers were given."""

from decimal import Decimal

from loyalty_stream.domains.rewards import DOMAIN
from loyalty_stream.domains.rewards.state import Grant, Offer, RewardsState
from tests.unit.domains.helpers import absorbed, left, rules_of


def merged(ours: Grant, theirs: Grant) -> Grant:
    outcome = absorbed(DOMAIN, RewardsState(None, {"1": ours}), RewardsState(None, {"1": theirs}))
    assert outcome.derived == ()
    return outcome.state.grants["1"]


def test_the_survivor_has_the_grants_of_both() -> None:
    outcome = absorbed(DOMAIN, RewardsState(None, {"1": Grant(1, 5)}), RewardsState(None, {"2": Grant(2, 6)}))
    assert outcome.state == RewardsState(None, {"1": Grant(1, 5), "2": Grant(2, 6)})


def test_the_victims_key_tells_nothing() -> None:
    assert left(DOMAIN, RewardsState(None, {"1": Grant(1, 5)})) == ()


def test_the_times_add_up_and_the_details_are_those_of_the_later_grant() -> None:
    earlier, later = Grant(2, 5, Decimal(10), "a", 9), Grant(3, 6, None, "b", None)
    assert merged(earlier, later) == merged(later, earlier) == Grant(5, 6, None, "b", None)


def test_of_two_grants_at_one_moment_the_survivors_details_hold() -> None:
    assert merged(Grant(1, 5, Decimal(10)), Grant(1, 5, Decimal(20))) == Grant(2, 5, Decimal(10))


def test_an_offer_is_no_customers() -> None:
    offer = Offer(7, Decimal(1))
    assert absorbed(DOMAIN, RewardsState(offer), RewardsState(Offer(9))).state == RewardsState(offer)


def test_grants_are_counted() -> None:
    assert rules_of(DOMAIN).count(RewardsState(Offer(7), {"1": Grant(5, 5), "2": Grant(1, 5)})) == 2
