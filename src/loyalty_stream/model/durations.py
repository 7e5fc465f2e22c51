"""ISO 8601 durations as vendors write them: `P3M`, `P24D`, `P1Y`, `P2W`, `PT1H`, `P1DT12H`.

A year is always twelve months and a week seven days; a month is no number of days and, where clocks change, a day no
number of hours. So a duration has three parts that are never converted into each other. `model.instants` adds them.
Source: ISO 8601-1:2019, 5.5.2; weeks beside other units as in ISO 8601-2:2019.
"""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from loyalty_stream.model.reasons import DeadLetterReason

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS  # a day's nominal length; a real one differs where clocks change

MONTHS_MAX: Final = 12 * 1_000
DAYS_MAX: Final = 366 * 1_000
MILLISECONDS_MAX: Final = DAYS_MAX * DAY_MS

_NUMBER: Final = r"[0-9]{1,15}"
_CLOCK_NUMBER: Final = rf"{_NUMBER}(?:[.,][0-9]{{1,15}})?"
_WRITTEN: Final = re.compile(
    rf"P(?=.)(?:(?P<Y>{_NUMBER})Y)?(?:(?P<M>{_NUMBER})M)?(?:(?P<W>{_NUMBER})W)?(?:(?P<D>{_NUMBER})D)?"
    rf"(?:T(?=.)(?:(?P<h>{_CLOCK_NUMBER})H)?(?:(?P<m>{_CLOCK_NUMBER})M)?(?:(?P<s>{_CLOCK_NUMBER})S)?)?"
)
_CLOCK_UNITS_MS: Final = {"h": HOUR_MS, "m": MINUTE_MS, "s": SECOND_MS}


class DurationError(ValueError):
    """Say that a text is no duration that can be added exactly; it names the rule, never the text."""

    reason = DeadLetterReason.WRONG_TYPE


class Duration(Struct, frozen=True, array_like=True, gc=False):
    """A span of time: calendar months, then calendar days, then milliseconds of the clock; none is negative.

    It is true where it is longer than nothing.
    """

    months: int = 0
    days: int = 0
    milliseconds: int = 0

    def __post_init__(self) -> None:
        """Refuse what no calendar holds; raise DurationError."""
        if min(self.months, self.days, self.milliseconds) < 0:
            raise DurationError("a duration must not be negative")
        if self.months > MONTHS_MAX or self.days > DAYS_MAX or self.milliseconds > MILLISECONDS_MAX:
            raise DurationError("a duration must not be longer than a thousand years")

    def __bool__(self) -> bool:
        return bool(self.months or self.days or self.milliseconds)


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> Duration:
    """Return the duration that a text stands for; raise DurationError where it stands for none.

    Letters are capitals, as every vendor writes them. A fraction is taken only of the last clock unit that is given,
    and only if it comes to whole milliseconds: half a month, or half a day, is no certain time.
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise DurationError("not an ISO 8601 duration as P3M, P24D or PT1H, without sign and without part of a day")
    years, months, weeks, days = (int(written[unit] or 0) for unit in "YMWD")
    return Duration(12 * years + months, 7 * weeks + days, _clock_ms(written))


def _clock_ms(written: re.Match[str]) -> int:
    total_ms, fraction_seen = 0, False
    for unit, unit_ms in _CLOCK_UNITS_MS.items():
        if written[unit] is None:
            continue
        if fraction_seen:
            raise DurationError("only the last part of a duration may have a fraction")
        whole, _, fraction = written[unit].replace(",", ".").partition(".")
        part_ms, rest = divmod(int(fraction or 0) * unit_ms, 10 ** len(fraction))
        if rest:
            raise DurationError("a duration is exact to the millisecond")
        total_ms += int(whole) * unit_ms + part_ms
        fraction_seen = bool(fraction)
    return total_ms
