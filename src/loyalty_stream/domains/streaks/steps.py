"""Take one streak one step further: the streak before and one entry give the streak after and what to publish.

A level pays once: the same level at the same value again is no progress. Whether the value that comes with a lost level
is the one before or after the loss is unverified; it is taken as stated.
Source: streak* in https://docs.capillarytech.com/docs/event-schema-payload; levels and windows in
https://docs.capillarytech.com/docs/faq.
"""

from decimal import Decimal

from msgspec.structs import replace

from loyalty_stream.domains.streaks.derived import StreakBroken, StreakProgressed, StreakStateChanged
from loyalty_stream.domains.streaks.events import StreakEntry
from loyalty_stream.domains.streaks.state import Streak

Kind = type[StreakStateChanged] | type[StreakProgressed] | type[StreakBroken]
Step = tuple[Streak, tuple[Kind, ...]]


def enrol(before: Streak | None, entry: StreakEntry) -> Step:
    """Enrol where nothing is known or the customer had left; a later enrolment of a running or ended streak is late."""
    if before is None:
        return Streak("enrolled", entry.value), (StreakStateChanged,)
    if before.state != "unenrolled":
        return before, ()
    return Streak("enrolled", entry.value, streak_id=before.streak_id), (StreakStateChanged,)


def unenrol(before: Streak | None, entry: StreakEntry) -> Step:
    """Take the customer out, from whichever state."""
    if before is None:
        return Streak("unenrolled", entry.value), (StreakStateChanged,)
    if before.state == "unenrolled":
        return before, ()
    return replace(before, state="unenrolled", value=_value(before, entry)), (StreakStateChanged,)


def start(before: Streak | None, entry: StreakEntry) -> Step:
    """Start at the value stated and without levels; a streak that runs already is not reset."""
    if before is None:
        return Streak("running", entry.value), (StreakStateChanged,)
    if before.state == "running":
        return (replace(before, value=entry.value) if before.value is None else before), ()
    return Streak("running", entry.value, streak_id=before.streak_id), (StreakStateChanged,)


def end(before: Streak | None, entry: StreakEntry) -> Step:
    """End the streak; fewer levels achieved than there are break it as well."""
    if before is not None and before.state == "ended":
        return before, ()
    known = Streak("ended") if before is None else before
    after = replace(known, state="ended", value=_value(known, entry))
    short = (
        entry.levels_total is not None
        and entry.levels_achieved is not None
        and entry.levels_achieved < entry.levels_total
    )
    return after, (StreakStateChanged, StreakBroken) if short else (StreakStateChanged,)


def achieve(before: Streak | None, entry: StreakEntry) -> Step:
    """Add the level; an unknown or enrolled streak is seen to run by it, a closed one is not reopened."""
    known = _running(before)
    new = () if entry.level is None or entry.level in known.levels else (entry.level,)
    after = replace(known, value=_value(known, entry), levels=(*known.levels, *new))
    return after, () if after == before else (StreakProgressed,)


def lose(before: Streak | None, entry: StreakEntry) -> Step:
    """Take the level away; the streak itself goes on."""
    known = _running(before)
    levels = tuple(level for level in known.levels if level != entry.level)
    return replace(known, value=_value(known, entry), levels=levels), (StreakBroken,)


def _running(before: Streak | None) -> Streak:
    """Return the streak as one that runs, unless it is closed: levels are won and lost in a running one only."""
    if before is None:
        return Streak("running")
    return replace(before, state="running") if before.state == "enrolled" else before


def _value(known: Streak, entry: StreakEntry) -> Decimal | None:
    """Return the value stated, else the one known."""
    return known.value if entry.value is None else entry.value
