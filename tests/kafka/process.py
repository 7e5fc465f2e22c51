"""Start programs that cannot outlive the tests, and end them by their own pid."""

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_STOP_SECONDS_MAX = 20


def start(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a program with both outputs appended to `log`.

    On Linux `setpriv` (util-linux) asks the kernel to kill it when we die, however we die; it replaces itself with the
    program, so that the pid is the program's own. Elsewhere only an orderly end of the tests ends it.
    """
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    with log.open("ab") as output:
        return subprocess.Popen(
            [*prefix, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env
        )


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask a program to end, insist after 20 seconds, and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout=_STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def tail(log: Path, lines: int = 30) -> str:
    """Return the last lines of a log, for a message about why its program ended."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
