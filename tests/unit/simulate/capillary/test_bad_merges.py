import json

import pytest

from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.simulate.capillary.envelopes import body_of

SINCE = 50


@pytest.mark.parametrize("seed", [1, 2])
def test_each_contradicts_a_merge_that_is_no_news(seed: int) -> None:
    options = SimulationOptions(
        events=8_000, customers=300, seed=seed, dirt_share=0, merge_share=0.015, bad_merge_share=0.01
    )
    simulation = make_simulation(options)
    survivors: dict[str, tuple[int, str]] = {}
    seen = set()

    def present(key: str) -> str:
        while key in survivors:
            key = survivors[key][1]
        return key

    for number, record in enumerate(simulation.records()):
        if record.event_name != "loyaltyCustomerMerge" or record.note.startswith("duplicate"):
            continue
        assert record.envelope is not None
        body = body_of(json.loads(record.value), record.envelope)
        survivor, victim = (
            f"capillary:{body['orgId']}:{body['data'][name]['customerId']}"
            for name in ("survivorCustomerIdentifiers", "victimCustomerIdentifiers")
        )
        assert (record.key or b"").decode() == survivor
        seen.add(record.note)
        match record.note:
            case "good":
                assert {survivor, victim}.isdisjoint(survivors)
                survivors[victim] = (number, survivor)
            case "bad_merge:merge_with_itself":
                assert survivor == victim == present(victim)
            case "bad_merge:merge_cycle":
                assert survivor in survivors
                assert present(survivor) == victim
                assert number - survivors[survivor][0] >= SINCE
            case "bad_merge:merged_already":
                assert survivor not in survivors
                assert present(victim) != survivor
                assert number - survivors[victim][0] >= SINCE
    assert len(seen) == 4
    assert simulation.answer.merges.total() == len(survivors)
    right = simulation.answer.dead_letters
    assert min(right["merge_with_itself"], right["merge_cycle"], right["merged_already"]) > 5
