"""What holds for every domain that takes part in a merge, whatever the two customers have."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack
from msgspec.structs import replace

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.merge import CustomerMerge, ProgramSummary
from loyalty_stream.model.outcome import Applied
from tests.helpers.strategies import MOMENTS, bodies, of_struct
from tests.unit.domains.helpers import absorbed, left, outcome_of, rules_of

MERGING = [domain for domain in DOMAINS if domain.merge]
every_domain = pytest.mark.parametrize("domain", MERGING, ids=lambda domain: domain.name)


def two_states(domain: Domain[Any], data: st.DataObject) -> tuple[Any, Any]:
    """Return what two customers may have after facts that are partly the same, so that they share some of it."""
    facts = data.draw(st.lists(bodies(list(domain.reducers)), min_size=1, max_size=5))
    chosen = st.lists(st.tuples(st.sampled_from(facts), MOMENTS), max_size=5)
    return a_state(domain, "s", data.draw(chosen)), a_state(domain, "v", data.draw(chosen))


def a_state(domain: Domain[Any], side: str, facts: list[tuple[EventBody, int]]) -> Any:  # noqa: ANN401 - any state
    state = domain.initial
    for place, (body, moment) in enumerate(facts):
        outcome = outcome_of(domain, state, body, source_key=f"{side}-{place}", occurred_at=moment)
        state = outcome.state if isinstance(outcome, Applied) else state
    return state


def a_merge(state: Any, data: st.DataObject) -> CustomerMerge:  # noqa: ANN401 - any state
    """Return a merge that names programmes which the customers may have, or others."""
    known = [st.sampled_from(sorted(state.programs))] if getattr(state, "programs", None) else []
    program_ids = st.one_of(*known, st.sampled_from(["a", "b"]))
    summaries = data.draw(st.lists(of_struct(ProgramSummary, program_id=program_ids), max_size=3))
    return CustomerMerge("cust-1", "cust-2", tuple(summaries))


def but_for_the_merge(state: Any) -> Any:  # noqa: ANN401 - any state
    """Return a state without what names the merge itself."""
    return replace(state, merged=()) if hasattr(state, "merged") else state


@every_domain
@given(data=st.data())
def test_merging_is_total_deterministic_and_leaves_its_input_alone(domain: Domain[Any], data: st.DataObject) -> None:
    survivor, victim = two_states(domain, data)
    merge, moment = a_merge(victim, data), data.draw(MOMENTS)
    once = absorbed(domain, survivor, victim, merge, occurred_at=moment).state  # checks each of these on the way
    absorbed(domain, victim, once, merge, occurred_at=data.draw(MOMENTS))  # and with a victim who was merged before


@every_domain
@given(data=st.data())
def test_nothing_is_lost_and_nothing_is_doubled(domain: Domain[Any], data: st.DataObject) -> None:
    survivor, victim = two_states(domain, data)
    count = rules_of(domain).count
    both = count(absorbed(domain, survivor, victim, occurred_at=data.draw(MOMENTS)).state)
    assert max(count(survivor), count(victim)) <= both <= count(survivor) + count(victim)
    assert count(absorbed(domain, survivor, survivor).state) == count(survivor)


@every_domain
@given(data=st.data())
def test_a_victim_with_nothing_changes_nothing_and_tells_nothing(domain: Domain[Any], data: st.DataObject) -> None:
    survivor, _ = two_states(domain, data)
    outcome = absorbed(domain, survivor, domain.initial)
    assert msgpack.encode(but_for_the_merge(outcome.state)) == msgpack.encode(survivor)
    assert outcome.derived == ()
    assert left(domain, domain.initial) == ()


@every_domain
@given(data=st.data())
def test_a_survivor_with_nothing_has_all_that_the_victim_had(domain: Domain[Any], data: st.DataObject) -> None:
    _, victim = two_states(domain, data)
    count = rules_of(domain).count
    assert count(absorbed(domain, domain.initial, victim).state) == count(victim)


@every_domain
@given(data=st.data())
def test_what_the_victim_tells_as_it_goes_is_of_its_domain_and_always_the_same(
    domain: Domain[Any], data: st.DataObject
) -> None:
    _, victim = two_states(domain, data)
    told = left(domain, victim)
    assert told == left(domain, victim)
    assert all(type(derived) in domain.derived for derived in told)


@every_domain
def test_two_customers_with_nothing_have_nothing_together(domain: Domain[Any]) -> None:
    assert rules_of(domain).count(absorbed(domain, domain.initial, domain.initial).state) == 0
