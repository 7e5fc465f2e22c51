"""Merge two customers' streaks, targets and badges.

A streak that both take part in is the one that came further, with the levels of both, since a level pays once. Of a
target the later word holds, by the vendor's time, for its progress and for whether it is met each by itself. Earns of a
badge add up; one that both know counts once. The vendor's own counts are not added: the next event states them anew.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from heapq import merge as interleave
from typing import Final, TypeVar

from loyalty_stream.domains.streaks import badges, targets
from loyalty_stream.domains.streaks.state import Badge, Streak, StreaksState, Target
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.merge import CustomerMerge, MergeRules, known, leave_silently, united
from loyalty_stream.model.outcome import Applied

T = TypeVar("T")

_RANKS: Final = {"unenrolled": 0, "enrolled": 1, "running": 2, "ended": 2}


def absorb(
    survivor: StreaksState, victim: StreaksState, _event: CanonicalEvent, _merge: CustomerMerge
) -> Applied[StreaksState]:
    """Give the survivor the streaks, targets and badges of both, as many as are kept of one customer."""
    return Applied(
        StreaksState(
            united(survivor.streaks, victim.streaks, _joined_streak),
            targets.bounded(_by_change(survivor.targets, victim.targets, _joined_target, _target_changed_at)),
            badges.bounded(_by_change(survivor.badges, victim.badges, _joined_badge, _badge_changed_at)),
        )
    )


def count(state: StreaksState) -> int:
    """Return how many streaks, targets and badges there are."""
    return len(state.streaks) + len(state.targets) + len(state.badges)


MERGE_RULES: Final = MergeRules(leave=leave_silently, absorb=absorb, count=count)


def _joined_streak(ours: Streak, theirs: Streak) -> Streak:
    """Return the streak that counts, where both do the one of the larger value; the survivor's if they are level."""
    further, other = (theirs, ours) if _progress(theirs) > _progress(ours) else (ours, theirs)
    return Streak(
        further.state,
        known(further.value, other.value),
        tuple(dict.fromkeys([*further.levels, *other.levels])),
        known(further.streak_id, other.streak_id),
    )


def _progress(streak: Streak) -> tuple[int, Decimal, int]:
    """Return how far a streak is; running and ended ones are alike, for a level may still come after the end."""
    value = Decimal(-1) if streak.value is None else streak.value
    return _RANKS[streak.state], value, len(streak.levels)


def _joined_target(ours: Target, theirs: Target) -> Target:
    valued, unvalued = (ours, theirs) if ours.valued_at >= theirs.valued_at else (theirs, ours)
    judged, unjudged = (ours, theirs) if ours.judged_at >= theirs.judged_at else (theirs, ours)
    return Target(
        target_group_id=known(ours.target_group_id, theirs.target_group_id),
        achieved=known(valued.achieved, unvalued.achieved),
        defined=known(valued.defined, unvalued.defined),
        met=known(judged.met, unjudged.met),
        closed=ours.closed or theirs.closed,
        valued_at=valued.valued_at,
        judged_at=judged.judged_at,
    )


def _joined_badge(ours: Badge, theirs: Badge) -> Badge:
    older, newer = sorted((theirs, ours), key=_badge_changed_at)
    earn_ids = tuple(dict.fromkeys([*older.earn_ids, *newer.earn_ids]))
    told_twice = len(older.earn_ids) + len(newer.earn_ids) - len(earn_ids)
    counted = ours if ours.counted_at >= theirs.counted_at else theirs
    return Badge(
        earns=ours.earns + theirs.earns - told_twice,
        earn_ids=earn_ids[-badges.EARNS_MAX :],
        earned_on=max((moment for moment in (ours.earned_on, theirs.earned_on) if moment is not None), default=None),
        constraints=counted.constraints,
        counted_at=counted.counted_at,
    )


def _by_change(
    survivor: Mapping[str, T], victim: Mapping[str, T], join: Callable[[T, T], T], changed_at: Callable[[T], int]
) -> dict[str, T]:
    """Return what either has, the longest unchanged first: each side's own order stays, whatever its times say."""
    both = united(survivor, victim, join)
    sides = ([(name, changed_at(one)) for name, one in side.items()] for side in (victim, survivor))
    newest_last = [name for name, _ in interleave(*sides, key=lambda change: change[1])]
    newest_first = dict.fromkeys(reversed(newest_last))
    return {name: both[name] for name in reversed(newest_first)}


def _target_changed_at(target: Target) -> int:
    return max(target.valued_at, target.judged_at)


def _badge_changed_at(badge: Badge) -> int:
    return badge.counted_at if badge.earned_on is None else badge.earned_on
