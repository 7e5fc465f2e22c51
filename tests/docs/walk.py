"""Do what a page says, as its reader would: run its shell blocks from top to bottom and compare what they print.

A block of `sh` is run in one bash that lives as long as the page; it must succeed. A block of `text` right behind it is
what the reader sees: its lines come in the output in this order, `…` standing for anything. A block of `sh again` may
take a moment: it only looks, and is run again until it shows that.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

ROOT = Path(__file__).parents[2]
_BLOCKS = re.compile(r"^```sh( again)?\n(.*?)^```\n(?:\n?^```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
_AGAIN_SECONDS_MAX = 90.0
_BLOCK_SECONDS_MAX = 240.0
_ELLIPSIS = "…"


class Block(NamedTuple):
    """Commands, and the lines that they show."""

    commands: str
    shows: list[str]
    again: bool


def blocks_of(page: str) -> list[Block]:
    """Return the shell blocks of a page."""
    return [
        Block(commands, [line for line in shown.splitlines() if line.strip()], bool(again))
        for again, commands, shown in _BLOCKS.findall(page)
    ]


def missing(shows: list[str], output: str) -> str | None:
    """Return the first line that does not come, in this order, or None where all do."""
    lines = iter(output.splitlines())
    for wanted in shows:
        pattern = re.compile(".*".join(map(re.escape, wanted.strip().split(_ELLIPSIS))))
        if not any(pattern.search(line) for line in lines):
            return wanted
    return None


class Reader:
    """One bash in which a page's blocks are run, in the project's folder and with its commands on the PATH."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], instead: Mapping[str, str], programs: Sequence[Path] = ()
    ) -> None:
        """Start it; `instead` says what stands for what the page names, as the address of a broker.

        `programs` are folders that come first on the PATH.
        """
        self._instead = instead
        self._output = folder / "walk.log"
        self._status = folder / "walk.status"
        path = os.pathsep.join([*map(str, programs), str(Path(sys.executable).parent), os.environ["PATH"]])
        self._bash = subprocess.Popen(
            ["bash"],
            stdin=subprocess.PIPE,
            stdout=self._output.open("wb"),
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, "PATH": path, "COLUMNS": "160", **environment},
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """End bash and all that it has started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._bash.pid, number)
            except ProcessLookupError:
                return
            time.sleep(0.5)
        self._bash.wait()

    def follow(self, block: Block) -> None:
        """Run a block; raise AssertionError where it fails, or does not show what the page says."""
        deadline = time.monotonic() + _AGAIN_SECONDS_MAX
        while True:
            status, output = self._run(f"(set -e\n{block.commands})" if block.again else f"set -e\n{block.commands}")
            lacks = missing(block.shows, output)
            if status == 0 and lacks is None:
                return
            if not block.again or time.monotonic() > deadline:
                wrong = f"exit code {status}" if status else f"does not show {lacks!r}"
                raise AssertionError(f"{wrong}:\n{block.commands}\n--- it shows:\n{output}")
            time.sleep(1)

    def _run(self, commands: str) -> tuple[int, str]:
        for named, ours in self._instead.items():
            commands = commands.replace(named, ours)
        begin = self._output.stat().st_size
        self._status.unlink(missing_ok=True)
        done = f"_status=$?; set +e; echo $_status > {self._status}.new; mv {self._status}.new {self._status}"
        if self._bash.stdin is None:
            raise TypeError("bash has no standard input")
        self._bash.stdin.write(f"{commands}\n{done}\n".encode())
        self._bash.stdin.flush()
        deadline = time.monotonic() + _BLOCK_SECONDS_MAX
        while not self._status.exists() and self._bash.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        output = self._output.read_bytes()[begin:].decode(errors="replace")
        if self._status.exists():
            return int(self._status.read_text()), output
        return self._bash.poll() or -1, output
