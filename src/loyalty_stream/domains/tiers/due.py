"""When tiers fall due: so many days before a tier's last day."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Final

from loyalty_stream.domains.tiers.events import TierExpiryNeared
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.due import Due, DueRule


def last_day(membership: Membership) -> date | None:
    """Return the last day of a tier that is held: as the vendor said, else as the campaign's rules give it."""
    if membership.tier is None:
        return None
    return membership.computed_expires_on if membership.expires_on is None else membership.expires_on


def dates(state: TiersState, _zone: tzinfo) -> Iterable[Due]:
    """Return the programme and last day of each tier that has one."""
    return (
        (program_id, day)
        for program_id, membership in state.programs.items()
        if (day := last_day(membership)) is not None
    )


def fact(program_id: str, day: date, days_ahead: int, _zone: tzinfo) -> TierExpiryNeared:
    """Return the fact that a tier's end is near."""
    return TierExpiryNeared(program_id, day, days_ahead)


DUE: Final = DueRule(dates, (30, 7, 1), fact)
