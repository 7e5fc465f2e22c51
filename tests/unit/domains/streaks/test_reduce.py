"""Reduce streak events, from a body to the derived events of all its entries."""

from decimal import Decimal
from itertools import permutations

from loyalty_stream.domains.streaks import DOMAIN
from loyalty_stream.domains.streaks.derived import StreakBroken, StreakProgressed, StreakStateChanged
from loyalty_stream.domains.streaks.events import (
    StreakCustomerEnrolled,
    StreakCustomerUnenrolled,
    StreakEnded,
    StreakEntry,
    StreakLevelAchieved,
    StreakLevelLost,
    StreakStarted,
)
from loyalty_stream.domains.streaks.state import Streak, StreakState, streak_key
from tests.unit.domains.helpers import after, applied, derived_by

KEY = streak_key("g-1", "p-1", "Summer")
TWO = Decimal(2)


def entry(  # noqa: PLR0913 - by keyword, the parts of an entry that differ between the tests
    *,
    name: str = "Summer",
    streak_id: str | None = None,
    period: str = "p-1",
    value: Decimal | None = None,
    level: str | None = None,
    levels_total: int | None = None,
    levels_achieved: int | None = None,
) -> StreakEntry:
    return StreakEntry(
        name,
        streak_id,
        target_group_id="g-1",
        target_period_id=period,
        value=value,
        level=level,
        levels_total=levels_total,
        levels_achieved=levels_achieved,
    )


def changed(
    from_state: StreakState | None, to_state: StreakState, value: Decimal | None = None, streak_id: str | None = None
) -> StreakStateChanged:
    return StreakStateChanged("Summer", streak_id, "g-1", "p-1", from_state, to_state, value, None)


ENROLLED = StreakCustomerEnrolled((entry(),))
UNENROLLED = StreakCustomerUnenrolled((entry(),))
STARTED = StreakStarted((entry(value=Decimal(0)),))
ACHIEVED = StreakLevelAchieved((entry(streak_id="s-1", value=TWO, level="First"),))
LOST = StreakLevelLost((entry(value=Decimal(1), level="First"),), cause="return")
ENDED = StreakEnded((entry(value=TWO, levels_total=2, levels_achieved=2),))


def test_a_streak_goes_from_enrolment_over_start_and_level_to_its_end() -> None:
    assert derived_by(DOMAIN, [], ENROLLED) == (changed(None, "enrolled"),)
    assert derived_by(DOMAIN, [ENROLLED], STARTED) == (changed("enrolled", "running", Decimal(0)),)
    assert derived_by(DOMAIN, [ENROLLED, STARTED], ACHIEVED) == (
        StreakProgressed("Summer", "s-1", "g-1", "p-1", "running", "running", TWO, "First"),
    )
    assert derived_by(DOMAIN, [ENROLLED, STARTED, ACHIEVED], ENDED) == (changed("running", "ended", TWO, "s-1"),)


def test_an_end_short_of_levels_breaks_the_streak_as_well() -> None:
    short = StreakEnded((entry(levels_total=2, levels_achieved=1),))
    assert derived_by(DOMAIN, [STARTED, ACHIEVED], short) == (
        changed("running", "ended", TWO, "s-1"),
        StreakBroken("Summer", "s-1", "g-1", "p-1", "running", "ended", TWO, None),
    )


def test_an_end_that_does_not_say_how_many_levels_there_are_breaks_nothing() -> None:
    assert derived_by(DOMAIN, [STARTED], StreakEnded((entry(levels_achieved=0),))) == (
        changed("running", "ended", Decimal(0)),
    )


def test_a_lost_level_breaks_the_streak_which_goes_on() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, STARTED, ACHIEVED), LOST)
    assert outcome.state.streaks == {KEY: Streak("running", Decimal(1), (), "s-1")}
    assert outcome.derived == (StreakBroken("Summer", "s-1", "g-1", "p-1", "running", "running", Decimal(1), "First"),)


def test_the_id_of_a_streak_is_kept_once_learned() -> None:
    other = StreakLevelAchieved((entry(streak_id="s-9", value=Decimal(3), level="Second"),))
    state = after(DOMAIN, ENROLLED, ACHIEVED, other, UNENROLLED)
    assert state.streaks[KEY].streak_id == "s-1"


def test_one_event_takes_effect_on_each_of_its_streaks_in_order() -> None:
    both = StreakCustomerEnrolled((entry(name="Winter"), entry()))
    outcome = applied(DOMAIN, DOMAIN.initial, both)
    assert set(outcome.state.streaks) == {KEY, streak_key("g-1", "p-1", "Winter")}
    assert [derived.streak_name for derived in outcome.derived if isinstance(derived, StreakStateChanged)] == [
        "Winter",
        "Summer",
    ]


def test_a_streak_named_twice_in_one_event_takes_the_second_entry_after_the_first() -> None:
    twice = StreakLevelAchieved((entry(value=Decimal(1), level="First"), entry(value=TWO, level="Second")))
    assert after(DOMAIN, STARTED, twice).streaks == {KEY: Streak("running", TWO, ("First", "Second"))}


def test_an_event_without_entries_changes_nothing() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, STARTED), StreakEnded(()))
    assert (outcome.state, outcome.derived) == (after(DOMAIN, STARTED), ())


def test_periods_of_one_streak_do_not_touch_each_other() -> None:
    state = after(DOMAIN, ENDED, StreakStarted((entry(period="p-2"),)))
    assert [streak.state for streak in state.streaks.values()] == ["ended", "running"]


def test_events_in_any_order_take_effect() -> None:
    for order in permutations((ENROLLED, STARTED, ACHIEVED, LOST, ENDED)):
        after(DOMAIN, *order)
