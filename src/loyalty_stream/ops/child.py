"""Run this program once more, as a process of its own that ends with us."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

_LOG_LINES: Final = 20


def start_child(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    stdout: IO[bytes] | int,
    stderr: IO[bytes] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start `loyalty-stream` in a folder, whose `.env` it reads; without `stderr` it logs where we do."""
    setpriv = shutil.which("setpriv")  # on Linux: the kernel ends it with the thread that starts it, however we end
    prefix = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    return subprocess.Popen(  # noqa: S603 - ourselves
        [*prefix, sys.executable, "-m", "loyalty_stream", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        cwd=folder,
        env=dict(environment),
        start_new_session=True,  # Ctrl-C is for us, who end it
    )


class Child:
    """One `loyalty-stream` process that logs to a file of its own, from its start on."""

    def __init__(self, arguments: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path) -> None:
        """Start it in a folder, whose `.env` it reads."""
        self._log = log
        with log.open("ab") as written:
            self._process = start_child(arguments, environment, folder, stdout=written, stderr=written)

    def exit_code(self) -> int | None:
        """Return how it ended, or None while it runs."""
        return self._process.poll()

    def terminate(self) -> None:
        """Ask it to stop in order."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds_max: float) -> int:
        """Return its exit code once it has stopped; what has not in time is killed."""
        try:
            return self._process.wait(seconds_max)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def log_tail(self) -> str:
        """Return the last lines of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_LOG_LINES:])


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back until the context ends: what is raised while a process starts would forget it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda came, _frame: caught.append(came)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if caught:
            signal.raise_signal(caught[0])
