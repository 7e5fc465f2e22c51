"""Take one streak one step further."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.streaks.derived import StreakBroken, StreakProgressed, StreakStateChanged
from loyalty_stream.domains.streaks.events import StreakEntry
from loyalty_stream.domains.streaks.state import Streak, StreakState
from loyalty_stream.domains.streaks.steps import achieve, end, enrol, lose, start, unenrol

ONE, TWO = Decimal(1), Decimal(2)
BARE = StreakEntry("Summer")


def test_a_customer_who_left_enrols_afresh() -> None:
    before = Streak("unenrolled", TWO, ("First",), "s-1")
    assert enrol(before, BARE) == (Streak("enrolled", None, (), "s-1"), (StreakStateChanged,))


@pytest.mark.parametrize("state", ["enrolled", "running", "ended"])
def test_a_late_enrolment_changes_nothing(state: StreakState) -> None:
    before = Streak(state, ONE)
    assert enrol(before, BARE) == (before, ())


@pytest.mark.parametrize("state", ["enrolled", "running", "ended"])
def test_a_customer_leaves_from_any_state_and_the_value_is_kept(state: StreakState) -> None:
    assert unenrol(Streak(state, ONE), BARE) == (Streak("unenrolled", ONE), (StreakStateChanged,))


def test_leaving_an_unknown_streak_is_accepted() -> None:
    assert unenrol(None, BARE) == (Streak("unenrolled"), (StreakStateChanged,))


def test_leaving_twice_is_published_once() -> None:
    before = Streak("unenrolled", ONE)
    assert unenrol(before, BARE) == (before, ())


@pytest.mark.parametrize("state", ["enrolled", "unenrolled", "ended"])
def test_a_start_begins_without_value_and_levels_of_old(state: StreakState) -> None:
    before = Streak(state, TWO, ("First",), "s-1")
    assert start(before, StreakEntry("Summer", value=ONE)) == (
        Streak("running", ONE, (), "s-1"),
        (StreakStateChanged,),
    )


def test_a_start_does_not_reset_a_streak_that_runs() -> None:
    before = Streak("running", TWO, ("First",))
    assert start(before, StreakEntry("Summer", value=Decimal(0))) == (before, ())


def test_a_start_gives_a_running_streak_the_value_that_it_lacks() -> None:
    assert start(Streak("running"), StreakEntry("Summer", value=ONE)) == (Streak("running", ONE), ())


def test_an_end_of_an_unknown_streak_is_accepted() -> None:
    assert end(None, StreakEntry("Summer", value=ONE)) == (Streak("ended", ONE), (StreakStateChanged,))


def test_an_end_without_a_value_keeps_the_value_known() -> None:
    assert end(Streak("running", TWO), BARE)[0] == Streak("ended", TWO)


def test_an_end_breaks_a_streak_with_fewer_levels_than_there_are() -> None:
    short = StreakEntry("Summer", levels_total=2, levels_achieved=0)
    assert end(Streak("running"), short)[1] == (StreakStateChanged, StreakBroken)


def test_ending_twice_is_published_once() -> None:
    before = Streak("ended", ONE)
    assert end(before, StreakEntry("Summer", levels_total=2, levels_achieved=0)) == (before, ())


@pytest.mark.parametrize("before", [None, Streak("enrolled")])
def test_a_level_shows_that_the_streak_runs(before: Streak | None) -> None:
    step = achieve(before, StreakEntry("Summer", value=ONE, level="First"))
    assert step == (Streak("running", ONE, ("First",)), (StreakProgressed,))


@pytest.mark.parametrize("state", ["unenrolled", "ended"])
def test_a_level_does_not_reopen_a_closed_streak(state: StreakState) -> None:
    after, kinds = achieve(Streak(state), StreakEntry("Summer", value=ONE, level="First"))
    assert (after.state, after.levels, kinds) == (state, ("First",), (StreakProgressed,))


def test_the_same_level_at_the_same_value_is_no_progress() -> None:
    before = Streak("running", ONE, ("First",))
    assert achieve(before, StreakEntry("Summer", value=ONE, level="First")) == (before, ())


def test_the_same_level_at_another_value_is_progress() -> None:
    before = Streak("running", ONE, ("First",))
    step = achieve(before, StreakEntry("Summer", value=TWO, level="First"))
    assert step == (Streak("running", TWO, ("First",)), (StreakProgressed,))


def test_losing_a_level_leaves_the_other_levels() -> None:
    before = Streak("running", TWO, ("First", "Second"))
    step = lose(before, StreakEntry("Summer", value=ONE, level="Second"))
    assert step == (Streak("running", ONE, ("First",)), (StreakBroken,))


def test_losing_a_level_of_an_unknown_streak_is_accepted() -> None:
    assert lose(None, StreakEntry("Summer", level="First")) == (Streak("running"), (StreakBroken,))
