from loyalty_stream.simulate.capillary.makers import MAKERS
from loyalty_stream.simulate.capillary.redelivery import can_contradict, contradict
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent
from loyalty_stream.simulate.options import SimulationOptions


def events() -> list[VendorEvent]:
    stage = Stage(SimulationOptions(seed=6, customers=20))
    made = []
    for _ in range(400):
        for _, maker in MAKERS:
            stage.advance()
            if (event := maker(stage, stage.population.choose())) is not None:
                made.append(event)
    return made


def test_a_contradiction_keeps_the_key_and_changes_the_facts() -> None:
    contradicted = set()
    for event in filter(can_contradict, events()):
        other = contradict(event)
        assert (other.name, other.event_id, other.customer.key) == (event.name, event.event_id, event.customer.key)
        assert other.data != event.data
        contradicted.add(event.name)
    assert len(contradicted) == 13


def test_events_without_an_id_or_with_several_facts_are_not_contradicted() -> None:
    for event in events():
        if event.event_id is None or (event.name == "CouponIssue" and len(event.data["coupons"]) > 1):
            assert not can_contradict(event)


def test_an_event_key_is_used_once_though_ids_are_shared_between_names() -> None:
    made = [event for event in events() if event.event_id is not None]
    keys = [(event.customer.org.id, event.name.lower(), event.event_id) for event in made]
    assert len(set(keys)) == len(keys)
    assert len({event.event_id for event in made}) < len(made)
