"""Merge two customers' tiers."""

from datetime import date

import pytest

from loyalty_stream.domains.tiers import DOMAIN
from loyalty_stream.domains.tiers.derived import TierChanged, TierDriftDetected, TierRenewed
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.merge import CustomerMerge, ProgramSummary
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import absorbed, left, rules_of

SOON, LATER = date(2026, 3, 31), date(2027, 3, 31)
AT = 1_000  # the time of the merge
NONE = TiersState()


def club(tier: str | None, expires_on: date | None = None, changed_at: int = 0) -> TiersState:
    return TiersState({"club": Membership(tier, expires_on, changed_at=changed_at)})


def stated(tier: str | None) -> CustomerMerge:
    return CustomerMerge("cust-1", "cust-2", (ProgramSummary("club", tier=tier),))


def merged(survivor: TiersState, victim: TiersState, tier: str | None = None) -> Applied[TiersState]:
    return absorbed(DOMAIN, survivor, victim, stated(tier), occurred_at=AT)


def adopted(tier: str, expires_on: date | None = None) -> TiersState:
    return TiersState({"club": Membership(tier, expires_on, changed_at=AT, merged_at=AT)})


def test_the_victim_leaves_each_tier_that_it_holds() -> None:
    victim = TiersState({"club": Membership("2", SOON), "bank": Membership(None), "shop": Membership("1")})
    assert left(DOMAIN, victim) == (
        TierChanged("club", "left", "2", None, None),
        TierChanged("shop", "left", "1", None, None),
    )


def test_the_tier_that_the_vendor_states_is_adopted_with_the_end_that_it_had_with_the_victim() -> None:
    outcome = merged(club("2", LATER), club("3", SOON), "3")
    assert outcome == Applied(adopted("3", SOON), (TierChanged("club", "up", "2", "3", SOON),))


def test_a_tier_that_neither_held_is_adopted_without_an_end() -> None:
    outcome = merged(club("1", LATER), club("2", SOON), "3")
    assert outcome == Applied(adopted("3"), (TierChanged("club", "up", "1", "3", None),))


def test_the_tier_that_the_survivor_holds_already_is_told_to_nobody() -> None:
    assert merged(club("3", LATER), club("2", SOON), "3") == Applied(adopted("3", LATER))


def test_an_end_that_only_the_victim_knew_of_the_same_tier_is_a_renewal() -> None:
    outcome = merged(club("3"), club("3", SOON), "3")
    assert outcome == Applied(adopted("3", SOON), (TierRenewed("club", "3", SOON),))


def test_the_survivors_own_end_of_the_same_tier_stays() -> None:
    assert merged(club("3", SOON), club("3", LATER), "3") == Applied(adopted("3", SOON))


@pytest.mark.parametrize("survivor", [NONE, club(None)])
def test_a_survivor_without_a_tier_joins(survivor: TiersState) -> None:
    assert merged(survivor, club("2", SOON), "2").derived == (TierChanged("club", "joined", None, "2", SOON),)


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("3", "2", "down"),
        ("9", "10", "up"),
        ("10", "9", "down"),
        ("gold", "silver", "up"),
        ("2", "silver", "up"),
        ("gold", "2", "up"),
        ("9" * 5_000, "2", "up"),  # no number that Python reads
    ],
)
def test_only_a_lower_number_is_a_way_down(before: str, after: str, direction: str) -> None:
    (change,) = merged(club(before), NONE, after).derived
    assert isinstance(change, TierChanged)
    assert change.direction == direction


def test_a_later_word_on_the_survivors_tier_stays_and_the_difference_is_drift() -> None:
    outcome = merged(club("4", LATER, AT + 1), club("3", SOON), "3")
    kept = TiersState({"club": Membership("4", LATER, changed_at=AT + 1, merged_at=AT)})
    assert outcome == Applied(kept, (TierDriftDetected("club", "4", "3"),))


