"""Merge two customers' tiers.

Which tier the survivor holds afterwards is the vendor's to say, and it says only the number: the summary's tier is
adopted, with the end date that it had with either of the two. A later event than the merge, of either, knows better;
what the summary says then is drift. Where the summary says nothing, the survivor's own tier stays, and what only the
victim held is taken over. A merge brings the points of both together, so a change goes up unless both tiers are numbers
and the new one is the lower.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from typing import Final

from msgspec.structs import replace

from loyalty_stream.domains.tiers import derived as out
from loyalty_stream.domains.tiers.reduce import drift_between
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.events import CanonicalEvent, DerivedBody
from loyalty_stream.model.merge import CustomerMerge, MergeRules, known
from loyalty_stream.model.outcome import Applied

_Decided = tuple[Membership, tuple[DerivedBody, ...]]

_UNKNOWN: Final = Membership(tier=None)


def leave(victim: TiersState, _event: CanonicalEvent, _merge: CustomerMerge) -> tuple[DerivedBody, ...]:
    """Tell of each tier that the victim holds no more."""
    return tuple(
        out.TierChanged(program_id, "left", membership.tier, None, None)
        for program_id, membership in victim.programs.items()
        if membership.tier is not None
    )


def absorb(
    survivor: TiersState, victim: TiersState, event: CanonicalEvent, merge: CustomerMerge
) -> Applied[TiersState]:
    """Decide on the tier of each programme that the vendor names or the victim knows; the others stay as they are."""
    stated = {summary.program_id: summary.tier for summary in merge.summaries if summary.tier is not None}
    programs = dict(survivor.programs)
    derived: list[DerivedBody] = []
    for program_id in dict.fromkeys([*victim.programs, *stated]):
        ours, theirs = survivor.programs.get(program_id, _UNKNOWN), victim.programs.get(program_id, _UNKNOWN)
        tier = stated.get(program_id)
        if tier is not None:
            drift, after = _adopted(program_id, tier, (ours, theirs), event.occurred_at)
        else:
            drift, after = (), _undecided(ours, theirs, event.occurred_at)
        programs[program_id] = after
        derived += [*drift, *_told(program_id, ours, after)]
    return Applied(TiersState(programs), tuple(derived))


def count(state: TiersState) -> int:
    """Return how many memberships there are."""
    return len(state.programs)


MERGE_RULES: Final = MergeRules(leave=leave, absorb=absorb, count=count)


def _adopted(
    program_id: str, tier: str, sides: tuple[Membership, Membership], at: int
) -> tuple[tuple[out.TierDriftDetected, ...], Membership]:
    """Return the membership with the tier that the vendor states, unless a later event has told another since."""
    newest = max(sides, key=lambda side: side.changed_at)  # the survivor's of two that are equally new
    merged_at = _merged_at(sides, at)
    if newest.changed_at > at:
        later = replace(newest, reported_tier=None, merged_at=merged_at)
        return drift_between(program_id, newest.tier, tier), later
    ours, theirs = (side if side.tier == tier else _UNKNOWN for side in sides)
    return (), Membership(
        tier,
        known(ours.expires_on, theirs.expires_on),
        changed_at=at,
        merged_at=merged_at,
        computed_expires_on=known(ours.computed_expires_on, theirs.computed_expires_on),
    )


def _undecided(ours: Membership, theirs: Membership, at: int) -> Membership:
    """Return the survivor's own membership, or the victim's where the survivor holds no tier."""
    if ours.tier is None:
        # What was reported of it stands under the victim's key only. Nothing was decided, so late events still count.
        return replace(theirs, reported_tier=None, merged_at=max(ours.merged_at, theirs.merged_at))
    if theirs.tier is None:
        return ours
    merged_at = _merged_at((ours, theirs), at)
    if theirs.tier != ours.tier:
        return replace(ours, merged_at=merged_at)
    computed = known(ours.computed_expires_on, theirs.computed_expires_on)
    expires_on = known(ours.expires_on, theirs.expires_on)
    return replace(ours, expires_on=expires_on, merged_at=merged_at, computed_expires_on=computed)


def _merged_at(sides: tuple[Membership, Membership], at: int) -> int:
    return max(at, *(side.merged_at for side in sides))


def _told(program_id: str, before: Membership, after: Membership) -> tuple[DerivedBody, ...]:
    """Return what the survivor's key tells of one programme; an end date that only the victim knew is a renewal."""
    if after.tier != before.tier:
        direction = _direction(before.tier, after.tier)
        return (out.TierChanged(program_id, direction, before.tier, after.tier, after.expires_on),)
    if after.tier is None or after.expires_on == before.expires_on:
        return ()
    return (out.TierRenewed(program_id, after.tier, after.expires_on),)


def _direction(before: str | None, after: str | None) -> out.Direction:
    if before is None:
        return "joined"
    if after is None:
        return "left"
    from_number, to_number = _number(before), _number(after)
    lower = from_number is not None and to_number is not None and to_number < from_number
    return "down" if lower else "up"


def _number(tier: str) -> int | None:
    try:
        return int(tier)
    except ValueError:
        return None
