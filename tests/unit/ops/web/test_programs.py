from decimal import Decimal
from http import HTTPStatus

import pytest

from loyalty_stream.ops.web.programs import ProgramPages
from loyalty_stream.pipeline.internal import TOTALS, TotalsState, internal_row
from loyalty_stream.pipeline.table import encode_row

Row = tuple[bytes, bytes]
DAY = "2027-01-31"


class FakeTables:
    """Rows of the partitions that a worker holds."""

    def __init__(self, held: dict[int, list[Row]]) -> None:
        self._held = held

    def committed_rows(self, prefix: bytes) -> dict[int, list[Row]]:
        return {partition: [row for row in rows if row[0].startswith(prefix)] for partition, rows in self._held.items()}


def totals(program: str, active: int) -> Row:
    state = TotalsState(program, "points", Decimal(active), accounts=1)
    return f"totals|capillary:71:{program}|points".encode(), encode_row(internal_row(TOTALS, state))


def test_a_worker_with_all_partitions_tells_the_whole() -> None:
    pages = ProgramPages(FakeTables({0: [totals("9", 5)], 1: [totals("9", 7), totals("8", 1)]}), 2)
    status, body, _ = pages.liability("capillary:71:9", DAY)
    assert status is HTTPStatus.OK
    assert (body["currencies"][0]["active"], body["on"]) == ("12", DAY)
    assert (body["partitions"], body["complete"]) == ({"held": [0, 1], "of": 2}, True)
    assert "note" not in body


def test_a_worker_with_some_partitions_says_that_it_tells_a_part() -> None:
    _, body, _ = ProgramPages(FakeTables({1: [totals("9", 7)]}), 2).liability("capillary:71:9", DAY)
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
    answer = ProgramPages(FakeTables(held), 1).liability(program, on)
    assert answer.status is status
    assert answer.body["status"] == status.value
    assert answer.body["detail"]


def test_programmes_are_listed_once_with_their_pages() -> None:
    pages = ProgramPages(FakeTables({0: [totals("9", 5)], 1: [totals("9", 7), totals("a b", 1)]}), 2)
    status, body, _ = pages.listed()
    assert status is HTTPStatus.OK
    assert body["programs"] == [
        {"program": "capillary:71:9", "liability": "/v1/programs/capillary:71:9/liability"},
        {"program": "capillary:71:a b", "liability": "/v1/programs/capillary:71:a%20b/liability"},
    ]
