import json
from collections import Counter
from itertools import pairwise

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, dirt
from loyalty_stream.simulate.bad import BAD
from loyalty_stream.simulate.envelopes import ENVELOPES

NAMES = {
    *("pointsIssued", "pointsRedeemed", "promisedToCurrentPointsConversion", "pointsExpired", "pointsExpiryReminder"),
    *("redeemedPointsReversed", "issuedPointsReversed", "singlePointsExpiryUpdated"),
    *("tierUpgraded", "tierRenewed", "tierDowngraded", "tierDowngradeReminder", "CouponIssue", "CouponRedeem"),
    *("streakStart", "streakEnd", "streakLevelAchieved", "streakLevelUnAchieved"),
    *("streakCustomerEnrolment", "streakCustomerUnEnrolment"),
    *("promotionIssued", "promotionEarned", "revokeIssuedPromotion", "revokeEarnedPromotion"),
}
Made = tuple[Simulation, list[SimulatedRecord]]


@pytest.fixture(scope="module")
def made() -> Made:
    simulation = Simulation(SimulationOptions(events=20_000, customers=1_000, seed=11, bulk="others"))
    return simulation, list(simulation.records())


def notes(records: list[SimulatedRecord]) -> Counter[str]:
    return Counter(record.note for record in records)


@pytest.mark.parametrize("keying", ["customer", "mobile", "none"])
def test_the_same_options_give_the_same_bytes_and_answer(keying: str) -> None:
    options = SimulationOptions(events=2_000, customers=50, seed=5, keying=keying)  # type: ignore[arg-type]
    one, two = Simulation(options), Simulation(options)
    assert list(one.records()) == list(two.records())
    assert one.answer.dump() == two.answer.dump()


def test_another_seed_gives_another_stream() -> None:
    one = Simulation(SimulationOptions(events=100, seed=1))
    two = Simulation(SimulationOptions(events=100, seed=2))
    assert [record.value for record in one.records()] != [record.value for record in two.records()]


def test_the_answer_grows_with_each_record_read() -> None:
    simulation = Simulation(SimulationOptions(events=300))
    assert all(simulation.answer.consumed == number for number, _ in enumerate(simulation.records(), start=1))


def test_the_records_can_be_read_once_only() -> None:
    simulation = Simulation(SimulationOptions(events=1))
    list(simulation.records())
    with pytest.raises(RuntimeError, match="make a new Simulation"):
        simulation.records()


def test_every_event_occurs_in_every_envelope_and_in_other_casing(made: Made) -> None:
    applied = [record for record in made[1] if record.note.startswith(("good", "dirty"))]
    assert {record.event_name for record in applied} == NAMES
    seen = {(record.event_name, record.envelope) for record in applied}
    assert {name for name, _ in seen if {(name, envelope) for envelope in ENVELOPES} <= seen} >= NAMES - {
        "streakLevelUnAchieved",  # the rarest
        "revokeEarnedPromotion",
        "streakEnd",
    }
    assert any(record.event_name.upper().encode() in record.value for record in applied)


def test_every_kind_of_dirt_and_every_flaw_occurs(made: Made) -> None:
    seen = notes(made[1])
    dirty = {kind for note in seen if note.startswith("dirty:") for kind in note.removeprefix("dirty:").split("+")}
    assert dirty == set(dirt.KINDS)
    assert {note.removeprefix("bad:") for note in seen if note.startswith("bad:")} == {r.value for r, _ in BAD}
    assert {"duplicate:exact", "duplicate:redelivered", "duplicate:dirty"} <= set(seen)
    assert {"good", "conflict", "unknown", "not_yet_supported"} <= set(seen)


def test_every_reason_but_the_unreachable_balance_is_made(made: Made) -> None:
    assert set(made[0].answer.dead_letters) == set(DeadLetterReason) - {DeadLetterReason.BALANCE_OUT_OF_RANGE}


