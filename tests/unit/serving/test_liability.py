from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from msgspec import Struct

from loyalty_stream.domains.customers.derived import KeptTotal
from loyalty_stream.pipeline.internal import (
    EXPIRING,
    KEPT,
    MEMBERS,
    TOTALS,
    ExpiringState,
    KeptState,
    MembersState,
    TotalsState,
    internal_row,
)
from loyalty_stream.pipeline.table import encode_row
from loyalty_stream.pipeline.totals import Program
from loyalty_stream.serving.liability import MalformedProgramError, liability, parse_program, prefixes

PROGRAM = Program("capillary", "71", "9")
TODAY = date(2027, 1, 31)
Rows = list[tuple[bytes, bytes]]


def encoded(kind: str, name: str, state: Struct) -> tuple[bytes, bytes]:
    return f"{kind}|{name}".encode(), encode_row(internal_row(kind, state))


def totals(active: str, program: str = "9", currency: str = "points", **more: object) -> tuple[bytes, bytes]:
    given: dict[str, object] = {"pending": Decimal(0), "lifetime": Decimal(0), "accounts": 1, **more}
    return encoded(
        TOTALS,
        f"capillary:71:{program}|{currency}",
        TotalsState(program, currency, Decimal(active), **given),  # type: ignore[arg-type]  # the fields of the struct
    )


def expiring(month: str, amounts: Mapping[int, str]) -> tuple[bytes, bytes]:
    held = {day: Decimal(amount) for day, amount in amounts.items()}
    return encoded(EXPIRING, f"capillary:71:9|points|{month}", ExpiringState("9", "points", month, held))


def told(rows: Rows) -> dict[str, object]:
    picture = liability(PROGRAM, rows, TODAY)
    assert picture is not None
    [purse] = picture["currencies"]
    found: dict[str, object] = purse
    return found


def test_the_partitions_of_a_programme_are_added_up() -> None:
    moved = {"issued": Decimal(100), "converted": Decimal(5), "redeemed": Decimal(-40), "expired": Decimal(-10)}
    purse = told([totals("60.5", moved=moved, drifting=1), totals("-5.5", accounts=2, moved={"adjusted": Decimal(-5)})])
    assert (purse["active"], purse["accounts"], purse["drifting_accounts"]) == ("55", 3, 1)
    assert (purse["issued"], purse["redeemed"], purse["expired"]) == ("105", "40", "10")
    assert purse["moved"] == {
        "adjusted": "-5",
        "converted": "5",
        "expired": "-10",
        "issued": "100",
        "redeemed": "-40",
    }


def test_sums_beyond_the_digits_of_one_balance_are_exact() -> None:
    large = "99999999999999999.999999999"
    assert told([totals(large)] * 1_001)["active"] == "100099999999999999999.999998999"


def test_what_expires_is_told_from_the_day_on_that_day_included() -> None:
    rows = [
        totals("0"),
        expiring("2026-12", {31: "1"}),
        expiring("2027-01", {30: "2", 31: "4"}),
        expiring("2027-02", {7: "8", 8: "16"}),
        expiring("2027-03", {2: "32", 3: "64"}),
        expiring("2027-05", {1: "128", 2: "256"}),
    ]
    assert told(rows)["expiring"] == {
        "overdue": "3",
        "within_7_days": "12",
        "within_30_days": "60",
        "within_90_days": "252",
        "by_month": {"2027-01": "4", "2027-02": "24", "2027-03": "96", "2027-05": "384"},
    }


@pytest.mark.parametrize("day", [date.min, date.max])
def test_any_day_may_be_asked_for(day: date) -> None:
    assert liability(PROGRAM, [totals("1"), expiring("2027-01", {1: "1"})], day) is not None


def test_the_value_is_by_the_ratio_that_was_stated_last_on_any_partition() -> None:
    rows = [
        totals("100", ratio=Decimal("0.5"), ratio_at=2),
        totals("20", pending=Decimal(4), ratio=Decimal(9), ratio_at=1),
    ]
    assert told(rows)["value"] == {"active": "60", "pending": "2", "ratio": "0.5", "stated_at": 2}
    assert told([totals("100")])["value"] is None


def test_what_erased_customers_held_stands_beside_the_outstanding() -> None:
    kept = KeptState(
        {
            "9|points": KeptTotal("9", "points", Decimal(7), Decimal(1), Decimal(30)),
            "8|points": KeptTotal("8", "points", Decimal(1000), Decimal(0), Decimal(0)),
        }
    )
    purse = told([totals("5"), encoded(KEPT, "capillary:71", kept), encoded(KEPT, "capillary:712", kept)])
    assert purse["active"] == "5"
    assert purse["erased"] == {"active": "7", "pending": "1", "lifetime": "30"}


def test_rows_of_other_programmes_and_currencies_are_kept_apart() -> None:
    rows = [totals("5"), totals("6", currency="miles"), totals("100", program="91"), totals("200", program="9|x")]
    picture = liability(PROGRAM, rows, TODAY)
    assert picture is not None
    assert {each["currency"]: each["active"] for each in picture["currencies"]} == {"points": "5", "miles": "6"}


def test_members_are_counted_by_tier() -> None:
    one, other = (
        encoded(MEMBERS, "capillary:71:9", MembersState("9", tiers)) for tiers in ({"1": 5, "2": 1}, {"1": 2})
    )
    picture = liability(PROGRAM, [one, other], TODAY)
    assert picture is not None
    assert (picture["tiers"], picture["currencies"]) == ({"1": 7, "2": 1}, [])


def test_a_programme_of_which_no_row_tells_is_unknown() -> None:
    assert liability(PROGRAM, [totals("5", program="8")], TODAY) is None


def test_a_programme_is_named_by_three_parts_of_which_the_last_may_hold_colons() -> None:
    assert parse_program("capillary:71:a:b") == Program("capillary", "71", "a:b")
    for text in ("capillary:71", "capillary::9", ""):
        with pytest.raises(MalformedProgramError, match="vendor:org_id:program_id"):
            parse_program(text)


def test_every_row_that_tells_of_a_programme_begins_with_one_of_its_prefixes() -> None:
    keys = [key for key, _ in (totals("1"), expiring("2027-01", {1: "1"}))]
    keys += [b"members|capillary:71:9", b"kept|capillary:71"]
    assert all(any(key.startswith(prefix) for prefix in prefixes(PROGRAM)) for key in keys)
