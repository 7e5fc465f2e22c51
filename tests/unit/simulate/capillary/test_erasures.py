import json
from collections import Counter

import pytest

from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, make_simulation
from loyalty_stream.simulate.capillary.envelopes import body_of

Made = tuple[Simulation, list[SimulatedRecord]]


@pytest.fixture(scope="module")
def made() -> Made:
    options = SimulationOptions(
        events=8_000, customers=400, seed=8, dirt_share=0, transfer_share=0.02, merge_share=0.01, erasure_share=0.01
    )
    simulation = make_simulation(options)
    return simulation, list(simulation.records())


def erasures(records: list[SimulatedRecord]) -> dict[bytes | None, int]:
    """Return when which customer was erased, by the key of the records."""
    found = {}
    for number, record in enumerate(records):
        if record.event_name == "requestUpdated" and record.note == "good" and record.envelope is not None:
            body = body_of(json.loads(record.value), record.envelope)
            fields = body | body["data"]
            if (fields["requestBaseType"], fields["status"]) == ("DELETE", "APPROVED"):
                found[record.key] = number
    return found


def test_of_an_erased_customer_come_late_events_only_which_are_ignored(made: Made) -> None:
    simulation, records = made
    erased = erasures(records)
    assert len(erased) == len(simulation.answer.erased) > 30
    notes = Counter(
        record.note for number, record in enumerate(records) if number > erased.get(record.key, len(records))
    )
    assert notes.keys() == {"erased"}
    assert notes["erased"] > 30


def test_nothing_of_an_erased_customer_is_left_but_the_request(made: Made) -> None:
    simulation, records = made
    keys = {(key or b"").decode() for key in erasures(records)}
    assert keys.isdisjoint(simulation.answer.owned)
    assert Counter(simulation.answer.requests.values())["APPROVED"] >= len(keys)


def test_the_fields_stand_beside_the_data_or_in_it(made: Made) -> None:
    _, records = made
    places = set()
    for number in erasures(records).values():
        record = records[number]
        assert record.envelope is not None
        places.add("status" in body_of(json.loads(record.value), record.envelope)["data"])
    assert places == {True, False}


def test_half_of_the_customers_stay() -> None:
    simulation = make_simulation(SimulationOptions(events=2_000, customers=12, erasure_share=0.5))
    list(simulation.records())
    assert 0 < len(simulation.answer.erased) <= 6
