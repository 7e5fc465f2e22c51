"""When points fall due: so many days before a lot expires."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Final

from loyalty_stream.domains.points.events import PointsExpiryNeared
from loyalty_stream.domains.points.state import PointsState
from loyalty_stream.model.due import Due, DueRule


def dates(state: PointsState, _zone: tzinfo) -> Iterable[Due]:
    """Return the programme and expiry of each lot that has one."""
    return (
        (account.program_id, lot.expires_on)
        for account in state.accounts.values()
        for lot in account.lots
        if lot.expires_on is not None
    )


def fact(program_id: str, day: date, days_ahead: int, _zone: tzinfo) -> PointsExpiryNeared:
    """Return the fact that an expiry is near."""
    return PointsExpiryNeared(program_id, day, days_ahead)


DUE: Final = DueRule(dates, (30, 7, 1), fact)
