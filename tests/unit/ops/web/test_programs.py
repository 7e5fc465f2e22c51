import asyncio
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from http import HTTPStatus

import pytest

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.programs import ProgramPages
from loyalty_stream.pipeline.internal import MEMBERS, TOTALS, MembersState, TotalsState, internal_row
from loyalty_stream.pipeline.table import encode_row

Row = tuple[bytes, bytes]
DAY = "2027-01-31"


class FakeTables:
    """Rows of the partitions that a worker holds."""

    def __init__(self, held: dict[int, list[Row]]) -> None:
        self._held = held

    def committed_rows(self, prefix: bytes) -> dict[int, list[Row]]:
        return {partition: [row for row in rows if row[0].startswith(prefix)] for partition, rows in self._held.items()}


def listed(held: dict[int, list[Row]], partitions: int) -> Answer:
    with ThreadPoolExecutor(1) as threads:
        return asyncio.run(ProgramPages(FakeTables(held), None, partitions, threads).listed())


def liability(held: dict[int, list[Row]], partitions: int, program: str = "capillary:71:9", on: str = DAY) -> Answer:
    with ThreadPoolExecutor(1) as threads:
        return asyncio.run(ProgramPages(FakeTables(held), None, partitions, threads).liability(program, on))


def totals(program: str, active: int) -> Row:
    state = TotalsState(program, "points", Decimal(active), accounts=1)
    return f"totals|capillary:71:{program}|points".encode(), encode_row(internal_row(TOTALS, state))


def test_a_worker_with_all_partitions_tells_the_whole() -> None:
    status, body, _ = liability({0: [totals("9", 5)], 1: [totals("9", 7), totals("8", 1)]}, 2)
    assert status is HTTPStatus.OK
    assert (body["currencies"][0]["active"], body["on"]) == ("12", DAY)
    assert (body["partitions"], body["complete"]) == ({"held": [0, 1], "of": 2}, True)
    assert body["served"] == {"by": "table", "age_seconds": 0}
    assert "note" not in body


def test_a_worker_with_some_partitions_says_that_it_tells_a_part() -> None:
    _, body, _ = liability({1: [totals("9", 7)]}, 2)
    assert body["currencies"][0]["active"] == "7"
    assert (body["partitions"], body["complete"]) == ({"held": [1], "of": 2}, False)
    assert "add up" in body["note"]


@pytest.mark.parametrize(
    ("held", "program", "on", "status"),
    [
        ({0: [totals("9", 5)]}, "capillary:71:8", DAY, HTTPStatus.NOT_FOUND),
        ({}, "capillary:71:9", DAY, HTTPStatus.SERVICE_UNAVAILABLE),
        ({0: [totals("9", 5)]}, "capillary:71", DAY, HTTPStatus.BAD_REQUEST),
        ({0: [totals("9", 5)]}, "capillary:71:9", "tomorrow", HTTPStatus.BAD_REQUEST),
    ],
    ids=["unknown", "restoring", "malformed", "no_day"],
)
def test_what_cannot_be_told_is_a_problem(
    held: dict[int, list[Row]], program: str, on: str, status: HTTPStatus
) -> None:
    answer = liability(held, 1, program, on)
    assert answer.status is status
    assert answer.body["status"] == status.value
    assert answer.body["detail"]


def test_programmes_are_listed_once_with_what_is_outstanding_and_their_pages() -> None:
    members = encode_row(internal_row(MEMBERS, MembersState("9", {"1": 2, "2": 1})))
    held = {0: [totals("9", 5)], 1: [totals("9", 7), totals("a b", 1), (b"members|capillary:71:9", members)]}
    status, body, _ = listed(held, 2)
    assert status is HTTPStatus.OK
    one, other = body["programs"]
    assert (one["program"], one["liability"]) == ("capillary:71:9", "/v1/programs/capillary:71:9/liability")
    assert (one["currencies"][0]["active"], one["currencies"][0]["accounts"], one["members"]) == ("12", 2, 3)
    assert (other["liability"], other["members"]) == ("/v1/programs/capillary:71:a%20b/liability", 0)
