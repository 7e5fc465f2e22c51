"""Reduce badge events to badges.

An earn is told once. The limits' counts are the vendor's, and of the whole programme at the level BADGE: the newest
ones, by the vendor's time, replace ours. Source: badgeEarned in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.streaks import derived, events
from loyalty_stream.domains.streaks.state import Badge, StreaksState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome

BADGES_MAX: Final = 256  # of one customer; the longest unearned one is forgotten first
EARNS_MAX: Final = 16  # the newest earns of a badge that are known again


def earned(state: StreaksState, event: CanonicalEvent, body: events.BadgeEarned) -> Outcome[StreaksState]:
    """Count an earn of a badge, unless it is one of those known."""
    badges = dict(state.badges)
    known = badges.pop(body.badge_id, Badge())
    badge = _counted(known, event, body)
    published: tuple[derived.BadgeEarned, ...] = ()
    if body.earn_id not in known.earn_ids:
        badge = replace(
            badge,
            earns=known.earns + 1,
            earn_ids=(*known.earn_ids[-EARNS_MAX + 1 :], body.earn_id),
            earned_on=max((moment for moment in (known.earned_on, body.earned_on) if moment is not None), default=None),
        )
        published = (derived.BadgeEarned(body.badge_id, body.earn_id, body.earned_on, body.constraints),)
    badges[body.badge_id] = badge
    return Applied(replace(state, badges=bounded(badges)), published)


def bounded(badges: dict[str, Badge]) -> dict[str, Badge]:
    """Forget the longest unearned badges beyond what is kept of a customer."""
    for badge_id in list(badges)[:-BADGES_MAX]:
        del badges[badge_id]
    return badges


def _counted(known: Badge, event: CanonicalEvent, body: events.BadgeEarned) -> Badge:
    if event.occurred_at < known.counted_at:
        return known
    return replace(known, constraints=body.constraints, counted_at=event.occurred_at)


REDUCERS: Final[dict[type[EventBody], Callable[[StreaksState, CanonicalEvent, Never], Outcome[StreaksState]]]] = {
    events.BadgeEarned: earned,
}
