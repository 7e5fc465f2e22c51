import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, make_simulation
from loyalty_stream.simulate.dirt import KINDS
from loyalty_stream.simulate.options import Keying
from loyalty_stream.simulate.voucherify.bad import BAD

Made = tuple[Simulation, list[SimulatedRecord]]
UNREACHABLE = {
    DeadLetterReason.BALANCE_OUT_OF_RANGE,
    DeadLetterReason.TIMESTAMP_OUT_OF_RANGE,  # a moment is a text: no calendar has it, or it is one
    DeadLetterReason.MERGE_WITH_ITSELF,  # the vendor merges nobody
    DeadLetterReason.MERGE_CYCLE,
    DeadLetterReason.MERGED_ALREADY,
}


def options(**given: Any) -> SimulationOptions:  # noqa: ANN401 - the options' own fields
    return SimulationOptions(dialect="voucherify", **given)


@pytest.fixture(scope="module")
def made() -> Made:
    simulation = make_simulation(options(events=20_000, customers=600, seed=11, erasure_share=0.002))
    return simulation, list(simulation.records())


def notes(records: list[SimulatedRecord]) -> Counter[str]:
    return Counter(record.note for record in records)


@pytest.mark.parametrize("keying", ["customer", "mobile", "none"])
def test_the_same_options_give_the_same_bytes_and_answer(keying: Keying) -> None:
    given = options(events=2_000, customers=50, seed=5, keying=keying, erasure_share=0.005)
    one, two = make_simulation(given), make_simulation(given)
    assert list(one.records()) == list(two.records())
    assert one.answer.dump() == two.answer.dump()


def test_another_seed_gives_another_stream() -> None:
    one, two = make_simulation(options(events=100, seed=1)), make_simulation(options(events=100, seed=2))
    assert [record.value for record in one.records()] != [record.value for record in two.records()]


def test_the_answer_grows_with_each_record_read_and_can_be_written_as_json() -> None:
    simulation = make_simulation(options(events=300))
    assert all(simulation.answer.consumed == number for number, _ in enumerate(simulation.records(), start=1))
    assert json.loads(json.dumps(simulation.answer.dump()))["tally"]["consumed"] == 300


def test_the_records_can_be_read_once_only() -> None:
    simulation = make_simulation(options(events=1))
    list(simulation.records())
    with pytest.raises(RuntimeError, match="make a new simulation"):
        simulation.records()


def test_every_kind_of_dirt_every_flaw_and_every_repetition_occurs(made: Made) -> None:
    seen = notes(made[1])
    dirty = {kind for note in seen if note.startswith("dirty:") for kind in note.removeprefix("dirty:").split("+")}
    assert dirty == set(KINDS)
    assert {note.removeprefix("bad:") for note in seen if note.startswith("bad:")} == {r.value for r, _ in BAD}
    assert {"duplicate:exact", "duplicate:redelivered", "duplicate:dirty"} <= set(seen)
    assert {"good", "conflict", "unknown", "not_yet_supported", "erased"} <= set(seen)


def test_every_reason_that_the_vendors_records_can_have_is_made(made: Made) -> None:
    assert set(made[0].answer.dead_letters) == set(DeadLetterReason) - UNREACHABLE


def test_the_counters_add_up(made: Made) -> None:
    answer, seen = made[0].answer, notes(made[1])
    assert answer.consumed == 20_000
    assert answer.consumed == answer.applied + answer.duplicate + answer.ignored + answer.dead_lettered
    assert answer.applied == sum(answer.applied_events.values())
    assert answer.dead_lettered == sum(answer.dead_letters.values())
    assert answer.ignored > seen["not_yet_supported"] + seen["erased"]
    assert answer.duplicate > sum(count for note, count in seen.items() if note.startswith("duplicate"))


def test_shares_are_kept_about(made: Made) -> None:
    seen = notes(made[1])
    assert 300 < sum(count for note, count in seen.items() if note.startswith("duplicate")) < 500
    assert 900 < seen["not_yet_supported"] < 1_100
    assert 150 < sum(count for note, count in seen.items() if note.startswith("bad")) < 250


def test_time_goes_strictly_forward_within_the_span(made: Made) -> None:
    given, times = made[0].options, [record.timestamp_ms for record in made[1]]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert given.start_ms < times[0]
    assert times[-1] <= given.start_ms + given.span_ms_max


def test_keys_are_those_of_the_customers_and_campaigns(made: Made) -> None:
    assert {(record.key or b"").split(b":")[0] for record in made[1]} == {b"voucherify"}
    by_phone = make_simulation(options(events=200, keying="mobile"))
    assert all((record.key or b"").startswith((b"4670", b"campaign/")) for record in by_phone.records())
    without = make_simulation(options(events=200, keying="none"))
    assert {record.key for record in without.records()} == {None}


def test_the_headers_name_the_project_of_the_key_and_its_time_zone(made: Made) -> None:
    zones = set()
    for record in made[1]:
        headers = dict(record.headers)
        assert (record.key or b"").split(b":")[1] == headers["loyalty_org_id"]
        zones.add(headers["loyalty_time_zone"])
    assert zones == {b"UTC", b"Europe/Stockholm"}


def test_the_campaigns_come_first_and_say_what_their_tiers_last() -> None:
    clean = options(
        events=16,
        orgs=2,
        dirt_share=0,
        duplicate_share=0,
        unknown_share=0,
        bad_bytes_share=0,
        not_yet_supported_share=0,
    )
    records = list(make_simulation(clean).records())
    assert {record.event_name for record in records} == {"campaign", "campaign.created"}
    told = [json.loads(record.value) for record in records]
    documents = [each["data"]["campaign"] if "data" in each else each for each in told]
    assert len({document["id"] for document in documents}) == 16
    assert sum("loyalty_tiers_expiration" in document for document in documents) == 6


def test_one_booking_is_told_by_two_activities_with_ids_of_their_own(made: Made) -> None:
    told: dict[str, set[str]] = {}
    for record in made[1]:
        if record.note == "good" and record.event_name.startswith("customer."):
            document = json.loads(record.value)
            booking = document["data"].get("transaction")
            if booking is not None:
                told.setdefault(booking["id"], set()).add(document["id"])
    assert sum(len(ids) == 2 for ids in told.values()) > 300


def test_histories_are_believable(made: Made) -> None:
    answer = made[0].answer
    accounts = list(answer.accounts.values())
    assert all(account.active % 1 == 0 for account in accounts)
    assert 0 < sum(account.active < 0 for account in accounts) < len(accounts) / 10
    assert any(account.pending > 0 for account in accounts)
    assert {coupon.state for coupon in answer.coupons.values()} == {"issued", "redeemed", "rolled_back"}
    assert max(coupon.uses for coupon in answer.coupons.values()) > 1
    assert None in answer.tiers.values()
    assert len({campaign.state for campaign in answer.campaigns.values()}) > 2
    assert answer.transfers["settled"] > 100


def test_nothing_is_spoilt_when_all_shares_are_zero() -> None:
    clean = options(
        events=500,
        dirt_share=0,
        duplicate_share=0,
        conflict_share=0,
        unknown_share=0,
        bad_bytes_share=0,
        not_yet_supported_share=0,
        erasure_share=0,
    )
    assert {record.note for record in make_simulation(clean).records()} == {"good"}
