"""Reduce tier events."""

from datetime import date
from itertools import permutations

import pytest

from loyalty_stream.domains.tiers import DOMAIN
from loyalty_stream.domains.tiers.derived import TierChanged, TierDriftDetected, TierExpiringSoon
from loyalty_stream.domains.tiers.derived import TierRenewed as Renewed
from loyalty_stream.domains.tiers.events import (
    TierDowngraded,
    TierDowngradeScheduled,
    TierExpiryNeared,
    TierRenewed,
    TierUpgraded,
)
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.outcome import Applied
from loyalty_stream.model.tier_terms import TierTermAsked, TierTermComputed
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of

SOON, LATER = date(2026, 3, 31), date(2027, 3, 31)
NOW = OBSERVED_AT - 250  # of each event, if nothing else is said
TO_SILVER = TierUpgraded("club", "bronze", "silver", SOON)
TO_GOLD = TierUpgraded("club", "silver", "gold", SOON)
TierWord = TierUpgraded | TierDowngraded | TierRenewed
TIER_WORDS: list[TierWord] = [TO_GOLD, TierDowngraded("club", "silver", None), TierRenewed("club", "bronze", LATER)]
every_word_on_the_tier = pytest.mark.parametrize("body", TIER_WORDS, ids=lambda body: type(body).__name__)


def held(tier: str | None, expires_on: date | None = None) -> Membership:
    return Membership(tier, expires_on, changed_at=NOW)


def test_an_upgrade_moves_the_customer_up() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_SILVER), TierUpgraded("club", "silver", "gold", LATER))
    assert outcome.state.programs == {"club": held("gold", LATER)}
    assert outcome.derived == (TierChanged("club", "up", "silver", "gold", LATER),)


def test_a_downgrade_moves_the_customer_down() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_GOLD), TierDowngraded("club", "gold", "silver", LATER))
    assert outcome.state.programs == {"club": held("silver", LATER)}
    assert outcome.derived == (TierChanged("club", "down", "gold", "silver", LATER),)


def test_the_tier_that_the_event_names_stands_in_where_ours_is_unknown() -> None:
    assert derived_by(DOMAIN, [], TO_GOLD) == (TierChanged("club", "up", "silver", "gold", SOON),)


def test_an_upgrade_from_no_tier_is_joining() -> None:
    joining = TierUpgraded("club", None, "bronze", SOON)
    assert derived_by(DOMAIN, [], joining) == (TierChanged("club", "joined", None, "bronze", SOON),)


def test_an_upgrade_that_names_no_previous_tier_starts_from_ours_without_drift() -> None:
    upgrade = TierUpgraded("club", None, "gold", SOON)
    assert derived_by(DOMAIN, [TO_SILVER], upgrade) == (TierChanged("club", "up", "silver", "gold", SOON),)


def test_a_downgrade_that_names_no_previous_tier_is_no_joining() -> None:
    downgrade = TierDowngraded("club", None, "bronze", SOON)
    assert derived_by(DOMAIN, [], downgrade) == (TierChanged("club", "down", None, "bronze", SOON),)


def test_a_downgrade_to_no_tier_is_leaving() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_SILVER), TierDowngraded("club", "silver", None))
    assert outcome.state.programs == {"club": held(None)}
    assert outcome.derived == (TierChanged("club", "left", "silver", None, None),)


def test_a_customer_who_left_joins_again() -> None:
    bodies = [TO_SILVER, TierDowngraded("club", "silver", None)]
    joining = TierUpgraded("club", None, "bronze")
    assert derived_by(DOMAIN, bodies, joining) == (TierChanged("club", "joined", None, "bronze", None),)


def test_leaving_twice_is_published_once() -> None:
    leaving = TierDowngraded("club", "silver", None)
    assert derived_by(DOMAIN, [TO_SILVER, leaving], leaving) == ()


@pytest.mark.parametrize(
    ("change", "direction"),
    [
        (TierUpgraded("club", "bronze", "gold", SOON), "up"),
        (TierDowngraded("club", "bronze", "basic", SOON), "down"),
    ],
)
def test_a_change_from_another_tier_than_ours_reports_drift_first(
    change: TierUpgraded | TierDowngraded, direction: str
) -> None:
    drift, changed = derived_by(DOMAIN, [TO_SILVER], change)
    assert drift == TierDriftDetected("club", ours="silver", theirs="bronze")
    assert isinstance(changed, TierChanged)
    assert (changed.direction, changed.from_tier, changed.to_tier) == (direction, "silver", change.tier)


