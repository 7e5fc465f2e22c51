"""Instants as tests write them, and the zones that they are tried in."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

# Whole hours, half hours, none, a change of half an hour, changes at midnight, and a day that never was.
ZONES = (
    "UTC",
    "Europe/Warsaw",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",
    "Pacific/Apia",
)
zones = st.sampled_from(ZONES)


def ms(text: str) -> int:
    """Return the milliseconds since the epoch of an instant that is written with its offset."""
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def instants(first: str = "2010-01-01T00:00Z", last: str = "2040-01-01T00:00Z") -> st.SearchStrategy[int]:
    """Return instants of a time, many of them at the full hour and a millisecond from it, where zones change."""
    first_hour, last_hour = ms(first) // 3_600_000, ms(last) // 3_600_000
    hours = st.integers(first_hour, last_hour).map(lambda hour: hour * 3_600_000)
    borders = st.builds(lambda hour, off: hour + off, hours, st.sampled_from((-1, 0, 1)))
    return st.one_of(st.integers(ms(first), ms(last)), borders)
