"""The floor: the pure pipeline over the same records in memory, without Kafka and without a database."""

import time

from bench.stopwatch import Result, calm_garbage_collector, peak_mib
from bench.traffic import DIALECT, Traffic, by_partition
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache

BATCH_RECORDS = 1_000


def run(traffic: Traffic, config: PipelineConfig, rows_max: int) -> tuple[Result, list[dict[bytes, bytes | None]]]:
    """Process all records in batches, partitions in turn; return what it took and the rows by partition."""
    lanes = by_partition(traffic, config.raw_topic(DIALECT), config.partitions)
    tables: list[dict[bytes, bytes | None]] = [{} for _ in lanes]
    caches = [RowCache(table.get, Processor.decode_row, Processor.encode_row) for table in tables]
    processor, tally = Processor(config), Tally()
    calm_garbage_collector()
    wall, cpu = time.perf_counter(), time.process_time()
    for start in range(0, max(map(len, lanes)), BATCH_RECORDS):
        for number, lane in enumerate(lanes):
            batch = lane[start : start + BATCH_RECORDS]
            tally.add(processor.process_raw(DIALECT, number, batch, caches[number]).tally)
            tables[number].update(caches[number].take_written())
            caches[number].trim(rows_max // len(lanes))
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    took = Result(len(traffic.records), seconds, cpu_seconds, peak_mib(), tally)
    return took, tables
