"""Recurring windows of activity: which one an instant lies in, and when the next border is.

The windows are [start + n x interval, the same + duration). Each is counted from the campaign's start, never from the
window before, so that `P1M` from 31 January begins on 28 February and on 31 March. Where windows overlap or touch, the
campaign just goes on. Source: validity_timeframe in Voucherify's campaign object ("P2D will be active every other
day"); "The validity window starts based on the campaign start time" (https://docs.voucherify.io/optimize/time-limits).
"""

from bisect import bisect_right
from datetime import date, tzinfo
from functools import lru_cache
from typing import Final

from msgspec import Struct

from loyalty_stream.domains.campaigns.schedule import ValidityTimeframe
from loyalty_stream.model.durations import DAY_MS, Duration
from loyalty_stream.model.instants import plus

CYCLE_MONTHS: Final = 400 * 12  # after so many, the calendar repeats itself
# How many windows in a row may touch before a gap is taken never to come. Windows of days and hours that do not cover
# their interval leave one with the first or second of them. Only where months are involved does it depend on lengths of
# months and years, and as many windows as a cycle has months have seen them all.
TOUCHING_MAX: Final = CYCLE_MONTHS


class Windows(Struct, frozen=True):
    """The windows of one timeframe in one zone, counted from 0."""

    timeframe: ValidityTimeframe
    starts_at_ms: int
    zone: tzinfo

    def start(self, number: int) -> int:
        """Return the instant, in milliseconds, at which a window starts."""
        return plus(self.starts_at_ms, self.timeframe.interval, self.zone, number)

    def end(self, number: int) -> int:
        """Return the instant, in milliseconds, at which a window has ended."""
        return plus(self.start(number), self.timeframe.duration, self.zone)

    def begun(self, at_ms: int) -> int:
        """Return the number of the window that began last, not before the first."""
        shortest_ms, _ = nominal_ms(self.timeframe.interval)
        # A zone's offsets are less than two days apart, so that no interval of its calendar ends sooner than that.
        after = (at_ms - self.starts_at_ms + 2 * DAY_MS) // shortest_ms + 1
        return bisect_right(range(max(after, 1)), at_ms, lo=1, key=self.start) - 1

    def is_open(self, at_ms: int) -> bool:
        """Return whether an instant lies in a window."""
        return at_ms >= self.starts_at_ms and (self.cover() or at_ms < self.end(self.begun(at_ms)))

    def next_border(self, at_ms: int, until_ms: int) -> int:
        """Return the next instant, in milliseconds, at which a window opens or closes, if it is before another one.

        Without one it is an instant not before `until_ms`. Takes a few dozen steps at most, but for windows of months
        that touch for years.
        """
        if not self.timeframe.duration or self.cover():
            return until_ms
        number = self.begun(at_ms)
        if at_ms >= self.end(number):
            return self.start(number + 1)
        for touching in range(number, number + TOUCHING_MAX):
            next_ms, end_ms = self.start(touching + 1), self.end(touching)
            if end_ms < next_ms:
                return end_ms
            if next_ms >= until_ms:
                break
        return until_ms

    def cover(self) -> bool:
        """Return whether the windows leave no gap, a day being 24 hours for this question.

        Else `PT24H` every `P1D` would close for an hour in autumn, which nobody means who writes it.
        """
        shortest_ms, _ = nominal_ms(self.timeframe.duration)
        _, longest_ms = nominal_ms(self.timeframe.interval)
        return shortest_ms >= longest_ms


@lru_cache(maxsize=1024)
def nominal_ms(duration: Duration) -> tuple[int, int]:
    """Return how long a duration is at least and at most, in milliseconds, if each day has 24 hours."""
    fixed_ms = duration.days * DAY_MS + duration.milliseconds
    if not duration.months:
        return fixed_ms, fixed_ms
    firsts = [date(1 + month // 12, 1 + month % 12, 1).toordinal() for month in range(CYCLE_MONTHS + duration.months)]
    days = [later - first for first, later in zip(firsts, firsts[duration.months :], strict=False)]
    return min(days) * DAY_MS + fixed_ms, max(days) * DAY_MS + fixed_ms
