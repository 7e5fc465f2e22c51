"""Memory stays flat, however many customers there are."""

from pathlib import Path

import pytest

from tests.delivery.oracle import assert_answer, output_of
from tests.delivery.stream import Stream, StreamWorker, simulate
from tests.kafka.client import wait_until

pytestmark = pytest.mark.slow

ROWS_MAX = 1_000
CUSTOMERS = 10_000
GROWTH_MIB_MAX = 64
"""RocksDB's write buffers and the allocator's slack; the rows that are not cached would be several times that."""


@pytest.mark.long
def test_the_cache_keeps_its_bound_and_memory_stays_flat_with_many_more_customers(stream: Stream) -> None:
    records, simulation = simulate(events=30_000, customers=CUSTOMERS, seed=11, skew=1)
    warm = len(records) // 3
    worker = stream.worker(state_cache_rows=ROWS_MAX)
    stream.publish(records[:warm])
    stream.wait_done(warm)
    before = resident_mib(worker)
    stream.publish(records[warm:])
    stream.wait_done(len(records))
    assert wait_until(lambda: 0 < worker.metrics()["loyalty_state_cache_rows"] <= ROWS_MAX, 10)
    growth = resident_mib(worker) - before
    assert growth < GROWTH_MIB_MAX, f"grew by {growth:.0f} MiB from {before:.0f} MiB"
    output = output_of(stream)
    assert sum(map(len, output.rows)) > 10 * ROWS_MAX
    assert_answer(stream, simulation.answer, output)


def resident_mib(worker: StreamWorker) -> float:
    """Return the resident memory of a worker in MiB; 0 where the system does not tell."""
    status = Path(f"/proc/{worker.pid}/status")
    if not status.exists():
        return 0
    [kib] = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS:")]
    return int(kib) / 1024
