"""The traffic that all contenders read: made once, written once, and what it must come to."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.simulate import Answer, SimulatedRecord, SimulationOptions, make_simulation
from loyalty_stream.simulate.publish import PublishOptions, publish

DIALECT = "capillary"
_ENDS: Final = ("consumed", "applied", "duplicate", "ignored", "dead_lettered")


class BenchRecord(NamedTuple):
    """A raw record as the pipeline is given it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Traffic(NamedTuple):
    """Simulated records, and how they must end."""

    records: Sequence[SimulatedRecord]
    tally: Tally

    @property
    def bytes_mean(self) -> float:
        """The mean size of a value."""
        return sum(len(record.value) for record in self.records) / len(self.records)


_APART: Final = {"group_share": 0, "transfer_share": 0, "merge_share": 0, "erasure_share": 0}
"""Nobody is brought together: what goes to another partition is not for a comparison of what one partition costs."""
_ELSEWHERE: Final = {"requestUpdated", "requestWorkflowEvent"}
"""Likewise left out: a request's state lies where its own id belongs."""


def make(events: int, customers: int, seed: int) -> Traffic:
    """Return about so many records that end now: a broker refuses timestamps of the future."""
    draft = SimulationOptions(events=events, customers=customers, seed=seed, **_APART)  # type: ignore[arg-type]  # as named
    simulation = make_simulation(replace(draft, start_ms=int(time.time() * 1000) - draft.span_ms_max))
    records, counted, before = [], Counter[str](), Counter[str]()
    for record in simulation.records():
        now = _counts(simulation.answer)
        if record.event_name not in _ELSEWHERE:
            records.append(record)
            counted += now - before
        before = now
    return Traffic(records, Tally(**counted))


def _counts(answer: Answer) -> Counter[str]:
    return Counter({name: getattr(answer, name) for name in _ENDS})


def write(traffic: Traffic, bootstrap_servers: str, topic: str) -> None:
    """Write the records onto the raw topic."""
    records = ((topic, record) for record in traffic.records)
    publish(records, PublishOptions(bootstrap_servers=bootstrap_servers, topics=[topic]))


def by_partition(traffic: Traffic, topic: str, partitions: int) -> list[list[BenchRecord]]:
    """Return the records as they lie on the raw topic."""
    lanes: list[list[BenchRecord]] = [[] for _ in range(partitions)]
    for key, value, headers, timestamp_ms, *_ in traffic.records:
        number = partition_of(key or b"", partitions)
        lane = lanes[number]
        lane.append(BenchRecord(topic, number, len(lane), timestamp_ms, key, value, headers))
    return lanes
