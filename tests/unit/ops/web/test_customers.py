from http import HTTPStatus

import pytest

from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.keys import partition_of
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.ops.health import readiness_report
from loyalty_stream.ops.web.customers import CustomerPage
from loyalty_stream.pipeline.table import encode_row
from loyalty_stream.runtime.app import Readiness
from loyalty_stream.runtime.table import PartitionLostError

KEY = "capillary:71:5"
HOME = partition_of(KEY.encode(), 4)


class FakeTables:
    """Rows of one partition."""

    def __init__(self, rows: dict[bytes, bytes], partition: int = HOME) -> None:
        self._rows = rows
        self._partition = partition

    def committed_row(self, partition: int, row_key: bytes) -> bytes | None:
        if partition != self._partition:
            raise PartitionLostError
        return self._rows.get(row_key)


def page(tables: FakeTables) -> CustomerPage:
    return CustomerPage(tables, "{vendor}:{org_id}:{customer_id}", 4)


def known() -> FakeTables:
    row = encode_row(Row(ROW_VERSION, 2, b"", TiersState({"8100": Membership("2")})))
    return FakeTables({f"tiers|{KEY}".encode(): row})


def test_a_known_customer_is_shown_with_each_seq() -> None:
    status, body, _ = page(known()).answer(KEY, restoring=False)
    assert status is HTTPStatus.OK
    assert body["partition"] == HOME
    assert body["tiers"] == {
        "seq": 2,
        "memberships": [{"program_id": "8100", "tier": "2", "expires_on": None, "computed_expires_on": None}],
    }


@pytest.mark.parametrize(
    ("tables", "key", "restoring", "status"),
    [
        (FakeTables({}), KEY, False, HTTPStatus.NOT_FOUND),
        (FakeTables({}, (HOME + 1) % 4), KEY, False, HTTPStatus.MISDIRECTED_REQUEST),
        (FakeTables({}), "capillary:71", False, HTTPStatus.BAD_REQUEST),
        (FakeTables({}), KEY, True, HTTPStatus.SERVICE_UNAVAILABLE),
    ],
    ids=["unknown", "elsewhere", "malformed", "restoring"],
)
def test_what_cannot_be_told_is_a_problem(tables: FakeTables, key: str, restoring: bool, status: HTTPStatus) -> None:  # noqa: FBT001
    answer = page(tables).answer(key, restoring=restoring)
    assert answer.status is status
    assert answer.body["status"] == status.value
    assert answer.body["title"]
    assert answer.body["detail"]


def test_a_partition_of_another_worker_is_named() -> None:
    answer = page(FakeTables({}, (HOME + 1) % 4)).answer(KEY, restoring=False)
    assert answer.body["partition"] == HOME
    assert f"partition {HOME}" in answer.body["detail"]


def test_a_worker_that_does_its_work_is_ready() -> None:
    status, report = readiness_report(Readiness(assigned=True, recovered=True, committing=True))
    assert (status, report["ready"], report["missing"]) == (200, True, None)


@pytest.mark.parametrize(
    ("readiness", "missing"),
    [
        (Readiness(assigned=False, recovered=False, committing=False), "no partitions assigned"),
        (Readiness(assigned=True, recovered=False, committing=False), "being restored"),
        (Readiness(assigned=True, recovered=True, committing=False), "committed offsets"),
    ],
)
def test_a_worker_that_is_not_ready_says_what_is_missing(readiness: Readiness, missing: str) -> None:
    status, report = readiness_report(readiness)
    assert status == 503
    assert missing in report["missing"]