@pytest.mark.parametrize("expires_on", [SOON, None])
def test_an_upgrade_to_the_tier_already_held_is_no_change(expires_on: date | None) -> None:
    state = after(DOMAIN, TO_GOLD)
    outcome = applied(DOMAIN, state, TierUpgraded("club", "gold", "gold", expires_on))
    assert (outcome.state, outcome.derived) == (state, ())


def test_an_upgrade_to_the_tier_already_held_with_a_later_end_is_a_renewal() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_GOLD), TierUpgraded("club", "gold", "gold", LATER))
    assert outcome.state.programs == {"club": held("gold", LATER)}
    assert outcome.derived == (Renewed("club", "gold", LATER),)


def test_a_renewal_moves_the_end_date() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_GOLD), TierRenewed("club", "gold", LATER))
    assert outcome.state.programs == {"club": held("gold", LATER)}
    assert outcome.derived == (Renewed("club", "gold", LATER),)


def test_a_renewal_of_an_unknown_tier_is_adopted_silently() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, TierRenewed("club", "gold", LATER))
    assert outcome.state.programs == {"club": held("gold", LATER)}
    assert outcome.derived == (Renewed("club", "gold", LATER),)


def test_a_renewal_of_another_tier_reports_drift_and_keeps_theirs() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_SILVER), TierRenewed("club", "gold", LATER))
    assert outcome.state.programs == {"club": held("gold", LATER)}
    assert outcome.derived == (TierDriftDetected("club", "silver", "gold"), Renewed("club", "gold", LATER))


def test_a_reminder_is_passed_on_and_changes_nothing() -> None:
    state = after(DOMAIN, TO_GOLD)
    outcome = applied(DOMAIN, state, TierDowngradeScheduled("club", "gold", SOON))
    assert outcome.state == state
    assert outcome.derived == (TierExpiringSoon("club", "gold", SOON, "vendor"),)


def test_a_reminder_of_an_unknown_tier_is_passed_on_and_not_adopted() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, TierDowngradeScheduled("club", "gold"))
    assert outcome.state == DOMAIN.initial
    assert outcome.derived == (TierExpiringSoon("club", "gold", None, "vendor"),)


def test_a_reminder_of_another_tier_reports_drift_first_and_keeps_ours() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_SILVER), TierDowngradeScheduled("club", "gold", SOON))
    assert outcome.state.programs["club"].tier == "silver"
    assert outcome.derived == (
        TierDriftDetected("club", "silver", "gold"),
        TierExpiringSoon("club", "gold", SOON, "vendor"),
    )


def test_the_same_difference_is_reported_by_the_first_reminder_only() -> None:
    reminder = TierDowngradeScheduled("club", "gold", SOON)
    assert derived_by(DOMAIN, [TO_SILVER, reminder], reminder) == (TierExpiringSoon("club", "gold", SOON, "vendor"),)


@pytest.mark.parametrize(
    "between",
    [
        TierDowngradeScheduled("club", "silver", SOON),
        TierDowngradeScheduled("club", "platinum", SOON),
        TierRenewed("club", "silver", LATER),
        TierUpgraded("club", "silver", "silver", SOON),
    ],
)
def test_a_difference_that_closed_or_changed_is_reported_again(between: EventBody) -> None:
    reminder = TierDowngradeScheduled("club", "gold", SOON)
    derived = derived_by(DOMAIN, [TO_SILVER, reminder, between], reminder)
    assert derived[0] == TierDriftDetected("club", "silver", "gold")


def test_programmes_do_not_touch_each_other() -> None:
    state = after(DOMAIN, TO_GOLD, TierUpgraded("partner", None, "basic"))
    assert state.programs == {"club": held("gold", SOON), "partner": held("basic")}


def test_events_in_any_order_take_effect() -> None:
    bodies = [
        TO_GOLD,
        TierDowngraded("club", "gold", None),
        TierRenewed("club", "bronze"),
        TierDowngradeScheduled("club", "silver"),
    ]
    for order in permutations(bodies):
        after(DOMAIN, *order)


@every_word_on_the_tier
def test_a_word_on_the_tier_that_is_older_than_the_merge_changes_and_tells_nothing(body: TierWord) -> None:
    state = TiersState({"club": Membership("silver", SOON, "gold", NOW - 2, NOW + 1)})
    assert outcome_of(DOMAIN, state, body) == Applied(state)


@every_word_on_the_tier
def test_a_word_on_the_tier_that_is_as_new_as_the_merge_counts_and_the_merge_is_not_forgotten(body: TierWord) -> None:
    state = TiersState({"club": Membership("silver", SOON, None, NOW - 2, NOW)})
    after_it = applied(DOMAIN, state, body).state.programs["club"]
    assert (after_it.tier, after_it.changed_at, after_it.merged_at) == (body.tier, NOW, NOW)


