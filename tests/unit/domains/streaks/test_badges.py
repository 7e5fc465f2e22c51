"""Reduce badge events."""

from loyalty_stream.domains.streaks import DOMAIN, derived
from loyalty_stream.domains.streaks.badges import BADGES_MAX, EARNS_MAX
from loyalty_stream.domains.streaks.events import BadgeEarned, EarnConstraint
from loyalty_stream.domains.streaks.state import Badge, StreaksState
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of


def earn(earn_id: str = "e-1", count: int = 5, earned_on: int | None = OBSERVED_AT, badge: str = "b-1") -> BadgeEarned:
    return BadgeEarned(badge, earn_id, earned_on, (limit(count),))


def limit(count: int) -> EarnConstraint:
    return EarnConstraint("BADGE", "OVERALL", max_earn_limit=1000, current_earn_count=count)


def at(state: StreaksState, body: BadgeEarned, moment: int) -> StreaksState:
    outcome = outcome_of(DOMAIN, state, body, occurred_at=moment)
    assert isinstance(outcome, Applied)
    return outcome.state


def test_an_earn_is_told_with_the_limits_as_they_are_then() -> None:
    assert derived_by(DOMAIN, [], earn()) == (derived.BadgeEarned("b-1", "e-1", OBSERVED_AT, (limit(5),)),)


def test_a_badge_can_be_earned_several_times() -> None:
    badge = after(DOMAIN, earn(), earn("e-2", 9, OBSERVED_AT + 5)).badges["b-1"]
    assert (badge.earns, badge.earn_ids, badge.earned_on) == (2, ("e-1", "e-2"), OBSERVED_AT + 5)
    assert badge.constraints == (limit(9),)


def test_the_same_earn_is_told_and_counted_once() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, earn()), earn(count=6))
    assert outcome.derived == ()
    assert outcome.state.badges["b-1"].earns == 1
    assert outcome.state.badges["b-1"].constraints == (limit(6),)


def test_older_counts_that_come_later_do_not_replace_newer_ones() -> None:
    state = at(at(DOMAIN.initial, earn("e-2", 9), 20), earn("e-1", 5, OBSERVED_AT - 5), 10)
    assert state.badges["b-1"] == Badge(2, ("e-2", "e-1"), OBSERVED_AT, (limit(9),), 20)


def test_an_earn_without_a_moment_leaves_the_one_known() -> None:
    assert after(DOMAIN, earn(), earn("e-2", earned_on=None)).badges["b-1"].earned_on == OBSERVED_AT
    assert after(DOMAIN, earn(earned_on=None)).badges["b-1"].earned_on is None


def test_the_newest_earns_of_a_badge_are_known_again() -> None:
    state = after(DOMAIN, *(earn(f"e-{number}") for number in range(EARNS_MAX + 1)))
    assert state.badges["b-1"].earns == EARNS_MAX + 1
    assert len(state.badges["b-1"].earn_ids) == EARNS_MAX
    assert applied(DOMAIN, state, earn(f"e-{EARNS_MAX}")).derived == ()


def test_of_many_badges_the_longest_unearned_are_forgotten() -> None:
    state = after(DOMAIN, *(earn(badge=f"b-{number}") for number in range(BADGES_MAX)))
    state = after_more(state, earn("e-2", badge="b-0"), earn(badge="b-new"))
    assert len(state.badges) == BADGES_MAX
    assert "b-1" not in state.badges
    assert list(state.badges)[-2:] == ["b-0", "b-new"]


def after_more(state: StreaksState, *bodies: BadgeEarned) -> StreaksState:
    for body in bodies:
        state = applied(DOMAIN, state, body).state
    return state
