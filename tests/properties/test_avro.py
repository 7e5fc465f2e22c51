"""Whatever our compiled Avro writer writes, fastavro reads back as it was."""

import json
from io import BytesIO
from typing import Any

import fastavro
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import DerivedBody, EventConflictDetected
from loyalty_stream.pipeline.avro import varint
from loyalty_stream.pipeline.canonical import CanonicalRecord
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.emit import Emitter
from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.schemas import CANONICAL_TYPE
from tests.golden.avro import read_back, same
from tests.helpers.strategies import derived_events, of_struct

EMITTER, JSON = Emitter(PipelineConfig()), Emitter(PipelineConfig(output_format="json"))
every_domain = pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
read_canonical = reader(CANONICAL_TYPE.schema, logical=False)


@every_domain
@given(data=st.data())
def test_a_derived_event_is_read_back_as_it_stands_in_json(domain: Domain[Any], data: st.DataObject) -> None:
    published: list[type[DerivedBody]] = [EventConflictDetected, *domain.derived]
    body = data.draw(st.sampled_from(published))
    event = data.draw(derived_events(body))
    as_json = JSON.derived(domain.name, event).value
    assert as_json is not None
    same(read_back(EMITTER.derived(domain.name, event)), json.loads(as_json))


@given(of_struct(CanonicalRecord))
def test_a_canonical_record_is_read_back_as_it_was(record: CanonicalRecord) -> None:
    message = EMITTER.canonical(record, 0)
    assert message.value is not None
    assert msgspec.convert(read_canonical(message.value), CanonicalRecord) == record


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_long_is_written_as_avro_writes_it(number: int) -> None:
    out = BytesIO()
    fastavro.schemaless_writer(out, "long", number)
    assert varint(number) == out.getvalue()
