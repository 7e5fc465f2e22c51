"""Reduce streak events to streaks.

Some events of a streak lack its id, so a streak is known by target group, target period and name; its id is kept once
learned. Lifecycle events are taken in the order of arrival; the vendor's values are absolute and replace ours.
Source: streak* in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.streaks import badges, events, steps, targets
from loyalty_stream.domains.streaks.state import Streak, StreaksState, streak_key
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied, Outcome

_TakeStep = Callable[[Streak | None, events.StreakEntry], steps.Step]


def enrolled(state: StreaksState, _event: CanonicalEvent, body: events.StreakCustomerEnrolled) -> Outcome[StreaksState]:
    """Enrol the customer in each streak named."""
    return _each(state, body.entries, steps.enrol)


def unenrolled(
    state: StreaksState, _event: CanonicalEvent, body: events.StreakCustomerUnenrolled
) -> Outcome[StreaksState]:
    """Take the customer out of each streak named."""
    return _each(state, body.entries, steps.unenrol)


def started(state: StreaksState, _event: CanonicalEvent, body: events.StreakStarted) -> Outcome[StreaksState]:
    """Start each streak named."""
    return _each(state, body.entries, steps.start)


def ended(state: StreaksState, _event: CanonicalEvent, body: events.StreakEnded) -> Outcome[StreaksState]:
    """End each streak named, broken where levels are missing."""
    return _each(state, body.entries, steps.end)


def level_achieved(
    state: StreaksState, _event: CanonicalEvent, body: events.StreakLevelAchieved
) -> Outcome[StreaksState]:
    """Add the level achieved of each streak named."""
    return _each(state, body.entries, steps.achieve)


def level_lost(state: StreaksState, _event: CanonicalEvent, body: events.StreakLevelLost) -> Outcome[StreaksState]:
    """Take the level lost of each streak named."""
    return _each(state, body.entries, steps.lose)


REDUCERS: Final[dict[type[EventBody], Callable[[StreaksState, CanonicalEvent, Never], Outcome[StreaksState]]]] = {
    events.StreakCustomerEnrolled: enrolled,
    events.StreakCustomerUnenrolled: unenrolled,
    events.StreakStarted: started,
    events.StreakEnded: ended,
    events.StreakLevelAchieved: level_achieved,
    events.StreakLevelLost: level_lost,
    **targets.REDUCERS,
    **badges.REDUCERS,
}


def _each(state: StreaksState, entries: tuple[events.StreakEntry, ...], step: _TakeStep) -> Outcome[StreaksState]:
    """Take one step per entry, in order, and publish what each step says."""
    streaks = dict(state.streaks)
    derived: list[DerivedBody] = []
    for entry in entries:
        key = streak_key(entry.target_group_id, entry.target_period_id, entry.streak_name)
        before = streaks.get(key)
        after, kinds = step(before, entry)
        if after.streak_id is None and entry.streak_id is not None:
            after = replace(after, streak_id=entry.streak_id)
        streaks[key] = after
        derived.extend(_derived(kind, entry, before, after) for kind in kinds)
    return Applied(replace(state, streaks=streaks), tuple(derived))


def _derived(kind: steps.Kind, entry: events.StreakEntry, before: Streak | None, after: Streak) -> DerivedBody:
    """Return the derived event of one entry, with the streak as it is after the step."""
    return kind(
        streak_name=entry.streak_name,
        streak_id=after.streak_id,
        target_group_id=entry.target_group_id,
        target_period_id=entry.target_period_id,
        from_state=None if before is None else before.state,
        to_state=after.state,
        value=after.value,
        level=entry.level,
    )
