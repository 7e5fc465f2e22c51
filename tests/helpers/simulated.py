"""Run simulated records through the pipeline, and name each that does not end as it must."""

from collections.abc import Iterable

from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.simulate import Answer, SimulatedRecord
from tests.delivery.tables import assert_tables
from tests.helpers.flow import Flow


def flow_of(records: Iterable[tuple[str, SimulatedRecord]], partitions: int = 1) -> Flow:
    """Process records, each of its dialect and on the partition of its key."""
    flow = Flow(PipelineConfig(partitions=partitions, output_format="json", dead_letter_limit=1))
    for dialect, record in records:
        feed(flow, dialect, record)
    return flow


def feed(flow: Flow, dialect: str, record: SimulatedRecord) -> None:
    """Process one record of a dialect on the partition of its key."""
    flow.raw(
        record.value,
        dialect=dialect,
        key=record.key,
        timestamp=record.timestamp_ms,
        headers=record.headers,
        partition=partition_of(record.key or b"", flow.config.partitions),
    )


def assert_right(flow: Flow, answer: Answer) -> None:
    """Compare all tables and counts with the answer."""
    assert_tables(flow.tables, answer)
    for name in ("applied", "duplicate", "ignored", "dead_lettered"):
        assert getattr(flow.tally, name) == getattr(answer, name), name
    reasons: dict[str, int] = {}
    for message in flow.messages:
        if message.topic.endswith("dead_letters"):
            reason = (dict(message.headers or ())["loyalty_reason"] or b"").decode()
            reasons[reason] = reasons.get(reason, 0) + 1
    assert reasons == dict(answer.dead_letters)
