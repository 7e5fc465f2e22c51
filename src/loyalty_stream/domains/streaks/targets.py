"""Reduce target events to targets.

Progress is what the vendor states, absolute, and so is whether a target is met: a target of 3,000 may count as achieved
in a group of 5,000, and one at 14 of 1 goes on, so nothing is computed anew. What is older than the last word, by the
vendor's time, changes nothing. A target is told to be met, not met or closed once, when it turns.
Source: target* and unified* in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.streaks import derived, events
from loyalty_stream.domains.streaks.state import StreaksState, Target, target_key
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied, Outcome

TARGETS_MAX: Final = 256  # of one customer; the longest unchanged one is forgotten first
CLOSED_MAX: Final = 64  # of those, the closed ones

_Kind = type[derived.TargetTold]
_Step = tuple[Target, _Kind | None]
_TakeStep = Callable[[Target | None, events.TargetEntry, int], _Step]


def enrolled(state: StreaksState, event: CanonicalEvent, body: events.TargetCustomerEnrolled) -> Outcome[StreaksState]:
    """Open each target named, unless it is known already."""
    return _each(state, event, body.entries, _enrol)


def period_started(
    state: StreaksState, event: CanonicalEvent, body: events.TargetPeriodStarted
) -> Outcome[StreaksState]:
    """Open each target named, unless it is known already."""
    return _each(state, event, body.entries, _open)


def value_updated(state: StreaksState, event: CanonicalEvent, body: events.TargetValueUpdated) -> Outcome[StreaksState]:
    """Take over the progress and the goal of each target named."""
    return _each(state, event, body.entries, _progress)


def value_achieved(
    state: StreaksState, event: CanonicalEvent, body: events.TargetValueAchieved
) -> Outcome[StreaksState]:
    """Note that each target named is met."""
    return _each(state, event, body.entries, _achieve)


def group_achieved(
    state: StreaksState, event: CanonicalEvent, body: events.TargetGroupAchieved
) -> Outcome[StreaksState]:
    """Note that each target that the vendor counts into the group is met."""
    return _each(state, event, body.entries, _achieve)


def group_unachieved(
    state: StreaksState, event: CanonicalEvent, body: events.TargetGroupUnachieved
) -> Outcome[StreaksState]:
    """Note that each target that the vendor counts into the group is not met."""
    return _each(state, event, body.entries, _lose)


def period_completed(
    state: StreaksState, event: CanonicalEvent, body: events.TargetPeriodCompleted
) -> Outcome[StreaksState]:
    """Close each target named."""
    return _each(state, event, body.entries, _close)


REDUCERS: Final[dict[type[EventBody], Callable[[StreaksState, CanonicalEvent, Never], Outcome[StreaksState]]]] = {
    events.TargetCustomerEnrolled: enrolled,
    events.TargetPeriodStarted: period_started,
    events.TargetValueUpdated: value_updated,
    events.TargetValueAchieved: value_achieved,
    events.TargetGroupAchieved: group_achieved,
    events.TargetGroupUnachieved: group_unachieved,
    events.TargetPeriodCompleted: period_completed,
}


def bounded(targets: dict[str, Target]) -> dict[str, Target]:
    """Forget the longest unchanged targets beyond what is kept of a customer, of the closed ones first."""
    closed = [key for key, target in targets.items() if target.closed]
    for key in closed[:-CLOSED_MAX]:
        del targets[key]
    for key in list(targets)[:-TARGETS_MAX]:
        del targets[key]
    return targets


def _each(
    state: StreaksState, event: CanonicalEvent, entries: tuple[events.TargetEntry, ...], step: _TakeStep
) -> Outcome[StreaksState]:
    """Take one step per entry, in order, and publish what each step says."""
    targets = dict(state.targets)
    published: list[DerivedBody] = []
    for entry in entries:
        key = target_key(entry.target_period_id, entry.target_id)
        after, kind = step(targets.pop(key, None), entry, event.occurred_at)
        targets[key] = after
        if kind is not None:
            published.append(_told(kind, entry, after))
    return Applied(replace(state, targets=bounded(targets)), tuple(published))


def _enrol(before: Target | None, entry: events.TargetEntry, at: int) -> _Step:
    return _stated(before, entry, at), derived.TargetEnrolled


def _open(before: Target | None, entry: events.TargetEntry, at: int) -> _Step:
    return _stated(before, entry, at), derived.TargetPeriodOpened


def _progress(before: Target | None, entry: events.TargetEntry, at: int) -> _Step:
    after = _stated(before, entry, at)
    stays = before is not None and (before.achieved, before.defined) == (after.achieved, after.defined)
    return after, None if stays and not entry.delta else derived.TargetProgressed


def _achieve(before: Target | None, entry: events.TargetEntry, at: int) -> _Step:
    after = _judged(_stated(before, entry, at), at, met=True)
    turns = after.met is True and (before is None or before.met is not True)
    return after, derived.TargetAchieved if turns else None


def _lose(before: Target | None, entry: events.TargetEntry, at: int) -> _Step:
    after = _judged(_stated(before, entry, at), at, met=False)
    turns = after.met is False and (before is None or before.met is not False)
    return after, derived.TargetUnachieved if turns else None


def _close(before: Target | None, entry: events.TargetEntry, at: int) -> _Step:
    after = replace(_stated(before, entry, at), closed=True)
    return after, None if before is not None and before.closed else derived.TargetPeriodClosed


def _stated(before: Target | None, entry: events.TargetEntry, at: int) -> Target:
    """Return the target with the values stated; from an older event only those that are not known yet."""
    known = before or Target()
    late = at < known.valued_at
    return replace(
        known,
        target_group_id=known.target_group_id or entry.target_group_id,
        achieved=_later(known.achieved, entry.achieved, late=late),
        defined=_later(known.defined, entry.defined, late=late),
        valued_at=known.valued_at if late or entry.achieved is None else at,
    )


def _later(known: Decimal | None, stated: Decimal | None, *, late: bool) -> Decimal | None:
    return known if stated is None or (late and known is not None) else stated


def _judged(target: Target, at: int, *, met: bool) -> Target:
    return target if at < target.judged_at else replace(target, met=met, judged_at=at)


def _told(kind: _Kind, entry: events.TargetEntry, after: Target) -> DerivedBody:
    """Return the derived event of one entry, with the target as it is after the step."""
    return kind(
        target_id=entry.target_id,
        target_group_id=after.target_group_id,
        target_period_id=entry.target_period_id,
        delta=entry.delta,
        achieved=after.achieved,
        defined=after.defined,
    )
