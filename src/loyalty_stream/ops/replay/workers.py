"""The workers of a shadow: processes of their own, for as long as the replay runs."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from loyalty_stream.ops.child import Child, signals_held
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.runtime.settings import ENV_PREFIX, Settings

_STOP_SECONDS_MAX: Final = 30.0


class Workers:
    """The workers that run."""

    def __init__(self, children: list[Child]) -> None:
        """Watch over them."""
        self._children = children

    def check(self) -> None:
        """Raise ReplayError where one has ended."""
        for child in self._children:
            code = child.exit_code()
            if code is not None:
                raise ReplayError(
                    f"a worker of the replay ended with exit code {code}. Its log ends:\n{child.log_tail()}\n"
                    "Once that is mended, go on with: --resume"
                )

    def stop(self) -> None:
        """Let all of them stop in order; one that had not got as far as to heed the signal has begun nothing."""
        for child in self._children:
            child.terminate()
        codes = [child.wait(_STOP_SECONDS_MAX) for child in self._children]
        codes = [0 if code == -signal.SIGTERM else code for code in codes]
        if any(codes):
            worst = max(zip(codes, self._children, strict=True), key=lambda pair: abs(pair[0]))
            raise ReplayError(
                f"a worker of the replay stopped with exit code {worst[0]}. Its log ends:\n{worst[1].log_tail()}"
            )


@contextmanager
def running(shadow: Settings, count: int) -> Iterator[Workers]:
    """Run workers while the context is open; whichever still run at its end are ended."""
    children: list[Child] = []
    try:
        for number, port in enumerate(_free_ports(count)):
            with signals_held():
                children.append(_start(shadow, number, port))
        yield Workers(children)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(_STOP_SECONDS_MAX)


def _start(shadow: Settings, number: int, port: int) -> Child:
    log = shadow.data_dir / f"worker-{number}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = ["replay", "worker", "--app-id", shadow.app_id, "--number", str(number)]
    # Like us, it makes the shadow's settings of production's.
    environment = os.environ | {f"{ENV_PREFIX}HTTP_PORT": str(port)}
    return Child(arguments, log, environment, Path.cwd())


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