def test_a_late_word_that_says_the_same_tier_does_not_make_it_older() -> None:
    state = TiersState({"club": Membership("gold", SOON, changed_at=NOW + 9)})
    for body in (TO_GOLD, TierRenewed("club", "gold", SOON)):
        assert applied(DOMAIN, state, body).state.programs["club"].changed_at == NOW + 9


def test_a_late_word_that_changes_the_tier_dates_it() -> None:
    state = TiersState({"club": Membership("silver", SOON, changed_at=NOW + 9)})
    assert applied(DOMAIN, state, TO_GOLD).state.programs == {"club": held("gold", SOON)}


def test_the_last_day_that_rules_give_the_tier_is_kept() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, TO_GOLD), TierTermComputed("club", "gold", NOW, SOON))
    assert outcome.state.programs["club"].computed_expires_on == SOON
    assert outcome.derived == ()


def test_a_last_day_of_the_vendors_that_its_rules_do_not_give_is_drift() -> None:
    assert derived_by(DOMAIN, [TO_GOLD], TierTermComputed("club", "gold", NOW, LATER)) == (
        TierDriftDetected("club", "2027-03-31", "2026-03-31", "expires_on"),
    )


@pytest.mark.parametrize(
    ("tier", "expires_on"), [(TierUpgraded("club", None, "gold"), LATER), (TO_GOLD, None)], ids=["vendor", "rules"]
)
def test_where_one_of_the_two_has_no_last_day_there_is_no_drift(tier: TierUpgraded, expires_on: date | None) -> None:
    assert derived_by(DOMAIN, [tier], TierTermComputed("club", "gold", NOW, expires_on)) == ()


@pytest.mark.parametrize("program_id", ["club", "other"])
def test_a_term_of_a_tier_that_is_not_held_any_more_is_passed_over(program_id: str) -> None:
    state = after(DOMAIN, TO_GOLD)
    assert applied(DOMAIN, state, TierTermComputed(program_id, "silver", NOW, LATER)) == Applied(state)


def test_a_term_that_was_asked_for_before_the_last_word_on_the_tier_is_passed_over() -> None:
    state = after(DOMAIN, TO_GOLD)
    late = TierTermComputed("club", "gold", NOW, LATER)
    assert outcome_of(DOMAIN, state, late, occurred_at=NOW - 1) == Applied(state)


def test_another_word_on_the_tier_forgets_the_term_and_asks_anew() -> None:
    renewed = TierRenewed("club", "gold", LATER, "Europe/Warsaw")
    outcome = applied(DOMAIN, after(DOMAIN, TO_GOLD, TierTermComputed("club", "gold", NOW, SOON)), renewed)
    assert outcome.state.programs["club"].computed_expires_on is None
    [asked] = outcome.follow_ups
    assert (asked.key, asked.customer_id, asked.source_key) == ("capillary:7001:campaign/club", None, "event-1|cust-1")
    assert asked.body == TierTermAsked("club", "gold", NOW, "Europe/Warsaw", "cust-1")


def test_nothing_is_asked_without_a_time_zone() -> None:
    for body in (TO_GOLD, TierDowngraded("club", "gold", "silver"), TierRenewed("club", "gold", LATER)):
        assert applied(DOMAIN, after(DOMAIN, TO_SILVER), body).follow_ups == ()


def test_our_own_clock_reminds_of_the_end_that_the_vendor_gave_before_the_one_of_the_rules() -> None:
    computed = TierTermComputed("club", "silver", NOW, LATER)
    state = after(DOMAIN, TO_SILVER, computed)
    outcome = applied(DOMAIN, state, TierExpiryNeared("club", SOON, 7))
    assert outcome.derived == (TierExpiringSoon("club", "silver", SOON, "own"),)
    assert outcome.state == state
    assert outcome_of(DOMAIN, state, TierExpiryNeared("club", LATER, 7)) == NOTHING_DUE


def test_our_own_clock_reminds_of_the_end_by_the_rules_where_the_vendor_gave_none() -> None:
    facts = [TierUpgraded("club", None, "silver"), TierTermComputed("club", "silver", NOW, LATER)]
    near = TierExpiryNeared("club", LATER, 1)
    assert derived_by(DOMAIN, facts, near) == (TierExpiringSoon("club", "silver", LATER, "computed"),)


def test_of_a_tier_that_is_left_nothing_is_due() -> None:
    state = after(DOMAIN, TO_SILVER, TierDowngraded("club", "silver", None, SOON))
    assert outcome_of(DOMAIN, state, TierExpiryNeared("club", SOON, 7)) == NOTHING_DUE
