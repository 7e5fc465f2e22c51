"""Reduce target events, from a body to the derived events of all its entries."""

from decimal import Decimal
from itertools import permutations

from loyalty_stream.domains.streaks import DOMAIN, derived, events
from loyalty_stream.domains.streaks.events import StreakEntry, StreakStarted, TargetEntry
from loyalty_stream.domains.streaks.state import StreaksState, Target
from loyalty_stream.domains.streaks.targets import CLOSED_MAX, TARGETS_MAX
from loyalty_stream.model.events import DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, applied, outcome_of

GOAL = Decimal(100)
History = tuple[EventBody, int]


def entry(
    *,
    target: str = "61",
    group: str | None = "62",
    period: str | None = "63",
    delta: int | None = None,
    achieved: int | None = None,
    defined: Decimal | None = GOAL,
) -> TargetEntry:
    added, reached = (None if value is None else Decimal(value) for value in (delta, achieved))
    return TargetEntry(target, group, period, added, reached, defined)


def progress(achieved: int, delta: int | None = 1) -> events.TargetValueUpdated:
    return events.TargetValueUpdated((entry(delta=delta, achieved=achieved),))


def played(*history: EventBody | History) -> tuple[StreaksState, tuple[DerivedBody, ...]]:
    """Return the state after a history and what its last fact published; a fact may have a moment of its own."""
    state, published = DOMAIN.initial, tuple[DerivedBody, ...]()
    for place, fact in enumerate(history):
        body, at = fact if isinstance(fact, tuple) else (fact, place)
        outcome = outcome_of(DOMAIN, state, body, occurred_at=OBSERVED_AT + at)
        assert isinstance(outcome, Applied)
        state, published = outcome.state, outcome.derived
    return state, published


def target(*history: EventBody | History) -> Target:
    (found,) = played(*history)[0].targets.values()
    return found


def kinds(*history: EventBody | History) -> list[type[DerivedBody]]:
    return [type(told) for told in played(*history)[1]]


ENROLLED = events.TargetCustomerEnrolled((entry(defined=None),))
STARTED = events.TargetPeriodStarted((entry(),))
ACHIEVED = events.TargetValueAchieved((entry(delta=5, achieved=100),))
GROUP_ACHIEVED = events.TargetGroupAchieved((entry(achieved=30),))
GROUP_LOST = events.TargetGroupUnachieved((entry(achieved=10),))
COMPLETED = events.TargetPeriodCompleted((entry(achieved=70),))


def test_progress_is_what_the_vendor_states() -> None:
    assert target(progress(60), progress(14)).achieved == 14
    assert played(progress(60))[1] == (derived.TargetProgressed("61", "62", "63", Decimal(1), Decimal(60), GOAL),)


def test_a_return_takes_progress_away_and_leaves_the_judgement_to_the_vendor() -> None:
    history = progress(60), ACHIEVED, progress(40, delta=-60)
    assert played(*history)[1] == (derived.TargetProgressed("61", "62", "63", Decimal(-60), Decimal(40), GOAL),)
    assert target(*history).met is True


def test_reaching_the_goal_is_no_achievement_until_the_vendor_says_so() -> None:
    assert target(progress(140)).met is None
    assert kinds(progress(140), ACHIEVED) == [derived.TargetAchieved]


def test_a_target_below_its_goal_is_achieved_where_the_vendor_says_so() -> None:
    assert played(GROUP_ACHIEVED)[1] == (derived.TargetAchieved("61", "62", "63", None, Decimal(30), GOAL),)


def test_the_same_judgement_again_is_not_told() -> None:
    assert kinds(ACHIEVED, ACHIEVED) == []
    assert kinds(ACHIEVED, GROUP_ACHIEVED) == []
    assert kinds(GROUP_LOST, GROUP_LOST) == []
    assert kinds(COMPLETED, COMPLETED) == []


def test_a_target_can_be_lost_and_achieved_again() -> None:
    assert kinds(GROUP_ACHIEVED, GROUP_LOST) == [derived.TargetUnachieved]
    assert kinds(GROUP_ACHIEVED, GROUP_LOST, GROUP_ACHIEVED) == [derived.TargetAchieved]


def test_a_target_that_was_never_seen_achieved_can_be_lost() -> None:
    assert kinds(progress(10), GROUP_LOST) == [derived.TargetUnachieved]


