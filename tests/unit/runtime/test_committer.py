"""A group is committed whole: what the broker has acknowledged and not written is written anew."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest
from faust.types import TP

from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime import committer
from loyalty_stream.runtime.committer import KafkaCommitter
from loyalty_stream.runtime.delivery import RecordsLostError
from loyalty_stream.runtime.lanes import Group, Rows

ROWS: Rows = {b"a": b"1", b"b": b"2", b"c": None}


class Placed(int):
    """A delivered record."""

    def offset(self) -> int | None:
        return None if self < 0 else int(self)


Note: TypeAlias = Callable[[None, Placed], None]


class Broker:
    """Stands where the producer is: acknowledges all, and loses one record in each of some transactions."""

    def __init__(self, losing: Sequence[bytes]) -> None:
        self.losing = list(losing)
        self.lost: bytes | None = None
        self.open: list[tuple[str, bytes]] = []
        self.committed: list[tuple[str, bytes]] = []
        self.aborted = 0
        self.answers: list[tuple[Note, Placed]] = []

    def begin_transaction(self) -> None:
        self.open = []
        self.lost = self.losing.pop(0) if self.losing else None

    def produce(self, topic: str, _value: bytes, key: bytes, _partition: int, note: Note, **_headers: object) -> None:
        self.answers.append((note, Placed(-1 if key == self.lost else 100 + len(self.open))))
        if key != self.lost:
            self.open.append((topic, key))

    def produce_batch(self, topic: str, records: list[dict[str, bytes]], partition: int, note: Note) -> int:
        for record in records:
            self.produce(topic, record["value"], record["key"], partition, note)
        return len(records)

    def flush(self, _timeout: float) -> int:
        for note, placed in self.answers:
            note(None, placed)
        self.answers = []
        return 0

    def commit_transaction(self, _timeout: float) -> None:
        self.committed += self.open

    def abort_transaction(self, _timeout: float) -> None:
        self.aborted += 1

    def init_transactions(self, _timeout: float) -> None: ...

    def send_offsets_to_transaction(self, _offsets: object, _metadata: object, _timeout: float) -> None: ...


class Store:
    """What was written, and for which changelog offset."""

    def __init__(self) -> None:
        self.written: list[tuple[int, Rows, int]] = []

    def write(self, partition: int, rows: Rows, offset: int) -> None:
        self.written.append((partition, rows, offset))


def group() -> Group:
    made = Group()
    made.messages = [Message("events", key, b"value", None, None) for key in (b"x", b"y")]
    made.rows = ROWS
    made.offsets = {TP("raw", 3): (10, "")}
    return made


def made(broker: Broker, store: Store, monkeypatch: pytest.MonkeyPatch) -> KafkaCommitter:
    monkeypatch.setattr(committer, "Producer", lambda _config, **_logger: broker)
    return KafkaCommitter({}, 3, "changelog", store, None)


WHOLE = [("events", b"x"), ("events", b"y"), ("changelog", b"a"), ("changelog", b"b"), ("changelog", b"c")]


@pytest.mark.parametrize("lost", [b"x", b"a", b"c"])
def test_a_transaction_of_which_a_record_is_lost_is_written_anew(lost: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    broker, store = Broker([lost, lost]), Store()
    made(broker, store, monkeypatch).commit(group())
    assert (broker.committed, broker.aborted) == (WHOLE, 2)
    assert store.written == [(3, ROWS, 105)]


def test_nothing_is_committed_where_records_are_lost_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    broker, store = Broker([b"b"] * 9), Store()
    with pytest.raises(RecordsLostError, match="1 records were acknowledged but not written"):
        made(broker, store, monkeypatch).commit(group())
    assert (broker.committed, store.written) == ([], [])
