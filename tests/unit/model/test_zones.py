from datetime import datetime, timedelta

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.zones import ZoneError, zone_named


@pytest.mark.parametrize(
    ("name", "hours"), [("UTC", 0), ("Europe/Warsaw", 1), ("Etc/GMT+1", -1), ("America/Argentina/Ushuaia", -3)]
)
def test_a_zone_is_found_by_its_name(name: str, hours: int) -> None:
    assert datetime(2026, 1, 1, tzinfo=zone_named(name)).utcoffset() == timedelta(hours=hours)


def test_a_zone_knows_its_name() -> None:
    assert str(zone_named("Asia/Kolkata")) == "Asia/Kolkata"


@pytest.mark.parametrize(
    "name",
    ["", "Europe", "Europe/Nowhere", "europe warsaw", "../zones", "Europe/../UTC", "/etc/localtime", "leapseconds"],
)
def test_what_names_no_zone_is_refused_without_repeating_it(name: str) -> None:
    with pytest.raises(ZoneError) as refused:
        zone_named(name)
    assert refused.value.reason is DeadLetterReason.WRONG_TYPE
    assert not name or name not in str(refused.value)


def test_no_zone_comes_from_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    zone_named.cache_clear()
    assert datetime(2026, 7, 1, tzinfo=zone_named("Europe/Warsaw")).utcoffset() == timedelta(hours=2)