def test_the_same_values_without_a_delta_are_no_progress() -> None:
    assert kinds(progress(60), progress(60, delta=None)) == []
    assert kinds(progress(60), progress(60, delta=0)) == []
    assert kinds(progress(60), progress(60, delta=2)) == [derived.TargetProgressed]


def test_a_moved_goal_is_told() -> None:
    moved = events.TargetValueUpdated((entry(achieved=60, defined=Decimal(80)),))
    assert played(progress(60), moved)[1] == (
        derived.TargetProgressed("61", "62", "63", None, Decimal(60), Decimal(80)),
    )


def test_an_older_value_that_comes_later_is_told_and_does_not_count() -> None:
    history = (progress(60), 10), (progress(20), 5)
    assert target(*history).achieved == 60
    assert played(*history)[1] == (derived.TargetProgressed("61", "62", "63", Decimal(1), Decimal(60), GOAL),)


def test_an_achievement_that_comes_after_later_progress_counts() -> None:
    history = (progress(120), 10), (ACHIEVED, 5)
    assert target(*history).met is True
    assert kinds(*history) == [derived.TargetAchieved]
    assert target(*history).achieved == 120


def test_an_older_judgement_that_comes_later_does_not_count() -> None:
    history = (GROUP_LOST, 10), (GROUP_ACHIEVED, 5)
    assert target(*history).met is False
    assert kinds(*history) == []


def test_of_two_judgements_of_one_moment_the_later_to_come_counts() -> None:
    assert target((GROUP_ACHIEVED, 5), (GROUP_LOST, 5)).met is False


def test_an_enrolment_and_a_start_do_not_undo_progress() -> None:
    assert kinds(ENROLLED) == [derived.TargetEnrolled]
    assert kinds(ENROLLED, STARTED) == [derived.TargetPeriodOpened]
    assert target(progress(60), ENROLLED, STARTED).achieved == 60
    assert target(ENROLLED, progress(60), (STARTED, -5)).defined == GOAL


def test_a_period_closes_at_the_progress_stated_and_is_not_reopened() -> None:
    assert played(progress(60), COMPLETED)[1] == (
        derived.TargetPeriodClosed("61", "62", "63", None, Decimal(70), GOAL),
    )
    assert target(COMPLETED, progress(80)).closed


def test_the_group_of_a_target_is_kept_once_learned() -> None:
    bare = events.TargetValueUpdated((entry(group=None, achieved=2),))
    assert target(bare, progress(3), bare).target_group_id == "62"


def test_one_event_takes_effect_on_each_of_its_targets_in_order() -> None:
    both = events.TargetGroupAchieved((entry(target="72"), entry(target="71")))
    state, published = played(both)
    assert list(state.targets) == ["63|72", "63|71"]
    assert [told.target_id for told in published if isinstance(told, derived.TargetAchieved)] == ["72", "71"]


def test_targets_leave_streaks_alone() -> None:
    streak = StreakStarted((StreakEntry("Summer"),))
    assert played(streak, progress(1))[0].streaks == played(streak)[0].streaks
    assert len(played(progress(1), streak)[0].targets) == 1


def test_of_many_closed_periods_the_oldest_are_forgotten() -> None:
    names = [f"p-{number}" for number in range(CLOSED_MAX + 3)]
    closings = [events.TargetPeriodCompleted((entry(period=name, achieved=1),)) for name in names]
    state, _ = played(progress(5), *closings)
    assert list(state.targets) == ["63|61", *(f"{name}|61" for name in names[3:])]


def test_of_many_open_targets_the_longest_unchanged_are_forgotten() -> None:
    state = DOMAIN.initial
    for number in (*range(TARGETS_MAX), 0, TARGETS_MAX):
        body = events.TargetValueUpdated((entry(target=str(number), delta=1, achieved=number),))
        state = applied(DOMAIN, state, body).state
    assert len(state.targets) == TARGETS_MAX
    assert "63|1" not in state.targets
    assert list(state.targets)[-2:] == ["63|0", f"63|{TARGETS_MAX}"]


def test_events_in_any_order_take_effect() -> None:
    for order in permutations((STARTED, progress(60), ACHIEVED, GROUP_LOST, COMPLETED)):
        played(*order)
