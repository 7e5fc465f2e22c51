"""What holds for every domain, whatever well-typed facts its reducers meet."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Duplicate
from loyalty_stream.pipeline.canonical import copy_of, to_event, to_record
from loyalty_stream.pipeline.reduce import reducer
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow, decode_row, encode_row
from tests.helpers.flow import Record
from tests.helpers.strategies import bodies
from tests.unit.domains.helpers import canonical, outcome_of

every_domain = pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)


def facts(domain: Domain[Any], data: st.DataObject) -> list[EventBody]:
    strategy = st.lists(bodies(list(domain.reducers)), min_size=1, max_size=6)
    drawn: list[EventBody] = data.draw(strategy)
    return drawn


@every_domain
@given(data=st.data())
def test_reducers_are_total_deterministic_and_leave_their_input_alone(domain: Domain[Any], data: st.DataObject) -> None:
    state = domain.initial
    for place, body in enumerate(facts(domain, data)):
        outcome = outcome_of(domain, state, body, source_key=f"event-{place}")  # checks each of these on the way
        state = outcome.state if isinstance(outcome, Applied) else state


@every_domain
@given(data=st.data())
def test_a_fact_again_is_a_duplicate_and_writes_nothing(domain: Domain[Any], data: st.DataObject) -> None:
    table: dict[bytes, bytes] = {}
    rows: RowCache[AnyRow] = RowCache(table.get, decode_row, encode_row)
    reduce = reducer(64)
    for place, body in enumerate(facts(domain, data)):
        event = canonical(body, source_key=f"event-{place}")
        before = [derived.seq for derived in reduce(event, rows).derived]
        rows.take_written()
        again = reduce(event, rows)
        if isinstance(again.outcome, Duplicate):
            assert again.derived == []
            assert rows.take_written() == {}
        else:
            assert before == []  # a rejected fact is rejected again


@every_domain
@given(data=st.data())
def test_a_fact_survives_its_way_through_the_canonical_topic(domain: Domain[Any], data: st.DataObject) -> None:
    for body in facts(domain, data):
        event: CanonicalEvent = canonical(body)
        assert to_event(to_record("capillary", event, copy_of(Record(), 1), leads=True)) == event


@every_domain
def test_every_derived_event_of_a_domain_has_a_name_of_its_own(domain: Domain[Any]) -> None:
    names = [derived.__name__ for derived in domain.derived]
    assert len(set(names)) == len(names)
    assert "EventConflictDetected" not in names  # every domain has it anyway


def test_no_fact_belongs_to_two_domains() -> None:
    owned = [body for domain in DOMAINS for body in domain.reducers]
    assert len(set(owned)) == len(owned)
    assert len({body.__name__ for body in owned}) == len(owned)
