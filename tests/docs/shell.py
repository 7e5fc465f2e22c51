"""Run the commands of a page as its reader would."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from tests.kafka.client import unique
from tests.kafka.settings import free_ports


class Shell:
    """Run lines of a page, on a broker and under names of their own."""

    def __init__(self, broker: str, folder: Path, **settings: str) -> None:
        self.app_id = unique("page")
        [port] = free_ports(1)
        self._folder = folder
        self._env = os.environ | {
            "LOYALTY_BOOTSTRAP_SERVERS": broker,
            "LOYALTY_APP_ID": self.app_id,
            "LOYALTY_TOPIC_PREFIX": f"{self.app_id}.",
            "LOYALTY_HTTP_PORT": str(port),
            **{f"LOYALTY_{name}": value for name, value in settings.items()},
        }
        self._background: list[subprocess.Popen[bytes]] = []

    def start(self, line: str) -> None:
        log = (self._folder / "background.log").open("wb")
        self._background.append(
            subprocess.Popen(self._command(line), env=self._env, cwd=self._folder, stdout=log, stderr=log)
        )

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        command = self._command(line)
        return subprocess.run(command, env=self._env, cwd=self._folder, capture_output=True, text=True, check=False)

    def until(self, line: str, wanted: str, seconds_max: float = 60) -> str:
        deadline = time.monotonic() + seconds_max
        while wanted not in (output := self.run(line).stdout) and time.monotonic() < deadline:
            time.sleep(0.5)
        return output

    def stop(self) -> None:
        for process in self._background:
            process.terminate()
            process.wait(30)

    @staticmethod
    def _command(line: str) -> list[str]:
        words = shlex.split(line, comments=True)
        assert words[0] == "loyalty-stream"
        return [sys.executable, "-m", "loyalty_stream", *words[1:]]
