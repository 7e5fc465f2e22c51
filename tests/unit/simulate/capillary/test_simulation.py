import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, dirt, make_simulation
from loyalty_stream.simulate.capillary.bad import BAD
from loyalty_stream.simulate.capillary.envelopes import ENVELOPES

NAMES = {
    *("pointsIssued", "pointsRedeemed", "promisedToCurrentPointsConversion", "pointsExpired", "pointsExpiryReminder"),
    *("redeemedPointsReversed", "issuedPointsReversed", "singlePointsExpiryUpdated"),
    *("manualPointsAdjustment", "pointsContributionToGroup"),
    *("pointsTransferredInitiated", "pointsTransferredReceived", "loyaltyCustomerMerge"),
    *("alternateCurrenciesIssued", "issuedAlternateCurrenciesReversed"),
    "promisedToCurrentAlternateCurrencyConversion",
    *("tierUpgraded", "tierRenewed", "tierDowngraded", "tierDowngradeReminder", "CouponIssue", "CouponRedeem"),
    *("streakStart", "streakEnd", "streakLevelAchieved", "streakLevelUnAchieved"),
    *("streakCustomerEnrolment", "streakCustomerUnEnrolment"),
    *("targetEnrolment", "targetPeriodStarted", "targetAchievedValueUpdated", "targetValueAchieved"),
    *("targetValueUpdated", "targetPeriodCompleted", "unifiedTargetsAchieved", "unifiedTargetsUnAchieved"),
    "badgeEarned",
    *("promotionIssued", "promotionEarned", "revokeIssuedPromotion", "revokeEarnedPromotion"),
    *("customerAdded", "customerUpdated", "transactionAdded", "transactionUpdated"),
    *("partnerProgramLinked", "partnerProgramUpdated", "partnerProgramDelinked"),
    "supplementaryMembershipExpiryReminder",
    *("rewardCreated", "rewardUpdated", "rewardExpiryReminder", "rewardIssued", "issueRewardFailure", "cardUpdated"),
    *("requestUpdated", "requestWorkflowEvent"),
}
Made = tuple[Simulation, list[SimulatedRecord]]


@pytest.fixture(scope="module")
def made() -> Made:
    options = SimulationOptions(
        events=20_000,
        customers=1_000,
        seed=11,
        bulk="others",
        transfer_share=0.02,
        merge_share=0.005,
        bad_merge_share=0.002,
        erasure_share=0.002,
    )
    simulation = make_simulation(options)
    return simulation, list(simulation.records())


def notes(records: list[SimulatedRecord]) -> Counter[str]:
    return Counter(record.note for record in records)


@pytest.mark.parametrize("keying", ["customer", "mobile", "none"])
def test_the_same_options_give_the_same_bytes_and_answer(keying: str) -> None:
    options = SimulationOptions(
        events=2_000,
        customers=50,
        seed=5,
        keying=keying,  # type: ignore[arg-type]
        transfer_share=0.02,
        merge_share=0.01,
        bad_merge_share=0.005,
        erasure_share=0.005,
    )
    one, two = make_simulation(options), make_simulation(options)
    assert list(one.records()) == list(two.records())
    assert one.answer.dump() == two.answer.dump()


def test_another_seed_gives_another_stream() -> None:
    one = make_simulation(SimulationOptions(events=100, seed=1))
    two = make_simulation(SimulationOptions(events=100, seed=2))
    assert [record.value for record in one.records()] != [record.value for record in two.records()]


def test_the_answer_grows_with_each_record_read() -> None:
    simulation = make_simulation(SimulationOptions(events=300))
    assert all(simulation.answer.consumed == number for number, _ in enumerate(simulation.records(), start=1))


def test_the_records_can_be_read_once_only() -> None:
    simulation = make_simulation(SimulationOptions(events=1))
    list(simulation.records())
    with pytest.raises(RuntimeError, match="make a new simulation"):
        simulation.records()


def test_every_event_occurs_in_every_envelope_and_in_other_casing(made: Made) -> None:
    applied = [record for record in made[1] if record.note.startswith(("good", "dirty"))]
    assert {record.event_name for record in applied} == NAMES
    seen = Counter((record.event_name, record.envelope) for record in applied)
    often = {name for name in NAMES if sum(seen[name, envelope] for envelope in ENVELOPES) > 60}
    assert len(often) >= 40
    assert {name for name in often if all(seen[name, envelope] for envelope in ENVELOPES)} == often
    assert any(record.event_name.upper().encode() in record.value for record in applied)


