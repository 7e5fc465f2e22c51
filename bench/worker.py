"""The worker under test: put together as `loyalty-stream worker` is, with a stopwatch at its job and its observer."""

import sys
from collections.abc import Sequence

from bench.stopwatch import Stopwatch
from loyalty_stream.model.events import RawRecord
from loyalty_stream.ops.log import load_log_settings, set_up
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.ops.web import pages
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow
from loyalty_stream.runtime.settings import load_settings
from loyalty_stream.runtime.worker import run_worker
from loyalty_stream.sources import DIALECTS


class TimedProcessor(Processor):
    """The pipeline; its first batch starts the stopwatch."""

    def __init__(self, config: PipelineConfig, stopwatch: Stopwatch) -> None:
        """Take the stopwatch."""
        super().__init__(config)
        self._stopwatch = stopwatch

    def process_raw(
        self, dialect: str, partition: int, records: Sequence[RawRecord], rows: RowCache[AnyRow]
    ) -> Effects:
        """Process a batch."""
        self._stopwatch.start()
        return super().process_raw(dialect, partition, records, rows)


class TimedObserver(MetricsObserver):
    """The metrics; the commit of the last record stops the stopwatch."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        """Take the stopwatch."""
        super().__init__()
        self._stopwatch = stopwatch

    def batch_processed(self, topic: str, partition: int, records: int, seconds: float, effects: Effects) -> None:
        """Hear that a batch is committed."""
        super().batch_processed(topic, partition, records, seconds, effects)
        self._stopwatch.committed(effects.tally)


def main() -> int:
    """Run until told to stop."""
    settings, stopwatch = load_settings(), Stopwatch()
    set_up(load_log_settings())
    config = PipelineConfig(**{name: getattr(settings, name) for name in PipelineConfig.__struct_fields__})
    observer = TimedObserver(stopwatch)
    job = TimedProcessor(config, stopwatch)
    return run_worker(settings, job, observer, dialects=list(DIALECTS), add_pages=pages(observer))


if __name__ == "__main__":
    sys.exit(main())
