"""Durations add up in every zone."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.model.durations import Duration, DurationError, parse_duration
from loyalty_stream.model.instants import (
    day_ends_at,
    day_starts_at,
    instant_of,
    local_day,
    local_time,
    next_day_at,
    plus,
)
from loyalty_stream.model.zones import zone_named
from tests.helpers.instants import instants, zones

durations = st.builds(
    Duration, months=st.integers(0, 60), days=st.integers(0, 800), milliseconds=st.integers(0, 100 * 86_400_000)
)


@given(st.text("PTYMWDHS0123456789.,-", max_size=12))
def test_any_text_is_a_duration_or_a_duration_error(text: str) -> None:
    try:
        duration = parse_duration(text)
    except DurationError:
        return
    assert duration == parse_duration(text)


@given(st.integers(0, 500), st.integers(0, 900), st.integers(0, 50), st.integers(0, 999), st.integers(0, 10**9))
def test_a_written_duration_is_read_as_it_is_written(years: int, months: int, weeks: int, days: int, ms: int) -> None:
    text = f"P{years}Y{months}M{weeks}W{days}DT{ms // 1000}.{ms % 1000:03}S"
    assert parse_duration(text) == Duration(12 * years + months, 7 * weeks + days, ms)


@given(instants(), durations, zones)
def test_a_duration_never_leads_back(at_ms: int, duration: Duration, zone: str) -> None:
    later_ms = plus(at_ms, duration, zone_named(zone))
    assert later_ms > at_ms if duration else later_ms == at_ms


@given(instants(), st.integers(0, 10**10), st.integers(0, 10**10), zones)
def test_clock_parts_add_up(at_ms: int, one_ms: int, other_ms: int, zone: str) -> None:
    one, other = Duration(milliseconds=one_ms), Duration(milliseconds=other_ms)
    assert plus(plus(at_ms, one, zone_named(zone)), other, zone_named(zone)) == at_ms + one_ms + other_ms


@given(instants(), st.integers(0, 800), zones)
def test_a_day_more_is_the_next_date_at_the_same_time_where_there_is_one(at_ms: int, days: int, zone: str) -> None:
    named = zone_named(zone)
    before, after = local_time(at_ms, named), local_time(plus(at_ms, Duration(days=days), named), named)
    expected = before.replace(tzinfo=None) + timedelta(days=days)
    assert after.replace(tzinfo=None, fold=0) in {expected.replace(fold=0), _shifted(expected, zone)}


@given(instants(), st.integers(0, 60), zones)
def test_a_month_more_is_the_same_day_of_the_month_or_its_last(at_ms: int, months: int, zone: str) -> None:
    named = zone_named(zone)
    before, after = local_day(at_ms, named), local_day(plus(at_ms, Duration(months=months), named), named)
    assert (after.year - before.year) * 12 + after.month - before.month == months
    in_a_day = local_day(plus(at_ms, Duration(months=months), named) + 86_400_000 + 7_200_000, named)
    assert (
        after.day == before.day or (after.day < before.day and in_a_day.month != after.month) or zone == "Pacific/Apia"
    )


@given(instants(), st.integers(0, 20), durations, zones)
def test_more_times_are_never_sooner(at_ms: int, times: int, duration: Duration, zone: str) -> None:
    named = zone_named(zone)
    assert plus(at_ms, duration, named, times) <= plus(at_ms, duration, named, times + 1)


@given(instants(), zones)
def test_every_instant_lies_in_its_day(at_ms: int, zone: str) -> None:
    named = zone_named(zone)
    day = local_day(at_ms, named)
    assert day_starts_at(day, named) <= at_ms < day_ends_at(day, named)


@given(instants(), zones, st.data())
def test_it_stays_the_same_day_until_the_next_one(at_ms: int, zone: str, data: st.DataObject) -> None:
    named = zone_named(zone)
    next_ms = next_day_at(at_ms, named)
    assert local_day(next_ms, named) != local_day(at_ms, named)
    between_ms = data.draw(st.integers(at_ms, next_ms - 1))
    assert local_day(between_ms, named) == local_day(at_ms, named)
    assert local_day(next_ms - 1, named) == local_day(at_ms, named)


def _shifted(local: datetime, zone: str) -> datetime:
    """Return the local time that stands in for one that does not exist."""
    return local_time(instant_of(local, zone_named(zone)), zone_named(zone)).replace(tzinfo=None, fold=0)
