"""What falls due by the time of the records: when, to whom, and how often."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from loyalty_stream.model.instants import LAST_MS
from loyalty_stream.model.transfer import clearing_id
from loyalty_stream.pipeline import due
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow
from tests.helpers.flow import ONE_PARTITION, Flow, Record, dead_letters_of, keys_of
from tests.helpers.stepped import Stepped
from tests.unit.pipeline.people import (
    CONFIG,
    ORG,
    SURVIVOR,
    VICTIM,
    coupons,
    deletion,
    encoded,
    expired,
    home,
    issued,
    merge,
    of,
    received,
    sent,
)
from tests.unit.sources.capillary.vendor import flat

ALL = replace(ONE_PARTITION, due_dates="all")
ANA, BEN, CLEO = 5001, 5002, 5003
Told = tuple[str, str, Any]


def at(day: str, clock: str = "12:00") -> int:
    """Return the milliseconds of a time of a day, in UTC."""
    return int(datetime.fromisoformat(f"{day}T{clock}+00:00").timestamp() * 1000)


def day_of(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp / 1000, UTC).date().isoformat()


class Calendar:
    """A programme whose records come on days of our choice."""

    def __init__(self, config: PipelineConfig = ALL, flow: Flow | None = None) -> None:
        self.flow = flow or Flow(config)

    def send(self, day: str, event: dict[str, Any], clock: str = "12:00", partition: int = 0) -> None:
        """Process a record of a day."""
        self.flow.raw(encoded(event), timestamp=at(day, clock), partition=partition)

    def pass_day(self, day: str, partition: int = 0) -> None:
        """Process a record that does nothing but to say what day it is."""
        self.flow.raw(b"not an event", timestamp=at(day), partition=partition)

    def told(self, kind: str = "PointsExpiringSoon", data: str = "expires_on") -> list[Told]:
        """Return the day on which each event of a type was told, its customer and one field, in order."""
        events = [json.loads(message.value or b"") for message in self.flow.derived()]
        return [
            (day_of(event["observed_at"]), event["customer_id"], event["data"][data])
            for event in events
            if event["type"] == kind
        ]

    def keys(self, *kinds: str) -> list[str]:
        """Return the keys of all rows of some kinds."""
        return [key for key in self.flow.rows() if key.partition("|")[0] in kinds]


def earned(customer: int, amount: int, expires_on: str | None, event_id: str, program: int = 41) -> dict[str, Any]:
    lots = [{"points": amount, "expiryAt": expires_on}]
    return issued(customer, amount, event_id, regularPointsBreakup=lots, loyaltyProgramId=program)


def spent(customer: int, amount: int, event_id: str) -> dict[str, Any]:
    data = of(customer, totalPointsRedeemed=amount)
    return flat("pointsRedeemed", data, eventId=event_id, orgId=ORG)


def test_expiring_points_are_told_30_days_7_days_and_1_day_ahead() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-03-01", "a"))
    for day in range(1, 62):
        calendar.pass_day((date(2026, 1, 1) + timedelta(day)).isoformat())
    told = [(day, "5001", "2026-03-01") for day in ("2026-01-30", "2026-02-22", "2026-02-28")]
    assert calendar.told() == told
    assert calendar.told(data="amount") == [(day, who, "60") for day, who, _ in told]
    assert calendar.told(data="basis")[0][2] == "lots"


def test_all_lots_of_an_account_that_expire_on_a_date_are_told_in_one_sum() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-01", earned(ANA, 15, "2026-01-09", "b"))
    calendar.send("2026-01-01", earned(ANA, 7, "2026-01-10", "c"))
    calendar.pass_day("2026-01-02")
    assert calendar.told(data="amount") == [("2026-01-02", "5001", "75")]


def test_what_is_spent_or_expired_already_is_not_told() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-01", earned(BEN, 60, "2026-01-09", "b"))
    calendar.send("2026-01-01", earned(CLEO, 60, "2026-01-09", "c"))
    calendar.send("2026-01-01", spent(ANA, 60, "d"))
    calendar.send("2026-01-01", spent(BEN, 50, "e"))
    calendar.send("2026-01-01", expired(CLEO, 60, "f"))
    calendar.pass_day("2026-01-02")
    assert calendar.told(data="amount") == [("2026-01-02", "5002", "10")]


def test_the_record_that_brings_the_day_is_taken_after_what_falls_due() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-02", spent(ANA, 60, "b"))
    assert calendar.told(data="amount") == [("2026-01-02", "5001", "60")]


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """Three customers whose points expire on one day, of which a step looks at two."""
    monkeypatch.setattr(due, "ENTRIES_MAX", 2)
    calendar = Calendar()
    for customer in (ANA, BEN, CLEO):
        calendar.send("2026-01-01", earned(customer, 60, "2026-01-09", f"e-{customer}"))
    return calendar


def rows_of(calendar: Calendar) -> RowCache[AnyRow]:
    table = calendar.flow.tables[0]
    return RowCache(table.get, Processor.decode_row, Processor.encode_row, keys_of(table))


def test_a_day_on_which_much_falls_due_passes_in_steps_and_leaves_its_record_for_the_last(in_steps: Calendar) -> None:
    processor, rows = in_steps.flow.processor, rows_of(in_steps)
    taken = Record(value=encoded(spent(ANA, 60, "s")), timestamp=at("2026-01-02"), offset=7)
    later = Record(value=encoded(spent(BEN, 60, "t")), timestamp=at("2026-01-02"), offset=8)
    first = processor.process_raw("capillary", 0, [taken, later], rows)
    assert (len(first.messages), first.tally.consumed, first.left) == (2, 0, 2)
    rest = processor.process_raw("capillary", 0, [taken, later], rows)
    assert (len(rest.messages), rest.tally.consumed, rest.left) == (3, 2, 0)
    kinds = [dict(message.headers or ())["ce_type"] for message in (*first.messages, *rest.messages)]
    assert kinds == [b"loyalty.PointsExpiringSoon"] * 3 + [b"loyalty.BalanceChanged"] * 2


def test_where_the_record_of_a_day_is_gone_amid_its_steps_another_one_goes_on_and_then_brings_its_own(
    in_steps: Calendar,
) -> None:
    in_steps.send("2026-01-01", earned(ANA, 15, "2026-02-02", "f"))
    rows = rows_of(in_steps)
    gone = Record(value=b"gone", timestamp=at("2026-01-02"), offset=7)
    told = in_steps.flow.processor.process_raw("capillary", 0, [gone], rows).messages
    after = Calendar()
    after.flow.tables[0].update(in_steps.flow.tables[0])
    after.flow.tables[0].update({key: row for key, row in rows.take_written().items() if row is not None})
    after.flow.messages += told
    after.pass_day("2026-01-03")
    assert [(who, day) for _, who, day in after.told()] == [
        ("5001", "2026-01-09"),
        ("5002", "2026-01-09"),
        ("5003", "2026-01-09"),
        ("5001", "2026-02-02"),
    ]


def test_the_first_record_only_sets_the_clock() -> None:
    calendar = Calendar()
    calendar.send("2026-01-02", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-02", earned(BEN, 60, "2026-01-03", "b"))
    assert calendar.told() == []


def test_days_that_were_jumped_let_each_threshold_be_told_once_and_nothing_that_is_over() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-02-15", "a"))
    calendar.send("2026-01-01", earned(BEN, 60, "2026-02-09", "b"))
    calendar.send("2026-01-01", earned(CLEO, 60, "2026-02-10", "c"))
    calendar.pass_day("2026-02-10")
    told = [("2026-02-10", "5003", "2026-02-10")] * 3 + [("2026-02-10", "5001", "2026-02-15")] * 2
    assert calendar.told() == told
    calendar.pass_day("2026-02-14")
    assert calendar.told() == [*told, ("2026-02-14", "5001", "2026-02-15")]


def test_a_record_of_an_earlier_day_turns_no_clock_back() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    for day in ("2026-01-02", "2026-01-01", "2026-01-02"):
        calendar.pass_day(day)
    assert len(calendar.told()) == 1


def test_a_moved_expiry_is_told_by_its_new_date() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    move = {"programId": 41, "points": 60, "oldExpiryDate": "2026-01-09", "newExpiryDate": "2026-01-12"}
    calendar.send("2026-01-01", flat("singlePointsExpiryUpdated", of(ANA, updatedPointsExpiry=[move]), orgId=ORG))
    calendar.pass_day("2026-01-02")
    calendar.pass_day("2026-01-05")
    assert calendar.told() == [("2026-01-05", "5001", "2026-01-12")]


def test_nothing_of_it_changes_a_balance() -> None:
    calendar, quiet = Calendar(), Calendar(ONE_PARTITION)
    for one in (calendar, quiet):
        one.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
        one.pass_day("2026-01-02")
        one.pass_day("2026-03-01")
    key = f"points|capillary:{ORG}:{ANA}"
    assert calendar.flow.rows()[key].state == quiet.flow.rows()[key].state


def test_entries_of_days_that_are_over_are_deleted() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-01", earned(BEN, 60, "2031-01-09", "b"))
    assert len(calendar.keys("due", "due_dates")) == 4
    calendar.pass_day("2026-01-10")
    assert calendar.keys("due") == [f"due|capillary|2031-01-09|points|capillary:{ORG}:{BEN}|41"]
    assert calendar.keys("due_dates") == [f"due_dates|points|capillary:{ORG}:{BEN}"]
    calendar.pass_day("2040-02-01")
    assert calendar.keys("due", "due_dates") == []
    assert calendar.told() == []


def test_the_last_day_of_the_calendar_passes_too() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "9999-12-31", "a"))
    calendar.flow.raw(b"", timestamp=LAST_MS)
    assert [day for _, _, day in calendar.told()] == ["9999-12-31"] * 2


def test_where_it_is_off_no_row_is_kept_and_nothing_told() -> None:
    calendar = Calendar(ONE_PARTITION)
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.pass_day("2026-01-02")
    assert calendar.keys("clock", "due", "due_dates") == []
    assert calendar.told() == []


@pytest.mark.parametrize("named", [f"capillary:{ORG}:41", f"capillary:1:42, capillary:{ORG}:41"])
def test_only_programmes_that_are_named_fall_due(named: str) -> None:
    calendar = Calendar(replace(ALL, due_dates=named))
    for customer, program in ((ANA, 41), (BEN, 42)):
        calendar.send("2026-01-01", earned(customer, 60, "2026-01-09", f"{program}", program))
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "too", 42))
    calendar.pass_day("2026-01-02")
    assert calendar.told(data="program_id") == [("2026-01-02", "5001", "41")]


def test_a_programme_that_is_named_no_longer_is_not_told_though_it_is_indexed() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    later = Calendar(replace(ALL, due_dates="capillary:1:1"))
    later.flow.tables[0].update(calendar.flow.tables[0])
    later.pass_day("2026-01-02")
    assert later.told() == []


def test_what_was_there_before_it_was_switched_on_is_indexed_when_its_row_is_next_written() -> None:
    before = Calendar(ONE_PARTITION)
    before.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar = Calendar()
    calendar.flow.tables[0].update(before.flow.tables[0])
    calendar.send("2026-01-01", earned(ANA, 5, None, "b"))
    calendar.pass_day("2026-01-02")
    assert calendar.told(data="amount") == [("2026-01-02", "5001", "60")]


def test_a_day_ends_by_the_time_zone_of_the_settings() -> None:
    calendar = Calendar(replace(ALL, due_time_zone="Asia/Tokyo"))
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-01", earned(BEN, 1, None, "b"), clock="14:59")
    assert calendar.told() == []
    calendar.send("2026-01-01", earned(BEN, 1, None, "c"), clock="15:00")
    assert len(calendar.told()) == 1


def test_each_vendor_has_a_clock_of_its_own() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.flow.raw(b"", timestamp=at("2026-01-02"), dialect="voucherify")
    assert calendar.told() == []
    assert calendar.keys("clock") == ["clock|capillary", "clock|voucherify"]


def test_an_erased_customer_is_told_nothing_and_leaves_no_entry() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-01", deletion(ANA))
    calendar.pass_day("2026-01-02")
    assert calendar.told() == []
    assert [key for key in calendar.flow.rows() if str(ANA) in key] == []


def test_an_erasure_deletes_entries_where_due_dates_were_switched_off_again() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    off = Calendar(ONE_PARTITION)
    off.flow.tables[0].update(calendar.flow.tables[0])
    off.send("2026-01-01", spent(ANA, 10, "b"))
    off.send("2026-01-01", deletion(ANA))
    assert [key for key in off.flow.rows() if str(ANA) in key] == []


def test_what_a_merged_customer_had_is_told_to_the_survivor_once() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.send("2026-01-01", earned(BEN, 15, "2026-01-09", "b"))
    calendar.send("2026-01-01", merge(ANA, BEN, at=at("2026-01-01")))
    calendar.pass_day("2026-01-02")
    assert calendar.told(data="amount") == [("2026-01-02", "5001", "75")]
    calendar.pass_day("2026-01-08")
    assert calendar.told(data="amount")[1:] == [("2026-01-08", "5001", "75")]


FOUR = replace(CONFIG, due_dates="all")


def on_four_partitions(flow: Flow | None = None) -> Calendar:
    """Return a programme in which survivor and victim live on partitions of their own, with points of one date."""
    calendar = Calendar(FOUR, flow)
    for customer in (SURVIVOR, VICTIM):
        calendar.send("2026-01-01", earned(customer, 10, "2026-01-09", f"{customer}"), partition=home(customer))
    return calendar


def merge_them(calendar: Calendar) -> None:
    calendar.send("2026-01-01", merge(SURVIVOR, VICTIM, at=at("2026-01-01")), partition=home(SURVIVOR))


def test_what_was_told_to_the_victim_is_not_told_again_to_a_survivor_whose_partition_is_behind() -> None:
    calendar = on_four_partitions()
    calendar.pass_day("2026-01-02", home(VICTIM))
    merge_them(calendar)
    calendar.pass_day("2026-01-02", home(SURVIVOR))
    assert calendar.told(data="amount") == [("2026-01-02", str(VICTIM), "10")]


def test_what_the_victims_partition_finds_due_after_the_merge_goes_on_to_the_survivor() -> None:
    calendar = on_four_partitions()
    calendar.send("2026-01-01", spent(SURVIVOR, 10, "s"), partition=home(SURVIVOR))
    calendar.pass_day("2026-01-02", home(SURVIVOR))
    merge_them(calendar)
    calendar.pass_day("2026-01-02", home(VICTIM))
    assert calendar.told(data="amount") == [("2026-01-02", str(SURVIVOR), "10")]


def test_what_falls_due_while_the_victims_state_is_on_its_way_waits_for_it() -> None:
    flow = Stepped(FOUR)
    calendar = on_four_partitions(flow)
    merge_them(calendar)
    calendar.pass_day("2026-01-02", home(SURVIVOR))
    assert calendar.told() == []
    flow.settle()
    assert calendar.told(data="amount") == [("2026-01-02", str(SURVIVOR), "20")]


def test_a_coupon_is_told_7_days_and_1_day_ahead_unless_it_is_used() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", coupon_for(ANA, 1, at("2026-01-20", "18:30")))
    calendar.send("2026-01-01", coupon_for(BEN, 2, at("2026-01-20")))
    calendar.send("2026-01-01", used(BEN, 2))
    for day in range(2, 25):
        calendar.pass_day(f"2026-01-{day:02}")
    told = calendar.told("CouponExpiringSoon", "coupon_id")
    assert told == [("2026-01-13", "5001", "1"), ("2026-01-19", "5001", "1")]
    assert calendar.told("CouponExpiringSoon", "valid_till")[0][2] == at("2026-01-20", "18:30")
    assert b"GIFT" not in b"".join(message.value or b"" for message in calendar.flow.derived())


def test_a_coupon_that_ended_earlier_on_the_day_that_was_jumped_to_is_not_told() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", coupon_for(ANA, 1, at("2026-01-20", "11:00")))
    calendar.send("2026-01-01", coupon_for(BEN, 2, at("2026-01-20", "13:00")))
    calendar.pass_day("2026-01-20")
    assert calendar.told("CouponExpiringSoon", "coupon_id") == [("2026-01-20", "5002", "2")] * 2


def coupon_for(customer: int, number: int, valid_till: int) -> dict[str, Any]:
    event = coupons(f"issue-{number}", customer)
    event["data"]["coupons"][0] |= {"id": number, "code": f"GIFT{number}", "valid_till": valid_till}
    return event


def used(customer: int, number: int) -> dict[str, Any]:
    data = of(customer, coupon={"id": number, "code": f"GIFT{number}", "redemptionId": 1})
    return flat("CouponRedeem", data, eventId=f"use-{number}", orgId=ORG)


def test_a_tier_is_told_by_its_own_last_day() -> None:
    calendar = Calendar()
    data = of(ANA, previousTierNumber=1, upgradedTierNumber=2, tierExpiryDate="2026-01-20")
    calendar.send("2026-01-01", flat("tierUpgraded", data, orgId=ORG))
    for day in range(2, 25):
        calendar.pass_day(f"2026-01-{day:02}")
    assert [day for day, _, _ in calendar.told("TierExpiringSoon", "tier")] == ["2026-01-13", "2026-01-19"]
    assert calendar.told("TierExpiringSoon", "basis")[0] == ("2026-01-13", "5001", "own")


def test_a_leg_of_a_transfer_is_told_once_it_has_waited_a_day_without_another_event() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", sent(ANA, 30, "t1"), clock="18:00")
    calendar.pass_day("2026-01-02")
    assert unmatched(calendar) == []
    calendar.pass_day("2026-01-03")
    calendar.pass_day("2026-01-04")
    assert unmatched(calendar) == ["5001"]
    calendar.send("2026-01-05", received(BEN, 30, "t1"))
    calendar.pass_day("2026-01-09")
    assert unmatched(calendar) == ["5001"]


def test_a_leg_that_another_event_has_reported_is_not_told_by_the_clock_again() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", sent(ANA, 30, "t1"), clock="06:00")
    calendar.send("2026-01-02", sent(BEN, 30, same_place_as("t1")), clock="18:00")
    assert unmatched(calendar) == ["5001"]
    calendar.pass_day("2026-01-03")
    assert unmatched(calendar) == ["5001"]
    calendar.pass_day("2026-01-04")
    assert unmatched(calendar) == ["5001", "5002"]


def test_a_leg_whose_day_was_jumped_is_told_all_the_same() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", sent(ANA, 30, "t1"))
    calendar.pass_day("2027-06-01")
    assert unmatched(calendar) == ["5001"]


def unmatched(calendar: Calendar) -> list[str]:
    """Return who was told of a missing leg."""
    return [who for _, who, _ in calendar.told("PointsTransferUnmatched", "transfer_id")]


def same_place_as(transfer_id: str) -> str:
    """Return another transfer's id whose legs meet at the same place."""
    return next(f"x{n}" for n in range(1_000) if clearing_id(f"x{n}") == clearing_id(transfer_id))


def test_the_cause_is_the_record_that_brought_the_day() -> None:
    calendar = Calendar()
    calendar.send("2026-01-01", earned(ANA, 60, "2026-01-09", "a"))
    calendar.pass_day("2026-01-02")
    [event] = [json.loads(m.value or b"") for m in calendar.flow.derived() if b"ExpiringSoon" in (m.value or b"")]
    place = {"topic": "loyalty.raw.capillary", "partition": 0, "offset": 1}
    assert event["cause"] == {"event_name": "dayPassed", "event_id": None, **place}
    assert len(dead_letters_of(calendar.flow.messages)) == 1  # the record itself, once