def test_every_kind_of_dirt_and_every_flaw_occurs(made: Made) -> None:
    seen = notes(made[1])
    dirty = {kind for note in seen if note.startswith("dirty:") for kind in note.removeprefix("dirty:").split("+")}
    assert dirty == set(dirt.KINDS)
    assert {note.removeprefix("bad:") for note in seen if note.startswith("bad:")} == {r.value for r, _ in BAD}
    assert {"duplicate:exact", "duplicate:redelivered", "duplicate:dirty"} <= set(seen)
    assert {"good", "conflict", "unknown", "not_yet_supported", "erased"} <= set(seen)
    impossible = {note.removeprefix("bad_merge:") for note in seen if note.startswith("bad_merge:")}
    assert impossible == {"merge_with_itself", "merge_cycle", "merged_already"}


def test_every_reason_but_the_unreachable_balance_is_made(made: Made) -> None:
    assert set(made[0].answer.dead_letters) == set(DeadLetterReason) - {DeadLetterReason.BALANCE_OUT_OF_RANGE}


def test_the_counters_are_those_of_the_notes(made: Made) -> None:
    answer, seen = made[0].answer, notes(made[1])
    assert answer.consumed == 20_000
    assert answer.consumed == answer.applied + answer.duplicate + answer.ignored + answer.dead_lettered
    assert answer.applied == sum(answer.applied_events.values())
    assert answer.applied == sum(count for note, count in seen.items() if note.startswith(("good", "dirty")))
    assert answer.duplicate == sum(count for note, count in seen.items() if note.startswith("duplicate"))
    assert answer.ignored == seen["not_yet_supported"] + seen["erased"]
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


def test_what_happens_to_a_customer_happens_later_than_all_before(made: Made) -> None:
    last: dict[bytes | None, int] = {}
    late = 0
    for record in made[1]:
        if not record.note.startswith(("good", "dirty", "erased")) or record.envelope is None:
            continue
        time_ms = record.timestamp_ms if "implausible" in record.note else created_at(record)
        assert time_ms <= record.timestamp_ms
        if time_ms > last.get(record.key, 0):
            last[record.key] = time_ms
        else:
            late += 1  # than a merge or an erasure: another record of the same tick was made before
    assert late == notes(made[1])["erased"]


def created_at(record: SimulatedRecord) -> int:
    """Return the vendor's time of a record, dirty or not."""
    assert record.envelope is not None
    return int(float(squeezed(record)["createdAt"]))


def squeezed(record: SimulatedRecord) -> dict[str, Any]:
    """Return the object that holds the event, keys repaired."""
    value = json.loads(record.value, object_pairs_hook=lambda pairs: {"".join(key.split()): v for key, v in pairs})
    if record.envelope == "wrapped":
        value = value["attributes"]
    elif record.envelope == "captured":
        value = value["event"]["body"]
    assert isinstance(value, dict)
    return value


def test_a_duplicate_follows_its_original_closely(made: Made) -> None:
    last_seen: dict[tuple[bytes | None, bytes], int] = {}
    for number, record in enumerate(made[1]):
        if record.note == "duplicate:exact":
            assert number - last_seen[record.key, record.value] <= 40
        last_seen[record.key, record.value] = number


def test_keys_are_those_of_the_customers_or_of_what_is_no_customers(made: Made) -> None:
    assert {(record.key or b"").split(b":")[0] for record in made[1]} == {b"capillary"}
    by_mobile = make_simulation(SimulationOptions(events=200, keying="mobile"))
    assert all((record.key or b"").startswith((b"91000000", b"reward/", b"card/")) for record in by_mobile.records())
    without = make_simulation(SimulationOptions(events=200, keying="none"))
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
        bad_merge_share=0,
        erasure_share=0,
    )
    simulation = make_simulation(options)
    assert {record.note for record in simulation.records()} == {"good"}
    assert simulation.answer.applied == 500


def test_bulk_coupons_stay_with_one_customer_unless_asked_otherwise() -> None:
    def owners(bulk: str) -> set[int]:
        options = SimulationOptions(events=3_000, customers=100, bulk=bulk, dirt_share=0, casing_share=0)  # type: ignore[arg-type]
        counts: set[int] = set()
        for record in make_simulation(options).records():
            if record.note == "good" and record.event_name == "CouponIssue" and record.envelope == "flat":
                coupons = json.loads(record.value)["data"]["coupons"]
                counts.add(len({coupon["customerIdentifiers"]["customerId"] for coupon in coupons}))
        return counts

    assert owners("own") == {1}
    assert max(owners("others")) > 2
