"""A file is imported exactly once, whatever is killed: each row of it is one committed record of the raw topic."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from confluent_kafka import KafkaException

from loyalty_stream.model.keys import partition_of
from loyalty_stream.sources.open_loyalty.row import COLUMNS
from tests.delivery.stream import PARTITIONS, Stream
from tests.kafka import process
from tests.kafka.client import Record, wait_until

ROWS: Final = 20_000
VERSIONS: Final = 10
"""Every so many rows there is a second version of the row before."""

pytestmark = pytest.mark.slow


def a_row(number: int) -> dict[str, str]:
    context = json.dumps({"member": {"email": f"member.{number}@example.com"}, "note": 'so "it" is,\nand'}, indent=1)
    again = number % VERSIONS == 0 and number > 0
    return dict.fromkeys(COLUMNS, "") | {
        "campaignExecutionId": f"x-{number - again}",
        "tenantId": f"t-{number % 3 if not again else (number - 1) % 3}",
        "campaignId": f"c-{number % 40}",
        "contextData": context,
        "updatedAt": f"2024-03-05 {10 + again}:15:02",
        "executionStatus": ("success", "skipped", "failed")[number % 3],
        "customerId": f"m-{number % 500}",
    }


EXPECTED: Final = [a_row(number) for number in range(ROWS)]


def written(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Ended(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    said: str

    @property
    def file(self) -> Any:  # noqa: ANN401 - a JSON document
        [file] = json.loads(self.said)["files"]
        return file


class Importer:
    """Somebody who imports files into a stream's raw topic, in small transactions."""

    def __init__(self, stream: Stream, folder: Path) -> None:
        self.topic = stream.config.raw_topic("open_loyalty")
        self.folder = folder
        self._stream = stream
        self._running: list[subprocess.Popen[bytes]] = []
        self.env = os.environ | {
            "LOYALTY_BOOTSTRAP_SERVERS": stream.broker,
            "LOYALTY_APP_ID": stream.app_id,
            "LOYALTY_TOPIC_PREFIX": stream.config.topic_prefix,
            "LOYALTY_TRANSACTION_RECORDS_MAX": "250",
        }

    def file(self, content: bytes, name: str = "campaigns_executions_2024_03_06.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def run(self, file: Path, *options: str) -> Ended:
        done = subprocess.run(
            self._command(file, *options), env=self.env, capture_output=True, text=True, check=False, timeout=120
        )
        return Ended(done.returncode, done.stdout if done.returncode < 2 and done.stdout else done.stderr)

    def start(self, file: Path) -> subprocess.Popen[bytes]:
        self._running.append(process.start(self._command(file), self.folder / "import.log", self.env))
        return self._running[-1]

    def killed_at(self, file: Path, share: float) -> int:
        """Import a file until a share of all rows is written, kill the process and return its exit code."""
        running = self.start(file)
        assert wait_until(lambda: self.written() > ROWS * share, 60)
        running.kill()
        return running.wait()

    def written(self) -> int:
        """Return how many offsets of the raw topic are taken, committed or not."""
        try:
            return self._stream.end(self.topic)
        except KafkaException:  # the topic is new, and not yet known everywhere
            return 0

    def records(self) -> list[Record]:
        return self._stream.read(self.topic)

    def rows(self) -> list[Any]:
        return [json.loads(record.value or b"") for record in self.records()]

    def close(self) -> None:
        for running in self._running:
            running.kill()
            running.wait()

    @staticmethod
    def _command(file: Path, *options: str) -> list[str]:
        return [sys.executable, "-m", "loyalty_stream", "import", "open-loyalty", str(file), "--json", *options]


@pytest.fixture
def importer(stream: Stream, tmp_path: Path) -> Iterator[Importer]:
    importer = Importer(stream, tmp_path)
    yield importer
    importer.close()


def counted(rows: list[Any]) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True) for row in rows)


def test_an_import_killed_twice_amid_the_file_publishes_each_row_exactly_once(importer: Importer) -> None:
    file = importer.file(written(EXPECTED))
    for share in (0.2, 0.5):
        assert importer.killed_at(file, share) == -signal.SIGKILL
        assert 0 < len(importer.records()) < ROWS
    done = importer.run(file)
    assert (done.code, done.file["whole"]["rows"]) == (0, ROWS)
    assert 0 < done.file["rows"] < ROWS
    assert counted(importer.rows()) == counted(EXPECTED)

    again = importer.run(file)
    assert (again.code, again.file["done_before"], again.file["rows"]) == (0, True, 0)
    assert len(importer.records()) == ROWS


