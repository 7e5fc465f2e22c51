import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from aiohttp import ClientSession

from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.keys import partition_of
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.ops.health import readiness_report
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.customers import customer_answer
from loyalty_stream.ops.web.found import WAIT_SECONDS_MAX, Found
from loyalty_stream.ops.web.lookup import Lookup
from loyalty_stream.ops.web.owner import Owners
from loyalty_stream.pipeline.table import encode_row
from loyalty_stream.runtime.app import Readiness
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.runtime.table import PartitionLostError

KEY = "capillary:71:5"
HOME = partition_of(KEY.encode(), 4)


class FakeTables:
    """Rows of one partition."""

    def __init__(self, rows: dict[bytes, bytes], partition: int = HOME, *, recovered: bool = True) -> None:
        self.rows = rows
        self._partition = partition
        self._recovered = recovered

    def committed_row(self, partition: int, row_key: bytes) -> bytes | None:
        if partition != self._partition or not self._recovered:
            raise PartitionLostError
        return self.rows.get(row_key)

    def committed_offset(self, partition: int) -> int | None:
        assert partition == self._partition
        return 17

    def owner(self, _partition: int) -> str | None:
        return None

    def readiness(self) -> Readiness:
        return Readiness(assigned=True, recovered=self._recovered, committing=True)


def lookup(tables: FakeTables) -> Lookup:
    return Lookup(tables, Owners(ClientSession, None), None, Settings(partitions=4), ThreadPoolExecutor(1))


def answer_of(tables: FakeTables, key: str = KEY, **seqs_min: int) -> Answer:
    found = asyncio.run(lookup(tables).find(key, seqs_min))
    return customer_answer(found) if isinstance(found, Found) else found


def row(seq: int = 2, tier: str = "2") -> bytes:
    return encode_row(Row(ROW_VERSION, seq, b"", TiersState({"8100": Membership(tier)})))


def known() -> FakeTables:
    return FakeTables({f"tiers|{KEY}".encode(): row()})


def test_a_known_customer_is_shown_with_each_seq_and_where_it_is_from() -> None:
    status, body, _ = answer_of(known())
    assert status is HTTPStatus.OK
    assert body["partition"] == HOME
    assert body["tiers"] == {
        "seq": 2,
        "memberships": [{"program_id": "8100", "tier": "2", "expires_on": None, "computed_expires_on": None}],
    }
    assert body["served"] == {"by": "table", "partition": HOME, "offset": 17, "age_seconds": 0.0}


@pytest.mark.parametrize(
    ("tables", "key", "status"),
    [
        (FakeTables({}), KEY, HTTPStatus.NOT_FOUND),
        (FakeTables({}, (HOME + 1) % 4), KEY, HTTPStatus.MISDIRECTED_REQUEST),
        (FakeTables({}), "capillary:71", HTTPStatus.BAD_REQUEST),
        (FakeTables({}, recovered=False), KEY, HTTPStatus.SERVICE_UNAVAILABLE),
    ],
    ids=["unknown", "elsewhere", "malformed", "restoring"],
)
def test_what_cannot_be_told_is_a_problem(tables: FakeTables, key: str, status: HTTPStatus) -> None:
    answer = answer_of(tables, key)
    assert answer.status is status
    assert answer.body["status"] == status.value
    assert answer.body["title"]
    assert answer.body["detail"]


def test_a_partition_of_another_worker_is_named() -> None:
    answer = answer_of(FakeTables({}, (HOME + 1) % 4))
    assert answer.body["partition"] == HOME
    assert f"partition {HOME}" in answer.body["detail"]


def test_the_etag_is_another_once_anything_is_another() -> None:
    tables = known()
    first = answer_of(tables).headers["ETag"]
    assert answer_of(tables).headers["ETag"] == first
    tables.rows[f"tiers|{KEY}".encode()] = row(tier="3")
    assert answer_of(tables).headers["ETag"] != first


def test_a_seq_that_is_asked_for_is_waited_for() -> None:
    tables = known()

    async def asked() -> tuple[Found | Answer, float]:
        begun = time.monotonic()
        asyncio.get_running_loop().call_later(0.2, tables.rows.update, {f"tiers|{KEY}".encode(): row(3)})
        return await lookup(tables).find(KEY, {"tiers": 3}), time.monotonic() - begun

    found, seconds = asyncio.run(asked())
    assert isinstance(found, Found)
    assert found.picture["tiers"]["seq"] == 3
    assert 0.2 <= seconds < WAIT_SECONDS_MAX


def test_a_seq_that_does_not_come_is_waited_for_no_longer_than_said() -> None:
    begun = time.monotonic()
    answer = answer_of(known(), tiers=3)
    assert answer.status is HTTPStatus.GATEWAY_TIMEOUT
    assert answer.body["reached"] == {"tiers": 2}
    assert WAIT_SECONDS_MAX <= time.monotonic() - begun < WAIT_SECONDS_MAX + 1


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
