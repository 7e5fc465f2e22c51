"""Merge two customers' streaks, targets and badges."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.streaks import DOMAIN
from loyalty_stream.domains.streaks.badges import BADGES_MAX, EARNS_MAX
from loyalty_stream.domains.streaks.events import EarnConstraint
from loyalty_stream.domains.streaks.state import Badge, Streak, StreaksState, Target
from loyalty_stream.domains.streaks.targets import CLOSED_MAX, TARGETS_MAX
from tests.unit.domains.helpers import absorbed, left, rules_of

ONE, TWO = Decimal(1), Decimal(2)


def merged(survivor: StreaksState, victim: StreaksState) -> StreaksState:
    outcome = absorbed(DOMAIN, survivor, victim)
    assert outcome.derived == ()
    return outcome.state


def merged_streak(ours: Streak, theirs: Streak) -> Streak:
    return merged(StreaksState({"g|p|daily": ours}), StreaksState({"g|p|daily": theirs})).streaks["g|p|daily"]


def merged_target(ours: Target, theirs: Target) -> Target:
    return merged(StreaksState(targets={"p|1": ours}), StreaksState(targets={"p|1": theirs})).targets["p|1"]


def merged_badge(ours: Badge, theirs: Badge) -> Badge:
    return merged(StreaksState(badges={"b": ours}), StreaksState(badges={"b": theirs})).badges["b"]


def test_the_survivor_has_the_streaks_targets_and_badges_of_both() -> None:
    ours = StreaksState({"||a": Streak("running", ONE)}, {"|1": Target("g", ONE)}, {"x": Badge(1, ("e",), 5)})
    theirs = StreaksState({"||b": Streak("ended", TWO)}, {"|2": Target("g", TWO)}, {"y": Badge(2, ("f",), 6)})
    assert merged(ours, theirs) == StreaksState(
        {**ours.streaks, **theirs.streaks}, {**ours.targets, **theirs.targets}, {**ours.badges, **theirs.badges}
    )


def test_the_victims_key_tells_nothing() -> None:
    assert left(DOMAIN, StreaksState({"||a": Streak("running", ONE)})) == ()


@pytest.mark.parametrize(
    ("further", "other"),
    [
        (Streak("enrolled"), Streak("unenrolled", TWO)),
        (Streak("running"), Streak("enrolled", TWO)),
        (Streak("running", TWO), Streak("running", ONE)),
        (Streak("running", TWO), Streak("ended", ONE)),
        (Streak("ended", TWO), Streak("running", ONE)),
        (Streak("running", Decimal(0)), Streak("running")),
    ],
)
def test_the_streak_that_came_further_holds_whosever_it_is(further: Streak, other: Streak) -> None:
    for streak in (merged_streak(further, other), merged_streak(other, further)):
        assert streak.state == further.state
        assert streak.value == (other.value if further.value is None else further.value)


def test_of_two_streaks_that_are_equally_far_the_survivors_holds() -> None:
    assert merged_streak(Streak("running", ONE), Streak("ended", ONE)).state == "running"
    assert merged_streak(Streak("ended", ONE), Streak("running", ONE)).state == "ended"


def test_the_levels_of_both_are_held_and_the_id_that_either_knows() -> None:
    ours, theirs = Streak("running", TWO, ("1", "2")), Streak("running", ONE, ("1", "extra"), "61401")
    assert merged_streak(ours, theirs) == Streak("running", TWO, ("1", "2", "extra"), "61401")


def test_of_a_target_the_later_word_on_progress_and_on_judgement_holds_each_by_itself() -> None:
    ours = Target("g", ONE, ONE, met=False, valued_at=5, judged_at=2)
    theirs = Target("h", TWO, TWO, met=True, valued_at=4, judged_at=3)
    assert merged_target(ours, theirs) == Target("g", ONE, ONE, met=True, valued_at=5, judged_at=3)
    assert merged_target(theirs, ours) == Target("h", ONE, ONE, met=True, valued_at=5, judged_at=3)


def test_what_only_one_knows_of_a_target_is_kept() -> None:
    full = Target("g", ONE, TWO, met=True, closed=True, valued_at=5, judged_at=6)
    assert merged_target(full, Target()) == merged_target(Target(), full) == full
    assert merged_target(Target(achieved=ONE, valued_at=9), full).defined == TWO


def test_earns_of_a_badge_add_up_and_one_that_both_know_counts_once() -> None:
    badge = merged_badge(Badge(20, ("a", "b"), 5), Badge(3, ("b", "c"), 7))
    assert (badge.earns, badge.earn_ids, badge.earned_on) == (22, ("a", "b", "c"), 7)


def test_the_newest_earns_of_a_badge_stay_known() -> None:
    older = Badge(EARNS_MAX, tuple(f"e{n}" for n in range(EARNS_MAX)), 5)
    newer = Badge(1, ("new",), 6)
    kept = (*older.earn_ids[1:], "new")
    assert merged_badge(newer, older).earn_ids == merged_badge(older, newer).earn_ids == kept


def test_the_limits_of_a_badge_are_those_counted_last() -> None:
    older, newer = EarnConstraint("BADGE", current_earn_count=5), EarnConstraint("BADGE", current_earn_count=7)
    ours, theirs = Badge(1, ("a",), 5, (older,), 5), Badge(1, ("b",), 6, (newer,), 6)
    for badge in (merged_badge(ours, theirs), merged_badge(theirs, ours)):
        assert (badge.constraints, badge.counted_at) == ((newer,), 6)


def test_a_badge_that_only_one_earned_with_a_day_keeps_it() -> None:
    assert merged_badge(Badge(1, ("a",)), Badge(1, ("b",), 6)).earned_on == 6


def test_what_changed_last_under_either_id_stays_last() -> None:
    ours = StreaksState(targets={"1": Target(valued_at=1), "4": Target(judged_at=4)}, badges={"b": Badge(1, (), 5)})
    theirs = StreaksState(targets={"2": Target(valued_at=2), "9": Target(valued_at=9)}, badges={"a": Badge(1, (), 9)})
    state = merged(ours, theirs)
    assert (list(state.targets), list(state.badges)) == (["1", "2", "4", "9"], ["b", "a"])


def test_a_victim_with_nothing_leaves_the_survivors_order_as_it_is() -> None:
    survivor = StreaksState(targets={"1": Target(valued_at=9), "2": Target(), "3": Target(valued_at=4)})
    assert list(merged(survivor, StreaksState()).targets) == ["1", "2", "3"]


def test_no_more_is_kept_than_of_one_customer() -> None:
    ours, theirs = (
        StreaksState(
            targets={f"{side}{n}": Target(valued_at=n) for n in range(TARGETS_MAX)},
            badges={f"{side}{n}": Badge(1, (), n) for n in range(BADGES_MAX)},
        )
        for side in "st"
    )
    state = merged(ours, theirs)
    assert set(state.targets) == {f"{side}{n}" for side in "st" for n in range(TARGETS_MAX // 2, TARGETS_MAX)}
    assert set(state.badges) == {f"{side}{n}" for side in "st" for n in range(BADGES_MAX // 2, BADGES_MAX)}


def test_no_more_closed_targets_are_kept_than_of_one_customer() -> None:
    ours, theirs = (
        StreaksState(targets={f"{side}{n}": Target(closed=True, valued_at=n) for n in range(CLOSED_MAX)})
        for side in "st"
    )
    assert len(merged(ours, theirs).targets) == CLOSED_MAX


def test_streaks_targets_and_badges_are_counted() -> None:
    state = StreaksState({"||a": Streak("running")}, {"|1": Target(), "|2": Target()}, {"b": Badge(7)})
    assert rules_of(DOMAIN).count(state) == 4