def test_a_later_word_on_the_victims_tier_counts_for_the_survivor() -> None:
    outcome = merged(club("1", LATER), club("4", SOON, AT + 1), "3")
    kept = TiersState({"club": Membership("4", SOON, changed_at=AT + 1, merged_at=AT)})
    assert outcome == Applied(kept, (TierDriftDetected("club", "4", "3"), TierChanged("club", "up", "1", "4", SOON)))


def test_who_left_after_the_merge_has_left() -> None:
    outcome = merged(club("3"), club(None, changed_at=AT + 1), "3")
    assert outcome.derived == (TierChanged("club", "left", "3", None, None),)


def test_a_word_at_the_time_of_the_merge_is_not_later() -> None:
    assert merged(club("4", LATER, AT), NONE, "3").state == adopted("3")


def test_without_a_word_of_the_vendor_the_survivors_own_tier_stays() -> None:
    outcome = merged(club("1", SOON), club("3", LATER))
    assert outcome == Applied(TiersState({"club": Membership("1", SOON, merged_at=AT)}))


def test_without_a_word_of_the_vendor_an_end_that_only_the_victim_knew_is_a_renewal() -> None:
    outcome = merged(club("3"), club("3", LATER))
    assert outcome.derived == (TierRenewed("club", "3", LATER),)


@pytest.mark.parametrize("survivor", [NONE, club(None)])
def test_a_tier_that_only_the_victim_held_is_taken_over(survivor: TiersState) -> None:
    outcome = merged(survivor, club("3", LATER, 7))
    assert outcome == Applied(club("3", LATER, 7), (TierChanged("club", "joined", None, "3", LATER),))


def test_that_the_victim_held_no_tier_is_taken_over_silently() -> None:
    assert merged(NONE, club(None)) == Applied(club(None))


def test_a_difference_that_was_reported_under_the_victims_key_may_be_reported_under_the_survivors() -> None:
    victim = TiersState({"club": Membership("3", reported_tier="4")})
    assert merged(NONE, victim).state.programs["club"].reported_tier is None


def test_programmes_of_the_survivor_that_the_merge_does_not_touch_stay() -> None:
    survivor = TiersState({"shop": Membership("1", SOON, "2", 5)})
    outcome = merged(survivor, club("3"))
    assert outcome.state.programs["shop"] == survivor.programs["shop"]


def test_a_summary_of_an_unknown_programme_is_adopted() -> None:
    assert merged(NONE, NONE, "3") == Applied(adopted("3"), (TierChanged("club", "joined", None, "3", None),))


def test_an_earlier_merge_that_is_told_later_does_not_win() -> None:
    later = merged(club("1"), NONE, "3").state
    outcome = absorbed(DOMAIN, later, NONE, stated("2"), occurred_at=AT - 1)
    assert outcome == Applied(later, (TierDriftDetected("club", "3", "2"),))


def test_memberships_are_counted() -> None:
    assert rules_of(DOMAIN).count(TiersState({"club": Membership("1"), "shop": Membership(None)})) == 2


@pytest.mark.parametrize("tier", [None, "3"], ids=["not stated", "stated"])
def test_the_last_day_by_the_rules_comes_along_with_the_tier_that_it_is_of(tier: str | None) -> None:
    by_rules = TiersState({"club": Membership("3", SOON, computed_expires_on=LATER)})
    for survivor, victim in ((by_rules, club("3")), (club("3"), by_rules), (NONE, by_rules), (by_rules, club("2"))):
        assert merged(survivor, victim, tier).state.programs["club"].computed_expires_on == LATER


def test_the_last_day_by_the_rules_of_another_tier_does_not() -> None:
    by_rules = TiersState({"club": Membership("2", SOON, computed_expires_on=LATER)})
    for survivor, victim in ((by_rules, club("3")), (club("3"), by_rules)):
        assert merged(survivor, victim, "3").state.programs["club"].computed_expires_on is None