def test_versions_of_an_execution_keep_their_order_on_the_partition_of_its_key(importer: Importer) -> None:
    importer.run(importer.file(written(EXPECTED[:1_000])))
    records = importer.records()
    for record in records:
        row = json.loads(record.value or b"")
        assert record.key == f"open_loyalty:{row['tenantId']}:execution/{row['campaignExecutionId']}".encode()
        assert record.partition == partition_of(record.key, PARTITIONS)
    updates: dict[bytes | None, list[str]] = {}
    for record in records:
        updates.setdefault(record.key, []).append(json.loads(record.value or b"")["updatedAt"])
    assert all(times == sorted(times) for times in updates.values())
    assert max(map(len, updates.values())) == 2


@pytest.mark.long
def test_a_gzip_file_gives_what_the_plain_one_gives_and_resumes_too(importer: Importer) -> None:
    file = importer.file(gzip.compress(written(EXPECTED)), "named_like_a_plain_one.csv")
    importer.killed_at(file, 0.3)
    done = importer.run(file)
    assert 0 < done.file["rows"] < ROWS
    assert counted(importer.rows()) == counted(EXPECTED)


@pytest.mark.long
def test_a_second_import_of_the_same_file_takes_over_from_the_first(importer: Importer) -> None:
    file = importer.file(written(EXPECTED))
    first = importer.start(file)
    assert wait_until(lambda: importer.written() > ROWS * 0.1, 60)
    first.send_signal(signal.SIGSTOP)
    done = importer.run(file)
    first.send_signal(signal.SIGCONT)
    assert first.wait(60) == 1
    assert "another import of the same file" in (importer.folder / "import.log").read_text()
    assert 0 < done.file["rows"] < ROWS
    assert counted(importer.rows()) == counted(EXPECTED)


def test_a_file_that_is_done_is_imported_again_where_that_is_asked_for(importer: Importer) -> None:
    file = importer.file(written(EXPECTED[:100]))
    importer.run(file)
    again = importer.run(file, "--again")
    assert (again.code, again.file["rows"], again.file["done_before"]) == (0, 100, False)
    assert counted(importer.rows()) == counted(EXPECTED[:100] * 2)


def test_rows_that_are_not_well_formed_are_published_as_they_are_and_too_large_ones_left_out(
    importer: Importer,
) -> None:
    head, *lines = written(EXPECTED[:1]).split(b"\r\n", 1)
    good = written([EXPECTED[1], EXPECTED[2]]).split(b"\r\n", 1)[1]
    huge = written([EXPECTED[3] | {"contextData": 'a "line"\n' * 2_500_000}]).split(b"\r\n", 1)[1]
    broken = b'x-1,"t"-1,too,few\r\n'
    done = importer.run(importer.file(b"\r\n".join([head, *lines]) + broken + huge + good))
    assert done.code == 1
    whole = done.file["whole"]
    assert (whole["rows"], whole["malformed"], whole["too_large"]) == (5, 1, 1)
    first_lines = 1 + lines[0].count(b"\n") + 1
    assert done.file["lines"] == [first_lines, first_lines + 1]
    [letter] = [record for record in importer.records() if record.headers]
    assert (letter.key, letter.value) == (None, broken)
    assert letter.headers == (("loyalty_import_line", b"%d" % first_lines),)
    assert len(importer.records()) == 4


def test_a_quotation_that_is_never_closed_ends_the_import_with_its_line(importer: Importer) -> None:
    content = written(EXPECTED[:1]) + b'x-1,"' + b"line\n" * 4_000_000
    done = importer.run(importer.file(content))
    assert done.code == 1
    line = written(EXPECTED[:1]).count(b"\n") + 1
    assert f"the row at line {line} is not closed up to the file's end" in done.said
    assert importer.records() == []


@pytest.mark.long
def test_what_was_imported_twice_causes_derived_events_once(importer: Importer, stream: Stream) -> None:
    rows = EXPECTED[:2_000]
    file = importer.file(written(rows))
    importer.run(file)
    importer.run(file, "--again")
    stream.worker()
    assert wait_until(lambda: stream.consumed(importer.topic) == 2 * len(rows), 60)
    ended = stream.tally(importer.topic)
    versions = len(rows)
    assert (ended.applied, ended.duplicate, ended.dead_lettered) == (versions, versions, 0)
    told = stream.read(stream.config.derived_topic("campaigns"))
    assert len(told) == versions
    assert not stream.read(stream.canonical)  # the import's keys are those of the rows' own partitions


def test_missing_topics_and_columns_are_named_with_what_to_do(importer: Importer) -> None:
    no_status = importer.run(importer.file(b"campaignExecutionId,tenantId,campaignId,updatedAt\r\n"))
    assert no_status.code == 1
    assert "no column executionStatus" in no_status.said
    importer.env["LOYALTY_TOPIC_PREFIX"] = "nowhere."
    no_topic = importer.run(importer.file(written(EXPECTED[:1])))
    assert no_topic.code == 1
    assert "no topic nowhere.raw.open_loyalty and no nowhere.imports" in no_topic.said
    assert "loyalty-stream topics apply" in no_topic.said
