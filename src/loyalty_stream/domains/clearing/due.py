"""When an open transfer falls due: on the first day on which its one leg has waited too long, all of the day."""

from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from typing import Final

from loyalty_stream.domains.clearing.events import TransferWaitEnded
from loyalty_stream.domains.clearing.state import UNMATCHED_AFTER_MS, ClearingState
from loyalty_stream.model.due import Due, DueRule
from loyalty_stream.model.instants import local_day

_DAY: Final = timedelta(days=1)


def dates(state: ClearingState, zone: tzinfo) -> Iterable[Due]:
    """Return the day of each leg that is not reported yet; a transfer belongs to no programme."""
    ends = {leg.observed_at + UNMATCHED_AFTER_MS for leg in state.open.values() if not leg.reported}
    return (("", local_day(end, zone) + _DAY) for end in ends)


def fact(_program_id: str, day: date, _days_ahead: int, _zone: tzinfo) -> TransferWaitEnded:
    """Return the fact that the wait is over."""
    return TransferWaitEnded(day)


DUE: Final = DueRule(dates, (0,), fact, late=True)
