"""Terms of tiers make sense whatever the rules, the zone and the instant."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.domains.campaigns.periods import Period, first_day_of_next, last_day
from loyalty_stream.domains.campaigns.tier_expiry import rounded, tier_term
from loyalty_stream.domains.campaigns.tier_expiry_rules import (
    Balance,
    BalanceDrop,
    CalendarRounding,
    Custom,
    MonthRounding,
    PeriodExpiration,
    PeriodStart,
    PointsInPeriod,
)
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.instants import local_day, local_time
from loyalty_stream.model.zones import zone_named
from tests.helpers.instants import instants, zones

extensions = st.builds(
    Duration, months=st.integers(0, 40), days=st.integers(0, 500), milliseconds=st.integers(0, 90_000_000)
)
roundings = st.one_of(
    st.none(),
    st.builds(CalendarRounding, st.sampled_from(Period)),
    st.builds(MonthRounding, st.integers(0, 11)),
)
customs = st.builds(Balance, st.builds(Custom, extensions, roundings))
points = st.builds(
    PointsInPeriod,
    st.sampled_from(Period),
    st.sampled_from(PeriodStart),
    st.sampled_from(PeriodExpiration),
    st.one_of(st.none(), extensions),
)
dated = st.one_of(customs, points)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(dated, instants(), zones)
def test_a_tier_expires_after_it_starts_and_starts_when_it_is_reached_or_later(
    rules: Balance | PointsInPeriod, at_ms: int, zone: str
) -> None:
    term = tier_term(rules, at_ms, zone)
    assert term.expires_at_ms is not None
    assert at_ms <= term.starts_at_ms < term.expires_at_ms


@given(dated, instants(), zones)
def test_a_tier_expires_when_its_last_day_is_over(rules: Balance | PointsInPeriod, at_ms: int, zone: str) -> None:
    term = tier_term(rules, at_ms, zone)
    assert term.expires_at_ms is not None
    assert term.expires_on == local_day(term.expires_at_ms - 1, zone_named(zone))
    assert local_day(term.expires_at_ms, zone_named(zone)) > term.expires_on


@given(dated, instants(), st.integers(0, 400 * 86_400_000), zones)
def test_a_tier_that_is_reached_later_expires_no_sooner(
    rules: Balance | PointsInPeriod, at_ms: int, later_ms: int, zone: str
) -> None:
    term, later = tier_term(rules, at_ms, zone), tier_term(rules, at_ms + later_ms, zone)
    assert term.expires_at_ms is not None
    assert later.expires_at_ms is not None
    assert term.starts_at_ms <= later.starts_at_ms
    assert term.expires_at_ms <= later.expires_at_ms or _clocks_went_back(at_ms, later_ms, zone)


@given(instants(), zones)
def test_a_tier_without_a_date_never_gets_one(at_ms: int, zone: str) -> None:
    term = tier_term(Balance(BalanceDrop()), at_ms, zone)
    assert (term.starts_at_ms, term.expires_at_ms, term.expires_on) == (at_ms, None, None)


@given(days, roundings)
def test_rounding_is_upwards_and_idempotent(day: date, rounding: CalendarRounding | MonthRounding | None) -> None:
    once = rounded(day, rounding)
    assert day <= once <= day + timedelta(days=366)
    assert rounded(once, rounding) == once


@given(days, days, roundings)
def test_rounding_keeps_the_order_of_days(
    one: date, other: date, rounding: CalendarRounding | MonthRounding | None
) -> None:
    assert rounded(min(one, other), rounding) <= rounded(max(one, other), rounding)


@given(days, st.integers(0, 11))
def test_a_particular_month_is_the_next_of_its_name(day: date, month: int) -> None:
    end = rounded(day, MonthRounding(month))
    assert end.month == month + 1
    assert (end + timedelta(days=1)).day == 1
    assert end - day < timedelta(days=366)


@given(days, st.sampled_from(Period))
def test_periods_follow_each_other_without_a_gap(day: date, period: Period) -> None:
    assert first_day_of_next(period, day) == last_day(period, day) + timedelta(days=1)
    assert last_day(period, last_day(period, day)) == last_day(period, day)


@given(instants(), st.sampled_from(Period), st.sampled_from(PeriodExpiration), zones)
def test_the_next_start_has_the_end_that_an_immediate_start_in_that_period_has(
    at_ms: int, period: Period, expiration: PeriodExpiration, zone: str
) -> None:
    waiting = tier_term(PointsInPeriod(period, PeriodStart.NEXT_PERIOD, expiration), at_ms, zone)
    rules = PointsInPeriod(period, PeriodStart.IMMEDIATE, expiration)
    assert tier_term(rules, waiting.starts_at_ms, zone) == waiting


def _clocks_went_back(at_ms: int, later_ms: int, zone: str) -> bool:
    """Return whether the later instant has the earlier local time, so that calendar parts lead it less far."""
    named = zone_named(zone)
    return local_time(at_ms + later_ms, named).replace(tzinfo=None) < local_time(at_ms, named).replace(tzinfo=None)
