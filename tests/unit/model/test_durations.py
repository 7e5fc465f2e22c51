import pytest

from loyalty_stream.model.durations import DAY_MS, DAYS_MAX, HOUR_MS, Duration, DurationError, parse_duration
from loyalty_stream.model.reasons import DeadLetterReason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P3M", Duration(months=3)),
        ("P24D", Duration(days=24)),
        ("P1Y", Duration(months=12)),
        ("P1Y6M", Duration(months=18)),
        ("P2W", Duration(days=14)),
        ("P1W2D", Duration(days=9)),
        ("P1M15D", Duration(months=1, days=15)),
        ("PT1H", Duration(milliseconds=HOUR_MS)),
        ("PT90M", Duration(milliseconds=90 * 60_000)),
        ("PT36H", Duration(milliseconds=36 * HOUR_MS)),
        ("P1DT12H", Duration(days=1, milliseconds=12 * HOUR_MS)),
        ("P1Y2M3W4DT5H6M7S", Duration(14, 25, 5 * HOUR_MS + 6 * 60_000 + 7_000)),
        ("P03M", Duration(months=3)),
        ("P1000Y", Duration(months=12_000)),
        (f"P{DAYS_MAX}D", Duration(days=DAYS_MAX)),
    ],
)
def test_a_duration_is_months_days_and_milliseconds(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["P0D", "P0M", "PT0S", "P0Y0M0DT0H0M0.0S"])
def test_nothing_is_a_duration_too(text: str) -> None:
    assert parse_duration(text) == Duration()
    assert not parse_duration(text)


@pytest.mark.parametrize("text", ["P1M", "P1D", "PT0.001S"])
def test_whatever_is_longer_than_nothing_is_true(text: str) -> None:
    assert parse_duration(text)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("PT0.5S", 500), ("PT1,5H", 90 * 60_000), ("PT0.25M", 15_000), ("PT1M0.001S", 60_001), ("PT1.000000S", 1_000)],
)
def test_a_fraction_of_the_clock_is_taken_where_it_is_exact(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == Duration(milliseconds=milliseconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "3M",
        "P3",
        "P3X",
        "p3m",
        "P3m",
        " P3M",
        "P3M\n",
        "P1D1M",
        "PT1D",
        "P1H",
        "P1M/P2M",
        "P0001-02-03T04:05:06",
        "P\u0663M",
        "P" + "9" * 16 + "D",
        "null",
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        parse_duration(text)


@pytest.mark.parametrize("text", ["-P3M", "P-3M", "+P3M", "PT-1H"])
def test_a_sign_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="without sign"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P1.5M", "P0.5D", "P1,5W", "P0.5Y"])
def test_a_part_of_a_day_or_more_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="without part of a day"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["PT0.0001S", "PT0.3333333333H", "PT0.00001M"])
def test_less_than_a_millisecond_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="exact to the millisecond"):
        parse_duration(text)


def test_a_fraction_is_refused_in_front_of_another_part() -> None:
    with pytest.raises(DurationError, match="last part"):
        parse_duration("PT1.5H30M")


@pytest.mark.parametrize("text", ["P1001Y", "P12001M", f"P{DAYS_MAX + 1}D", f"PT{(DAYS_MAX + 1) * 24}H"])
def test_more_than_a_thousand_years_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="thousand years"):
        parse_duration(text)


def test_a_negative_part_is_refused_however_it_is_made() -> None:
    with pytest.raises(DurationError, match="negative"):
        Duration(days=-1, milliseconds=DAY_MS)


def test_an_error_says_the_reason_and_not_the_text() -> None:
    with pytest.raises(DurationError) as refused:
        parse_duration("customer-4711")
    assert refused.value.reason is DeadLetterReason.WRONG_TYPE
    assert "4711" not in str(refused.value)
