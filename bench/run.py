"""Measure one worker beside a plain confluent-kafka loop doing the same reduction, on a real broker.

Both read the same records from the same raw topic, each run under an app id of its own, in turns, since machines are
noisy. Time runs from the first record processed to the commit of the last: the start is not counted.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import floor, stopwatch, traffic
from bench.stopwatch import Result
from loyalty_stream.ops.topic_plan import load_topics
from loyalty_stream.ops.topics import apply, connect
from loyalty_stream.pipeline.config import PipelineConfig
from tests.kafka import process
from tests.kafka.client import read_topic, unique
from tests.kafka.find import real_broker
from tests.kafka.settings import free_ports

CONTENDERS = {"worker": "bench.worker", "plain loop": "bench.plain_loop"}
FLOOR = "pipeline alone"
ROWS_CACHED_MAX = 100_000
_SECONDS_MAX = 600
_POLL_SECONDS = 0.1


Rows = dict[tuple[int, bytes | None], bytes | None]
"""Encoded rows by partition and key; None is deleted."""


class WrongResultError(Exception):
    """A contender did not do the work, or did it wrong: its figures mean nothing."""


@dataclass(frozen=True)
class Course:
    """Where all contenders run: the broker, the topics' prefix, and what must come out."""

    bootstrap_servers: str
    prefix: str
    traffic: traffic.Traffic
    partitions: int
    rows: Rows
    folder: Path

    def run(self, module: str) -> Result:
        """Run one contender under an app id of its own, check what came out, and return its figures."""
        app_id = unique("bench")
        create_topics(self.bootstrap_servers, self.prefix, app_id, self.partitions)
        folder = self.folder / app_id
        folder.mkdir()
        result, log = folder / "result.json", folder / "log"
        started = process.start([sys.executable, "-m", module], log, self._environment(app_id, folder, result))
        try:
            deadline = time.monotonic() + _SECONDS_MAX
            while not result.exists() and started.poll() is None and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
        finally:
            process.stop(started)
        if not result.exists():
            raise WrongResultError(f"{module} did not finish. Its log ends:\n{process.tail(log)}")
        took = stopwatch.read(result)
        self._check(module, app_id, took)
        return took

    def _environment(self, app_id: str, folder: Path, result: Path) -> dict[str, str]:
        [http_port] = free_ports(1)
        named = {
            "bootstrap_servers": self.bootstrap_servers,
            "app_id": app_id,
            "topic_prefix": self.prefix,
            "partitions": self.partitions,
            "data_dir": folder / "data",
            "http_port": http_port,
            "state_cache_rows": ROWS_CACHED_MAX,
        }
        settings = {f"LOYALTY_{name.upper()}": str(value) for name, value in named.items()}
        bench = {stopwatch.EVENTS: str(len(self.traffic.records)), stopwatch.RESULT: str(result)}
        return {**os.environ, **settings, **bench}

    def _check(self, module: str, app_id: str, took: Result) -> None:
        """Compare counts with the simulation's, and every row of the table with the pipeline's alone."""
        if took.tally != self.traffic.tally:
            raise WrongResultError(f"{module} counted {took.tally}, right is {self.traffic.tally}")
        changelog = read_topic(self.bootstrap_servers, f"{app_id}-state-changelog")
        rows = {(record.partition, record.key): record.value for record in changelog}
        if rows != self.rows:
            raise WrongResultError(f"{module} left {len(rows)} rows, not the {len(self.rows)} right ones")


class Row(NamedTuple):
    """One line of the table."""

    contender: str
    round: str
    result: Result


def create_topics(bootstrap_servers: str, prefix: str, app_id: str, partitions: int) -> None:
    """Create the topics of an app id, as the one list has them."""
    apply(connect({"bootstrap.servers": bootstrap_servers}), load_topics(prefix, app_id, partitions))


