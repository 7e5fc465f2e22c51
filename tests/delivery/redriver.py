"""Somebody who looks at a stream's dead letters and sends them back."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.delivery.stream import Stream
from tests.kafka import process
from tests.kafka.client import Record, wait_until


class Ended(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        return json.loads(self.out)


class Redriver:
    """Run `loyalty-stream dead-letters` for a stream, in small transactions."""

    def __init__(self, stream: Stream, folder: Path) -> None:
        self._stream = stream
        self.log = folder / "redrive.log"
        self._running: list[subprocess.Popen[bytes]] = []
        self.env = os.environ | {
            "LOYALTY_BOOTSTRAP_SERVERS": stream.broker,
            "LOYALTY_APP_ID": stream.app_id,
            "LOYALTY_TOPIC_PREFIX": stream.config.topic_prefix,
            "LOYALTY_TRANSACTION_RECORDS_MAX": "100",
        }

    def run(self, *words: str) -> Ended:
        command = self._command(*words)
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False, timeout=120)
        return Ended(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str, code: int = 0) -> Any:  # noqa: ANN401 - a JSON document
        done = self.run(*words, "--json")
        assert done.code == code, done
        return done.json

    def lines(self, *words: str) -> list[Any]:
        done = self.run("list", "--each", *words, "--json")
        assert done.code == 0, done.error
        return [json.loads(line) for line in done.out.splitlines()]

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        self._running.append(process.start(self._command(*words), self.log, self.env))
        return self._running[-1]

    def killed_at(self, records: int, *words: str) -> None:
        """Redrive until so many offsets of the raw topic are taken, committed or not, and kill the process."""
        running = self.start("redrive", *words)
        assert wait_until(lambda: self._stream.end(self._stream.raw) > records, 60)
        running.kill()
        assert running.wait() == -signal.SIGKILL

    def sent_back(self) -> list[Record]:
        """Return the committed records of the raw topic that came from dead letters."""
        return [record for record in self._stream.read(self._stream.raw) if "loyalty_redrives" in dict(record.headers)]

    def close(self) -> None:
        for running in self._running:
            running.kill()
            running.wait()

    @staticmethod
    def _command(*words: str) -> list[str]:
        return [sys.executable, "-m", "loyalty_stream", "dead-letters", *words]
