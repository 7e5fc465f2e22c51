"""Measure a contender from inside its own process: from its first record to the commit of its last."""

import gc
import json
import os
import resource
import time
from pathlib import Path

from msgspec import Struct

from loyalty_stream.pipeline.effects import Tally

EVENTS = "BENCH_EVENTS"
RESULT = "BENCH_RESULT"


class Result(Struct):
    """What one run took: wall seconds, CPU seconds (user and system, all threads), and how its records ended."""

    events: int
    seconds: float
    cpu_seconds: float
    resident_mib: float
    tally: Tally

    @property
    def events_per_second(self) -> float:
        """The throughput."""
        return self.events / self.seconds

    @property
    def cpu_us_per_event(self) -> float:
        """The CPU time that one event takes."""
        return self.cpu_seconds / self.events * 1e6


class Stopwatch:
    """Start with the first record and stop with the last commit; then leave the result in the file of BENCH_RESULT."""

    def __init__(self) -> None:
        """Read from the environment how many records there are."""
        self._events = int(os.environ[EVENTS])
        self._tally = Tally()
        self._started: tuple[float, float] | None = None

    def start(self) -> None:
        """Start, the first time that it is called."""
        if self._started is None:
            self._started = (time.perf_counter(), _cpu_seconds())

    def committed(self, tally: Tally) -> bool:
        """Count what is committed; write the result and return True once all records are."""
        self._tally.add(tally)
        if self._tally.consumed < self._events or self._started is None:
            return False
        wall, cpu = self._started
        result = Result(self._events, time.perf_counter() - wall, _cpu_seconds() - cpu, peak_mib(), self._tally)
        _write(Path(os.environ[RESULT]), result)
        return True


def calm_garbage_collector() -> None:
    """Let the collector run as seldom as the worker does: the comparison is not about it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def peak_mib() -> float:
    """Return the most memory that this process has had resident.

    Linux hands `ru_maxrss` down from the parent through fork and exec, so that it would tell of the wrong process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _write(path: Path, result: Result) -> None:
    fields = {name: getattr(result, name) for name in result.__struct_fields__}
    part = path.with_suffix(".part")
    part.write_text(json.dumps({**fields, "tally": result.tally.dump()}))
    part.rename(path)


def read(path: Path) -> Result:
    """Return the result that a contender has written."""
    fields = json.loads(path.read_text())
    return Result(**{**fields, "tally": Tally.load(fields["tally"])})
