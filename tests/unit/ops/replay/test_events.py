from typing import Any

import msgspec
from faust.types import TP

from loyalty_stream.ops.replay.events import Covered, Told, Topic, _compare_key
from loyalty_stream.ops.replay.report import Report

COVERED = Covered({TP("raw", 0): 10}, {TP("raw", 0): 20}, whole=True, home=lambda *_: 0)


def event(name: str, partition: int = 0, offset: int = 15, **data: object) -> dict[str, Any]:
    cause = {"topic": "raw", "partition": partition, "offset": offset}
    named = {"id": name, "type": "BalanceChanged", "vendor": "v", "org_id": "o", "key": "v:o:c"}
    return {**named, "seq": 1, "cause": cause, "data": data}


def told(*events: dict[str, Any], place: int = 0) -> list[bytes]:
    return [msgspec.msgpack.encode(Told("derived.points", place, each)) for each in events]


def compared(live: list[bytes], shadow: list[bytes], oldest: dict[Any, Any] | None = None) -> Report:
    report = Report()
    _compare_key((live, shadow), oldest or {}, COVERED, report)
    return report


def test_both_cover_what_lies_between_the_starts_and_the_ends_of_known_partitions() -> None:
    causes = [("raw", 0, offset) for offset in (9, 10, 19, 20)] + [("raw", 1, 15), ("other", 0, 15)]
    held = [COVERED.holds({"topic": topic, "partition": at, "offset": offset}) for topic, at, offset in causes]
    assert held == [False, True, True, False, False, False]


def test_another_order_of_events_that_were_not_re_keyed_is_a_difference() -> None:
    report = compared(told(event("1"), event("2")), told(event("2"), event("1")))
    assert report.kinds == {"derived.points: […].BalanceChanged.another order": 1}


def test_another_order_of_re_keyed_events_is_none() -> None:
    report = compared(told(event("1"), event("2", partition=1)), told(event("2", partition=1), event("1")))
    assert (dict(report.kinds), report.reordered) == ({}, {("derived.points", "v:o:c")})


def test_another_order_of_what_another_key_has_answered_is_none() -> None:
    settled = event("2") | {"type": "PointsTransferSettled"}
    report = compared(told(event("1"), settled), told(settled, event("1")))
    assert (dict(report.kinds), report.reordered) == ({}, {("derived.points", "v:o:c")})


def test_events_that_production_may_have_deleted_are_counted_and_not_compared() -> None:
    oldest = {("derived.points", 0): {TP("raw", 0): 14}}
    kept, gone = event("2", offset=15), event("1", offset=14)
    report = compared(told(kept), told(gone, kept), oldest)
    assert (dict(report.kinds), report.events_not_covered, report.events) == ({}, 1, 1)
    elsewhere = compared(told(kept, place=1), told(gone, kept, place=1), oldest)
    assert elsewhere.kinds.total() == 1


def test_where_both_sides_have_as_many_partitions_a_key_lies_alike_but_of_dead_letters() -> None:
    assert [Topic("derived.points", 4, 4).place(3), Topic("derived.points", 4, 3).place(3)] == [3, -1]
    assert Topic("dead_letters", 4, 4).place(3) == -1
