"""Import a file: its rows onto the raw topic, each exactly once, from wherever the last import of it ended."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from confluent_kafka.admin import ConfigResource, ResourceType
from msgspec import Struct

from loyalty_stream.ops.imports import open_loyalty
from loyalty_stream.ops.imports.csv_rows import Row, RowReader
from loyalty_stream.ops.imports.errors import ImportFailedError
from loyalty_stream.ops.imports.files import OpenFile, open_file
from loyalty_stream.ops.imports.progress import IMPORTS_PARTITION, Progress, imports_topic, read_progress
from loyalty_stream.ops.topics import connect
from loyalty_stream.ops.transactions import Transactions
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime.clients import MESSAGE_BYTES_MAX, client_config
from loyalty_stream.runtime.settings import Settings

TRANSACTION_BYTES_MAX: Final = 8 * 1024 * 1024
TRANSACTION_SECONDS_MAX: Final = 2.0
"""What one transaction holds at most, beside LOYALTY_TRANSACTION_RECORDS_MAX; so long readers do not see it."""
_CLOCK_EVERY: Final = 64  # rows between two looks at the clock
LINE_HEADER: Final = "loyalty_import_line"
"""Of a row that is not well-formed: the number of its first line in its file."""
LINES_TOLD_MAX: Final = 20
_AROUND_BYTES: Final = 4096  # what a batch of one record needs beside its key and value
_TIMEOUT_SECONDS: Final = 15.0


class Imported(Struct, kw_only=True):
    """What came of a file: of this import's `rows` some were malformed, some too large; `whole` is all imports' of it.

    `lines` names the first line of each of the first of those. `done_before` is true where the file had been imported
    to its end before, and nothing was done.
    """

    file: str
    identity: str
    size_bytes: int
    rows: int
    malformed: int
    too_large: int
    lines: list[int]
    dropped_columns: list[str]
    whole: Progress
    done_before: bool
    seconds: float


def import_file(
    settings: Settings, path: Path, *, again: bool = False, on_read: Callable[[int, int], None] = lambda *_: None
) -> Imported:
    """Import a file and return what came of it; `on_read` hears how many of its bytes are read, after each transaction.

    One that was imported to its end is not imported once more unless `again` says so; one that was not goes on.

    Raises:
        ImportFailedError: It cannot be imported, or not to its end; what is committed stays. TransactionsError and
            UnsettledTopicError likewise, where the broker is the reason.

    """
    started = time.monotonic()
    topic = settings.raw_topic(open_loyalty.DIALECT)
    record_bytes_max = _record_bytes_max(settings, topic)
    with open_file(path) as opened:
        rows = RowReader(opened.content, row_bytes_max=record_bytes_max, position=opened.skip_mark())
        head = _head(rows)
        owner = f"{settings.app_id}-import-{opened.identity}"
        with closing(Transactions(settings, owner, "import of the same file")) as transactions:
            begun = read_progress(settings, opened.identity) or Progress()  # no earlier import commits any more
            nothing_left = begun.finished and not again
            begun = Progress() if begun.finished and again else begun
            convert = open_loyalty.to_record(head, settings.partition_by)
            work = _Work(settings, transactions, opened.identity, convert, record_bytes_max)
            work.go_on(begun)
            if not nothing_left:
                work.run(opened, rows, on_read)
    done = work.progress
    return Imported(
        file=str(path),
        identity=opened.identity,
        size_bytes=opened.size_bytes,
        rows=done.rows - begun.rows,
        malformed=done.malformed - begun.malformed,
        too_large=done.too_large - begun.too_large,
        lines=work.lines,
        dropped_columns=list(head.dropped),
        whole=done,
        done_before=nothing_left,
        seconds=time.monotonic() - started,
    )


def _head(rows: RowReader) -> open_loyalty.Head:
    first = next(iter(rows), None)
    if first is None:
        raise ImportFailedError("the file is empty: its first line must name the columns")
    if first.cells is None:
        raise ImportFailedError("the file's first line is not well-formed: it must name the columns, in UTF-8")
    return open_loyalty.read_head(first.cells)


class _Work:
    """What is done for each row, and how far it is."""

    def __init__(
        self,
        settings: Settings,
        transactions: Transactions,
        identity: str,
        convert: open_loyalty.Convert,
        record_bytes_max: int,
    ) -> None:
        self.progress = Progress()
        self.lines: list[int] = []
        self._topic, self._imports = settings.raw_topic(open_loyalty.DIALECT), imports_topic(settings)
        self._identity = identity.encode()
        self._transaction_rows_max = settings.transaction_records_max
        self._transactions = transactions
        self._convert = convert
        self._record_bytes_max = record_bytes_max
        self._rows = self._malformed = self._too_large = 0

    def go_on(self, begun: Progress) -> None:
        """Begin behind what is imported."""
        self.progress = begun
        self._rows, self._malformed, self._too_large = begun.rows, begun.malformed, begun.too_large

    def run(self, opened: OpenFile, rows: RowReader, on_read: Callable[[int, int], None]) -> None:
        """Take each row from where the progress stands, one transaction after the other."""
        at = self.progress
        if at.position:
            opened.content.seek(at.position)  # what is compressed is read up to there
            rows = RowReader(opened.content, row_bytes_max=self._record_bytes_max, position=at.position, line=at.line)
        while not self._take_transaction(rows):
            self._commit(rows, finished=False)
            on_read(opened.read_bytes, opened.size_bytes)
        opened.check()
        self._commit(rows, finished=True)
        on_read(opened.size_bytes, opened.size_bytes)

    def _take_transaction(self, rows: RowReader) -> bool:
        """Publish the rows of one transaction; return whether the file is at its end."""
        rows_left, bytes_left = self._transaction_rows_max, TRANSACTION_BYTES_MAX
        until = time.monotonic() + TRANSACTION_SECONDS_MAX
        for row in rows:
            bytes_left -= self._take(row, rows)
            rows_left -= 1
            if rows_left <= 0 or bytes_left <= 0 or (rows_left % _CLOCK_EVERY == 0 and time.monotonic() > until):
                return False
        return True

    def _take(self, row: Row, rows: RowReader) -> int:
        """Publish a row and return its size in bytes; one that is not well-formed as its own bytes."""
        self._rows += 1
        record = None if row.cells is None else self._convert(row.cells)
        key, value = record or (None, rows.raw())
        if row.too_large or len(key or b"") + len(value) > self._record_bytes_max:
            if rows.is_unclosed:
                raise ImportFailedError(
                    f"a quotation that begins in the row at line {row.line} is not closed up to the file's end: no row "
                    "behind can be told. Mend or fetch the file, and import it then; what came of it does no harm"
                )
            self._too_large += 1
            self._tell(row.line)
            return 0
        if record is None:
            self._malformed += 1
            self._tell(row.line)
        headers: list[tuple[str, bytes | None]] | None = [(LINE_HEADER, b"%d" % row.line)] if record is None else None
        self._transactions.publish(Message(self._topic, key, value, headers))
        return len(value)

    def _tell(self, line: int) -> None:
        if len(self.lines) < LINES_TOLD_MAX:
            self.lines.append(line)

    def _commit(self, rows: RowReader, *, finished: bool) -> None:
        progress = Progress(rows.position, rows.line, self._rows, self._malformed, self._too_large, finished)
        place = Message(self._imports, self._identity, progress.dump(), partition=IMPORTS_PARTITION)
        self._transactions.publish(place)
        self._transactions.commit()
        self.progress = progress


def _record_bytes_max(settings: Settings, topic: str) -> int:
    """Return how large key and value of a record may be, by the raw topic's setting; see that the topics exist."""
    admin = connect(client_config(settings))
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    missing = [name for name in (topic, imports_topic(settings)) if name not in known]
    if missing:
        raise ImportFailedError(
            f"there is no topic {' and no '.join(missing)} on {settings.bootstrap_servers}. "
            "Create it: loyalty-stream topics apply"
        )
    resource = ConfigResource(ResourceType.TOPIC, topic)
    answer = admin.describe_configs([resource], request_timeout=_TIMEOUT_SECONDS)[resource]
    return min(int(answer.result()["max.message.bytes"].value), MESSAGE_BYTES_MAX) - _AROUND_BYTES
