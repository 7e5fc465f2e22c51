"""What falls due by our own clock: which dates a state has, and which fact is stated when one of them is near."""

from collections.abc import Callable, Iterable
from datetime import date, tzinfo
from typing import Final, Generic, TypeVar

from msgspec import Struct

from loyalty_stream.model.events import EventBody
from loyalty_stream.model.outcome import Ignored
from loyalty_stream.model.reasons import IgnoredReason

S = TypeVar("S")

Due = tuple[str, date]
"""A programme's id, empty for what belongs to no programme, and the day on which something of it falls due."""

NOTHING_DUE: Final = Ignored(IgnoredReason.NO_EFFECT)
"""What a reducer answers where nothing of the state is due any more: so that nothing is written."""


class DueRule(Struct, Generic[S], frozen=True):
    """How something of one domain falls due.

    `dates(state, zone)` are the dates that a state has in a time zone; one may come several times. `days_ahead` says
    how many days before such a date a fact is stated, and `fact(program_id, day, days_ahead, zone)` is that fact about
    the state's key; what is true of the state then is its reducer's to see. What falls due `late` is stated even where
    its day was missed; else what is over is not stated any more.
    """

    dates: Callable[[S, tzinfo], Iterable[Due]]
    days_ahead: tuple[int, ...]
    fact: Callable[[str, date, int, tzinfo], EventBody]
    late: bool = False
