"""The store writes a batch at a time and lets go of its databases."""
# ruff: noqa: ANN401 - stands in for inner objects of Faust and aiokafka, which have no usable types

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import rocksdict
from faust.types import TP

from loyalty_stream.runtime import table
from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.failure import PositionGapError
from loyalty_stream.runtime.table import PartitionLostError, Store

CHANGELOG = TP("app-state-changelog", 0)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store: Any = object.__new__(Store)
    store._dbs = {}
    store.app = SimpleNamespace(batches=SimpleNamespace(changelog_start=lambda _tp: 0))
    store.partition_path = lambda partition: tmp_path / f"{partition}.db"
    return store


def message(start: int, end: int, *rows: tuple[Any, bytes | None]) -> Any:
    records: Any = [SimpleNamespace(key=key, value=value) for key, value in rows]
    return SimpleNamespace(message=SimpleNamespace(tp=CHANGELOG, value=Batch(CHANGELOG, start, end, records)))


def test_rows_and_their_offset_are_written_together(store: Any) -> None:
    store._db_for_partition(0)
    store.write(0, {b"a": b"1", b"b": b"2"}, 17)
    store.write(0, {b"a": None}, 21)
    assert store.read(0, b"a") is None
    assert store.read(0, b"b") == b"2"
    assert store.persisted_offset(CHANGELOG) == 21


def test_keys_are_found_by_what_they_begin_with(store: Any) -> None:
    store._db_for_partition(0)
    store.write(0, {b"due|b": b"2", b"due|a": b"1", b"du": b"0", b"due}": b"3", b"due|c": b"4"}, 17)
    store.write(0, {b"due|c": None}, 18)
    assert list(store.keys_of(0, b"due|")) == [b"due|a", b"due|b"]
    assert list(store.keys_of(0, b"due|", b"due|a")) == [b"due|b"]
    assert list(store.keys_of(0, b"due|", b"due|b")) == []
    assert list(store.keys_of(0, b"x")) == []
    with pytest.raises(PartitionLostError):
        list(store.keys_of(1, b"due|"))


def test_what_each_partition_takes_is_told_while_it_is_here(store: Any) -> None:
    database = store._db_for_partition(0)
    store._db_for_partition(1)
    store.write(0, {bytes([place]): bytes(10_000) for place in range(100)}, 1)
    sizes = store.sizes()
    assert set(sizes) == {0, 1}
    assert sizes[0].memtable > 1_000_000 > sizes[1].memtable
    assert sizes[0].disk == 0
    database.flush()
    assert store.sizes()[0].disk > 0


def test_recovery_writes_whole_batches_with_tombstones(store: Any) -> None:
    store.apply_changelog_batch([message(0, 9, (b"a", b"1"), (b"b", b"2")), message(9, 13, (b"a", None))], None, None)
    assert store.read(0, b"a") is None
    assert store.read(0, b"b") == b"2"
    assert store.persisted_offset(CHANGELOG) == 12


def test_a_failure_in_recovery_ends_the_process(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust logs a warning and goes on without the rows."""
    ended: list[BaseException] = []
    monkeypatch.setattr(table, "end_process", lambda error, _where: ended.append(error))
    store.apply_changelog_batch([message(0, 9, ("not bytes", b"1"))], None, None)
    assert len(ended) == 1


def test_a_gap_in_recovery_ends_the_process(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust clears its queues when it resumes, whatever is in them."""
    ended: list[BaseException] = []
    monkeypatch.setattr(table, "end_process", lambda error, _where: ended.append(error))
    store.apply_changelog_batch([message(0, 5, (b"a", b"1")), message(6, 9, (b"a", b"2"))], None, None)
    assert isinstance(ended[0], PositionGapError)


def test_recovery_may_start_behind_what_the_broker_has_deleted(store: Any) -> None:
    store.app.batches.changelog_start = lambda _tp: 100
    store.apply_changelog_batch([message(100, 103, (b"a", b"1")), message(103, 104)], None, None)
    assert store.read(0, b"a") == b"1"


def test_a_revoked_partition_is_closed(store: Any, tmp_path: Path) -> None:
    """Stock Faust drops the reference and keeps the lock: 'lock hold by current process'."""
    store._db_for_partition(0)
    owner = SimpleNamespace(changelog_topic=SimpleNamespace(topics=[CHANGELOG.topic]))
    store.revoke_partitions(owner, {CHANGELOG, TP("raw", 0)})
    rocksdict.Rdict(str(tmp_path / "0.db"), options=table._options()).close()
    with pytest.raises(PartitionLostError):
        store.read(0, b"a")


def test_stop_commits_before_it_closes(store: Any) -> None:
    """On SIGTERM Faust closes its tables before its transactions."""
    database = store._db_for_partition(0)

    async def shut() -> None:
        store.write(0, {b"a": b"1"}, 1)

    store.app.lanes = SimpleNamespace(shut=shut)
    asyncio.run(store.stop())
    with pytest.raises(rocksdict.DbClosedError):
        database.get(b"a")
