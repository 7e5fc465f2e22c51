"""What the README shows is what a reader gets: its commands are run, its settings are compared with the code."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from loyalty_stream.ops.log import LogSettings
from loyalty_stream.runtime.settings import Settings
from tests.kafka.client import unique
from tests.kafka.settings import free_ports

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
[SHELL_BLOCK] = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def settings_of(*models: type[BaseSettings]) -> dict[str, str]:
    fields = {name: field.default for model in models for name, field in model.model_fields.items()}
    return {name.upper(): "" if default is None else str(default) for name, default in fields.items()}


def test_the_table_of_settings_names_each_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|", README, re.MULTILINE)
    assert dict(rows) == settings_of(Settings, LogSettings)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", README))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named <= targets


@pytest.fixture
def shell(broker: str, tmp_path: Path) -> Iterator["Shell"]:
    running = Shell(broker, tmp_path)
    yield running
    running.stop()


class Shell:
    """Run the README's lines as a reader would, on another broker and under names of their own."""

    def __init__(self, broker: str, folder: Path) -> None:
        app_id = unique("readme")
        [port] = free_ports(1)
        self._folder = folder
        self._env = os.environ | {
            "LOYALTY_BOOTSTRAP_SERVERS": broker,
            "LOYALTY_APP_ID": app_id,
            "LOYALTY_TOPIC_PREFIX": f"{app_id}.",
            "LOYALTY_HTTP_PORT": str(port),
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


def test_the_commands_for_a_kafka_of_ones_own_do_what_they_say(shell: Shell) -> None:
    lines = [line for line in SHELL_BLOCK.splitlines() if line.startswith("loyalty-stream")]
    apply, worker, simulate, status, tail, state = lines
    assert shell.run(apply).returncode == 0
    shell.start(worker)
    assert shell.run(simulate).returncode == 0
    assert "consumed 1000 = applied" in shell.until(status, "consumed 1000 =")
    assert len(shell.run(f"{tail} --no-follow").stdout.splitlines()) == 5
    assert "points" in shell.run(state).stdout