def test_the_counters_are_those_of_the_notes(made: Made) -> None:
    answer, seen = made[0].answer, notes(made[1])
    assert answer.consumed == 20_000
    assert answer.consumed == answer.applied + answer.duplicate + answer.ignored + answer.dead_lettered
    assert answer.applied == sum(answer.applied_events.values())
    assert answer.applied == sum(count for note, count in seen.items() if note.startswith(("good", "dirty")))
    assert answer.duplicate == sum(count for note, count in seen.items() if note.startswith("duplicate"))
    assert answer.ignored == seen["not_yet_supported"]
    assert answer.dead_lettered == sum(answer.dead_letters.values())


def test_shares_are_kept_about(made: Made) -> None:
    answer = made[0].answer
    assert 0.015 < answer.duplicate / answer.consumed < 0.025
    assert 0.04 < answer.ignored / answer.consumed < 0.06
    assert 0.01 < answer.dead_lettered / answer.consumed < 0.03


def test_every_record_that_is_not_broken_is_json(made: Made) -> None:
    for record in made[1]:
        if not record.note.startswith("bad:"):
            assert isinstance(json.loads(record.value), dict)


def test_records_have_a_realistic_size(made: Made) -> None:
    sizes = sorted(len(record.value) for record in made[1] if record.note == "good")
    assert sizes[len(sizes) // 20] > 600
    assert sizes[len(sizes) // 2] < 1_500


def test_time_goes_strictly_forward_within_the_span(made: Made) -> None:
    options = made[0].options
    times = [record.timestamp_ms for record in made[1]]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert options.start_ms < times[0]
    assert times[-1] <= options.start_ms + options.span_ms_max


def test_a_duplicate_follows_its_original_closely(made: Made) -> None:
    last_seen: dict[tuple[bytes | None, bytes], int] = {}
    for number, record in enumerate(made[1]):
        if record.note == "duplicate:exact":
            assert number - last_seen[record.key, record.value] <= 40
        last_seen[record.key, record.value] = number


def test_keys_are_those_of_the_customers(made: Made) -> None:
    assert {(record.key or b"").split(b":")[0] for record in made[1]} == {b"capillary"}
    by_mobile = Simulation(SimulationOptions(events=200, keying="mobile"))
    assert all((record.key or b"").startswith(b"91000000") for record in by_mobile.records())
    without = Simulation(SimulationOptions(events=200, keying="none"))
    assert {record.key for record in without.records()} == {None}


def test_the_same_customer_number_occurs_in_several_organisations(made: Made) -> None:
    keys = {key for key, _, _ in made[0].answer.accounts}
    numbers = Counter(key.split(":")[2] for key in keys)
    assert max(numbers.values()) == 2


def test_some_customers_are_busier_than_others(made: Made) -> None:
    counts = Counter(record.key for record in made[1])
    assert counts.most_common(1)[0][1] > 10 * 20_000 / 1_000


def test_nothing_is_spoilt_when_all_shares_are_zero() -> None:
    options = SimulationOptions(
        events=500,
        dirt_share=0,
        duplicate_share=0,
        conflict_share=0,
        unknown_share=0,
        bad_bytes_share=0,
        not_yet_supported_share=0,
    )
    simulation = Simulation(options)
    assert {record.note for record in simulation.records()} == {"good"}
    assert simulation.answer.applied == 500


def test_bulk_coupons_stay_with_one_customer_unless_asked_otherwise() -> None:
    def owners(bulk: str) -> set[int]:
        options = SimulationOptions(events=3_000, customers=100, bulk=bulk, dirt_share=0, casing_share=0)  # type: ignore[arg-type]
        counts: set[int] = set()
        for record in Simulation(options).records():
            if record.note == "good" and record.event_name == "CouponIssue" and record.envelope == "flat":
                coupons = json.loads(record.value)["data"]["coupons"]
                counts.add(len({coupon["customerIdentifiers"]["customerId"] for coupon in coupons}))
        return counts

    assert owners("own") == {1}
    assert max(owners("others")) > 2
