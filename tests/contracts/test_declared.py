"""What the tables declare for readers is what the code does: nothing more, and nothing less."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied
from loyalty_stream.model.reasons import IgnoredReason
from loyalty_stream.ops.events_page import effects
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.pipeline.route import ROUTES
from loyalty_stream.pipeline.steps import WHOLE_CUSTOMER
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Dialect, Reading
from tests.golden.cases import all_cases
from tests.helpers.flow import Flow, Record
from tests.helpers.strategies import bodies
from tests.unit.domains.helpers import OBSERVED_AT, canonical

Caused = set[tuple[type[EventBody], type[DerivedBody]]]
WHOLE = {event.body: event.derived for event in WHOLE_CUSTOMER}
DECLARED: dict[type[EventBody], tuple[type[DerivedBody], ...]] = {
    body: derived for domain in DOMAINS for body, derived in domain.causes.items()
} | WHOLE
every_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
every_domain = pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)


def golden_readings(dialect: Dialect) -> Iterator[list[Reading]]:
    """Yield what each golden case of a dialect says, record by record."""
    for case in all_cases():
        if case.dialect == dialect.name:
            values = (*case.before, case.value)
            read = [decode(dialect, Record(value=value, headers=case.headers), []) for value in values]
            yield [reading for reading in read if isinstance(reading, Reading)]


@cache
def caused_in_goldens() -> Caused:
    """Return what reducers cause as the facts of each golden case meet them, one key after the other."""
    caused: Caused = set()
    for dialect in DIALECTS.values():
        for readings in golden_readings(dialect):
            states: dict[tuple[str, str], Any] = {}
            for event in (event for reading in readings for event in reading.events if type(event.body) in ROUTES):
                domain, reduce = ROUTES[type(event.body)]
                place = domain.name, event.key
                outcome = reduce(states.get(place, domain.initial), event, event.body)
                if isinstance(outcome, Applied):
                    states[place] = outcome.state
                    caused |= {(type(event.body), type(derived)) for derived in outcome.derived}
    return caused


ROUNDS_MAX = 8


def near(fact: Any) -> Any:  # noqa: ANN401 - a fact, or any value within
    """Return a fact of one programme, of two tiers, two days and small numbers: random facts then meet or differ."""
    if isinstance(fact, Decimal):
        return Decimal(1 if int(fact) % 4 == 1 else 0).copy_sign(fact)
    if isinstance(fact, date):
        return date(2026, 3, 30 + fact.toordinal() % 2)
    if isinstance(fact, tuple):
        return tuple(near(part) for part in fact)
    if not isinstance(fact, Struct):
        return fact
    fields = {name: near(getattr(fact, name)) for name in fact.__struct_fields__}
    named = {"program_id": "41", "currency": "points"} | {
        name: str(len(fields[name]) % 2) for name in ("tier", "previous_tier") if fields.get(name)
    }
    named |= {
        name: OBSERVED_AT + fields[name] % 3 for name in ("valid_till", "starts_at", "ends_at") if fields.get(name)
    }
    return replace(fact, **{name: named.get(name, value) for name, value in fields.items()})


def caused_by_random_facts(domain: Domain[Any], wanted: Caused) -> Caused:
    """Return what a domain's reducers cause as random facts of all types, or of two, meet them.

    There are rounds until all that is wanted was seen. What Hypothesis draws depends on the modules that are loaded,
    whose constants it likes: some rounds miss what is rare.
    """
    caused: Caused = set()
    every = list(domain.reducers)
    each = [[body, *every[:1]] for body in every]  # with the first, which gives a state something to speak of

    @settings(database=None, max_examples=500)
    @given(facts=st.one_of([st.lists(bodies(types), min_size=4, max_size=12) for types in (every, *each)]))
    def meet(facts: list[EventBody]) -> None:
        state = domain.initial
        for place, body in enumerate(map(near, facts)):
            outcome = ROUTES[type(body)].reduce(state, canonical(body, source_key=f"event-{place}"), body)
            if isinstance(outcome, Applied):
                state = outcome.state
                caused.update((type(body), type(derived)) for derived in outcome.derived)

    for number in range(ROUNDS_MAX):
        seed(number)(meet)()
        if wanted <= caused:
            break
    return caused


@every_dialect
def test_an_event_makes_the_facts_that_it_declares(dialect: Dialect) -> None:
    made = {
        (reading.event_name, type(event.body))
        for readings in golden_readings(dialect)
        for reading in readings
        for event in reading.events
    }
    assert made == {(name, body) for name, bodies_ in dialect.makes.items() for body in bodies_}


@every_dialect
def test_each_fact_that_an_event_declares_has_a_declared_effect(dialect: Dialect) -> None:
    assert {body for bodies_ in dialect.makes.values() for body in bodies_} <= set(DECLARED)


@every_dialect
def test_a_name_is_either_read_or_ignored_and_ignored_as_declared(dialect: Dialect) -> None:
    assert not set(dialect.makes) & set(dialect.ignores)
    ignored = {
        (reading.event_name, reading.ignored)
        for each in golden_readings(dialect)
        for reading in each
        if reading.ignored
    }
    # A name that is read may have records that state nothing that is kept, as a promotion's redemption.
    stateless = {(name, IgnoredReason.NO_EFFECT) for name in dialect.makes}
    assert ignored <= set(dialect.ignores.items()) | stateless


@every_domain
def test_a_domain_declares_what_each_of_its_facts_may_cause(domain: Domain[Any]) -> None:
    assert list(domain.causes) == list(domain.reducers)
    declared = {derived for kinds in domain.causes.values() for derived in kinds}
    assert declared <= set(domain.derived)
    assert set(domain.derived) - declared <= {derived for kinds in WHOLE.values() for derived in kinds}


@every_domain
def test_a_fact_causes_what_is_declared_and_all_that_is_declared_is_caused(domain: Domain[Any]) -> None:
    golden = {(body, derived) for body, derived in caused_in_goldens() if body in domain.reducers}
    declared = {(body, derived) for body, kinds in domain.causes.items() for derived in kinds}
    assert golden <= declared
    assert golden | caused_by_random_facts(domain, declared - golden) == declared


def test_a_record_causes_what_its_facts_declare_whole_customers_events_included() -> None:
    seen: set[str] = set()
    for case in all_cases():
        flow = Flow(case.config())
        for value in (*case.before, case.value):
            first = len(flow.derived())
            flow.raw(value, dialect=case.dialect, headers=case.headers)
            told = {json.loads(message.value or b"")["type"] for message in flow.derived()[first:]}
            reading = decode(DIALECTS[case.dialect], Record(value=value, headers=case.headers), [])
            facts = {type(event.body) for event in reading.events} if isinstance(reading, Reading) else set()
            declared = {derived.__name__ for fact in facts for derived in effects()[fact].derived}
            assert told <= {*declared, "EventConflictDetected"}, case.name
            seen |= told if facts & set(WHOLE) else set()
    assert {derived.__name__ for kinds in WHOLE.values() for derived in kinds} <= seen
