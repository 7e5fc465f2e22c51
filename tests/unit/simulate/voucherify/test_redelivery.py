from collections import Counter

from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.voucherify.makers import MAKERS
from loyalty_stream.simulate.voucherify.redelivery import _CONTRADICT, can_contradict, contradict
from loyalty_stream.simulate.voucherify.stage import Activity, Stage
from loyalty_stream.simulate.voucherify.transfers import transfer_points


def activities() -> list[Activity]:
    """Return what every maker makes again and again of a few customers."""
    stage, made = Stage(SimulationOptions(dialect="voucherify", seed=6, customers=20)), []
    for _ in range(150):
        for maker in (*(maker for _, maker in MAKERS), transfer_points):
            stage.advance()
            made += [maker(stage, stage.population.choose()), stage.agenda.next(stage.number)]
    return [activity for activity in made if activity is not None]


def test_a_contradiction_keeps_the_id_and_changes_the_facts() -> None:
    contradicted = set()
    for activity in filter(can_contradict, activities()):
        other = contradict(activity)
        assert (other.name, other.id, other.key) == (activity.name, activity.id, activity.key)
        assert other.data != activity.data
        contradicted.add(activity.name)
    assert contradicted == set(_CONTRADICT)


def test_what_took_no_effect_is_not_contradicted() -> None:
    made = Counter(activity.effect for activity in activities() if not can_contradict(activity))
    assert {"ignored", "duplicate", "conflict"} <= set(made)
    assert not any(can_contradict(each) for each in activities() if each.effect != "applied")


def test_an_id_is_used_once() -> None:
    ids = [activity.id for activity in activities()]
    assert len(set(ids)) == len(ids)
