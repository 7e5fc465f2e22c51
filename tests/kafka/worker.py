"""Run workers against a broker, and treat them badly."""

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

from tests.kafka import process
from tests.kafka.client import wait_until
from tests.kafka.settings import free_ports


class Worker:
    """One `loyalty-stream worker` process with data and log of its own in `folder`.

    Further settings are given as they are named in the environment, without `LOYALTY_` and in lower case.
    """

    def __init__(self, folder: Path, bootstrap_servers: str, app_id: str, **settings: str | float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        [self.http_port] = free_ports(1)
        self.log = folder / "worker.log"
        named: dict[str, str | float] = {
            "bootstrap_servers": bootstrap_servers,
            "app_id": app_id,
            "data_dir": str(folder / "data"),
            "http_port": self.http_port,
            **settings,
        }
        self._env = os.environ | {f"LOYALTY_{name.upper()}": str(value) for name, value in named.items()}
        self.command: list[str] | None = None
        """What runs instead of the worker of this checkout."""
        self._process: subprocess.Popen[bytes] | None = None

    def exit_code(self) -> int | None:
        """Return the exit code, or None while it runs; negative where a signal ended it."""
        return self._started.poll()

    def start(self) -> None:
        """Start it, for the first time or again on the same data."""
        self._process = process.start(
            self.command or [sys.executable, "-m", "loyalty_stream", "worker"], self.log, self._env
        )

    def wait_ready(self, seconds_max: float = 60) -> None:
        """Wait until it is assigned, recovered and committing.

        Raises:
            AssertionError: It ended, or is not ready in time; the message ends with its log.

        """
        if not wait_until(lambda: self.exit_code() is not None or self._answers_ready(), seconds_max):
            raise AssertionError(f"not ready within {seconds_max} s. Log:\n{process.tail(self.log)}")
        if self.exit_code() is not None:
            raise AssertionError(f"ended with exit code {self.exit_code()}. Log:\n{process.tail(self.log)}")

    def stop(self) -> int:
        """End it as an operator does (SIGTERM) and return its exit code."""
        return process.stop(self._started)

    def kill(self) -> None:
        """End it without notice (SIGKILL); nothing to do where it never ran."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Stop its clock (SIGSTOP): to the group it looks dead."""
        self._started.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT), not knowing that time has passed."""
        self._started.send_signal(signal.SIGCONT)

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise AssertionError("start() the worker first")
        return self._process

    def _answers_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.http_port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