def measure(options: argparse.Namespace, bootstrap_servers: str, folder: Path) -> list[Row]:
    """Make and write the traffic, then let the contenders run in turns."""
    prefix = f"{unique('bench')}."
    say(f"making {options.events:,} events of {options.customers:,} customers")
    made = traffic.make(options.events, options.customers, options.seed)
    say(f"{made.bytes_mean:,.0f} bytes an event; writing them to {options.partitions} partitions")
    create_topics(bootstrap_servers, prefix, unique("bench"), options.partitions)
    config = PipelineConfig(topic_prefix=prefix, partitions=options.partitions)
    traffic.write(made, bootstrap_servers, config.raw_topic(traffic.DIALECT))
    took, tables = floor.run(made, config, ROWS_CACHED_MAX)
    if took.tally != made.tally:
        raise WrongResultError(f"the pipeline counted {took.tally}, right is {made.tally}")
    rows: Rows = {(number, key): row for number, table in enumerate(tables) for key, row in table.items()}
    course = Course(bootstrap_servers, prefix, made, options.partitions, rows, folder)
    measured = [Row(FLOOR, "1", took)]
    for number in range(1, options.rounds + 1):
        for contender, module in CONTENDERS.items():
            say(f"round {number}: {contender}")
            measured.append(Row(contender, str(number), course.run(module)))
    return measured


def medians(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Return events/s and CPU µs/event of each contender: the median of its rounds."""
    found = {}
    for contender in (FLOOR, *CONTENDERS):
        results = [row.result for row in rows if row.contender == contender]
        rates = [result.events_per_second for result in results]
        found[contender] = (median(rates), median(result.cpu_us_per_event for result in results))
    return found


def table(rows: Sequence[Row]) -> Iterable[str]:
    """Yield the lines of the table."""
    yield f"{'':<16}{'round':>6}{'events/s':>12}{'CPU us/event':>15}{'seconds':>10}{'peak MiB':>10}"
    for contender, number, result in rows:
        figures = f"{result.events_per_second:>12,.0f}{result.cpu_us_per_event:>15.1f}"
        yield f"{contender:<16}{number:>6}{figures}{result.seconds:>10.1f}{result.resident_mib:>10,.0f}"
    found = medians(rows)
    yield ""
    for contender, (rate, cost) in found.items():
        yield f"{contender:<16}{'median':>6}{rate:>12,.0f}{cost:>15.1f}"
    (_, alone), (_, worker), (_, plain) = (found[name] for name in (FLOOR, *CONTENDERS))
    yield ""
    yield f"CPU per event, worker / plain loop: {worker / plain:.2f} (aim: at most 2)"
    yield f"CPU per event beyond the pipeline: worker {worker - alone:.1f} us, plain loop {plain - alone:.1f} us"


def as_json(options: argparse.Namespace, rows: Sequence[Row]) -> str:
    """Return everything as one JSON document."""
    found = medians(rows)
    document = {
        "options": {name: value for name, value in vars(options).items() if name != "json"},
        "runs": [
            {
                "contender": row.contender,
                "round": int(row.round),
                "events_per_second": round(row.result.events_per_second, 1),
                "cpu_us_per_event": round(row.result.cpu_us_per_event, 2),
                "seconds": round(row.result.seconds, 3),
                "peak_mib": round(row.result.resident_mib, 1),
            }
            for row in rows
        ],
        "median": {name: {"events_per_second": rate, "cpu_us_per_event": cost} for name, (rate, cost) in found.items()},
        "worker_to_plain_loop_cpu": found["worker"][1] / found["plain loop"][1],
    }
    return json.dumps(document, indent=2)


def say(text: str) -> None:
    """Tell on standard error what is going on."""
    print(text, file=sys.stderr, flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=2, help="how often each contender runs")
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what was measured; 1 where a contender's result is wrong."""
    options = parse(arguments)
    with real_broker() as bootstrap_servers, tempfile.TemporaryDirectory(prefix="loyalty-bench-") as folder:
        try:
            rows = measure(options, bootstrap_servers, Path(folder))
        except WrongResultError as failure:
            say(str(failure))
            return 1
    print(as_json(options, rows) if options.json else "\n".join(table(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
