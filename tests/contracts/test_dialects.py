"""What holds for every dialect, whatever the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.steps import WHOLE_CUSTOMER
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Dialect, Reading
from tests.helpers.flow import ONE_PARTITION, Flow, Record
from tests.helpers.strategies import values

every_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
BODIES = {body for domain in DOMAINS for body in domain.reducers}.union(event.body for event in WHOLE_CUSTOMER)
PROCESSOR = Processor(ONE_PARTITION)


def read(dialect: Dialect, value: bytes) -> tuple[Reading | Rejected, list[RepairKind]]:
    repairs: list[RepairKind] = []
    return decode(dialect, Record(value=value), repairs), repairs


@every_dialect
@given(data=st.data())
def test_any_bytes_are_read_or_rejected(dialect: Dialect, data: st.DataObject) -> None:
    value = data.draw(values(dialect.name))
    reading, _ = read(dialect, value)
    if isinstance(reading, Reading):
        assert bool(reading.events) != bool(reading.ignored)
        assert all(type(event.body) in BODIES for event in reading.events)
        assert all(event.vendor == dialect.name for event in reading.events)


@every_dialect
@given(data=st.data())
def test_the_same_bytes_are_read_the_same_way(dialect: Dialect, data: st.DataObject) -> None:
    value = data.draw(values(dialect.name))
    assert read(dialect, value) == read(dialect, value)


@every_dialect
@given(data=st.data())
def test_each_event_of_a_record_has_a_key_and_a_source_key_of_its_own_entity(
    dialect: Dialect, data: st.DataObject
) -> None:
    value = data.draw(values(dialect.name))
    reading, _ = read(dialect, value)
    for event in reading.events if isinstance(reading, Reading) else ():
        assert event.key == f"{dialect.name}:{event.org_id}:{event.entity_id}"
        # Not the event's name: where several events report one booking of the vendor, its own id names the fact.
        assert event.source_key.startswith(f"{dialect.name}|{event.org_id}|")


@every_dialect
@given(data=st.data(), times=st.integers(2, 3))
def test_the_same_record_again_changes_nothing_but_the_tally(dialect: Dialect, data: st.DataObject, times: int) -> None:
    value = data.draw(values(dialect.name))
    flow = Flow(processor=PROCESSOR)
    first = flow.raw(value, dialect=dialect.name)
    rows, derived = flow.rows(), flow.derived()
    for _ in range(times):
        again = flow.raw(value, dialect=dialect.name)
        assert again.tally.duplicate == first.tally.applied + first.tally.duplicate
        assert again.tally.ignored == first.tally.ignored
        assert again.tally.dead_lettered == first.tally.dead_lettered
    assert flow.rows() == rows
    assert flow.derived() == derived
