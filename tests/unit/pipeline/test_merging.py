"""One merge of two customers who live on different partitions, step by step."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from loyalty_stream.pipeline import dedup
from loyalty_stream.pipeline.effects import EventCount, Tally
from loyalty_stream.pipeline.merging import CUSTOMER_DOMAINS, HandOverError
from tests.golden.cases import HERE
from tests.helpers.flow import Flow, balances, dead_letters_of, header
from tests.helpers.stepped import Lane, Stepped
from tests.unit.pipeline.people import (
    CONFIG,
    NEIGHBOUR,
    ORG,
    REGISTER,
    SURVIVOR,
    THIRD,
    VICTIM,
    active,
    coupons,
    drained,
    each_ended_once,
    encoded,
    expired,
    home,
    issued,
    merge,
    moved_to,
    nothing_waits,
    row_of,
    send,
    stepped,
    types_of,
)
from tests.unit.sources.capillary.vendor import CREATED_AT

if TYPE_CHECKING:
    from loyalty_stream.model.row import Row

SAMPLES = [
    "pointsIssued.sample",
    "tierUpgraded.sample",
    "CouponIssue.single",
    "streakStart.sample",
    "badgeEarned.sample",
    "promotionIssued.sample",
    "customerUpdated.sample",
    "transactionAdded.sample",
    "partnerProgramLinked.sample",
    "rewardIssued.sample",
]


def under_way(**summary: int) -> Stepped:
    """Return a programme in which a merge is stated and the register has not heard of it yet."""
    flow = stepped()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1"))
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM, CREATED_AT + 1000, "m", **summary))
    return flow


def reason_of(flow: Flow) -> str:
    (letter,) = dead_letters_of(flow.messages)
    return header(letter, "loyalty_reason")


def without_the_merge(state: Any) -> Any:  # noqa: ANN401 - any domain's state
    return replace(state, merged=()) if hasattr(state, "merged") else state


def test_the_three_live_apart_from_the_register() -> None:
    assert len({home(SURVIVOR), home(VICTIM), home(THIRD), REGISTER}) == 4
    assert home(NEIGHBOUR) == home(SURVIVOR)


def test_a_merge_goes_by_the_register_and_the_victim_back_to_the_survivor() -> None:
    flow = under_way()
    for pair in [(home(SURVIVOR), REGISTER), (REGISTER, home(VICTIM)), (home(VICTIM), home(SURVIVOR))]:
        assert flow.ready() == [pair]
        flow.step(*pair)
    assert flow.ready() == []
    assert (active(flow, SURVIVOR), moved_to(flow, VICTIM)) == (130, SURVIVOR)
    assert nothing_waits(flow)


def test_the_merge_itself_is_counted_where_the_register_decides_on_it() -> None:
    flow = under_way()
    assert flow.tallies[home(SURVIVOR)] == Tally(consumed=2, applied=1, forwarded=1)
    flow.settle()
    assert flow.tallies[REGISTER] == Tally(consumed=1, applied=1)
    assert each_ended_once(flow, 3)


def test_the_survivors_events_wait_and_are_taken_up_in_their_order() -> None:
    flow = under_way()
    before = len(flow.derived())
    for place in range(3):
        effects = send(flow, SURVIVOR, expired(SURVIVOR, 10 + place, f"w-{place}"))
        assert (effects.tally, effects.messages) == (Tally(consumed=1, forwarded=1), [])
    assert active(flow, SURVIVOR) == 100
    assert len(flow.derived()) == before
    flow.settle()
    told = [json.loads(message.value or b"") for message in flow.derived()[before:]]
    expiries = [event["cause"]["event_id"] for event in told if event["cause"]["event_name"] == "pointsExpired"]
    assert expiries == ["w-0", "w-1", "w-2"]
    assert active(flow, SURVIVOR) == 130 - 33
    assert nothing_waits(flow)


def test_what_waited_is_counted_once_by_its_outcome() -> None:
    flow = under_way()
    late = expired(SURVIVOR, 10, "w-0")
    send(flow, SURVIVOR, late)
    send(flow, SURVIVOR, late)
    send(flow, SURVIVOR, expired(SURVIVOR, 11, "w-0"))
    flow.settle()
    assert flow.tally == Tally(consumed=10, applied=4, duplicate=1, dead_lettered=1, forwarded=4)
    assert each_ended_once(flow, 6)
    assert all(balances(tally) for tally in flow.tallies)


def test_the_outcome_of_what_waited_is_counted_under_its_own_name() -> None:
    flow = under_way()
    waits = send(flow, SURVIVOR, expired(SURVIVOR, 10, "w-0"))
    assert waits.events == {EventCount("capillary", "pointsExpired", "forwarded", ""): 1}
    flow.step(home(SURVIVOR), REGISTER)
    flow.step(REGISTER, home(VICTIM))
    released = flow.step(home(VICTIM), home(SURVIVOR))
    assert released.events == {EventCount("capillary", "pointsExpired", "applied", ""): 1}


def test_other_customers_of_the_partition_wait_for_nobody() -> None:
    flow = under_way()
    assert send(flow, NEIGHBOUR, issued(NEIGHBOUR, 5, "n-1")).tally.applied == 1


def test_the_victims_events_count_for_the_victim_until_its_state_leaves() -> None:
    flow = under_way()
    assert send(flow, VICTIM, issued(VICTIM, 5, "v-2")).tally.applied == 1
    flow.settle()
    assert active(flow, SURVIVOR) == 135


def test_a_victims_event_after_its_state_left_never_overtakes_it() -> None:
    flow = under_way()
    flow.step(home(SURVIVOR), REGISTER)
    flow.step(REGISTER, home(VICTIM))
    assert send(flow, VICTIM, issued(VICTIM, 5, "v-2")).tally.forwarded == 1
    flow.settle()
    assert active(flow, SURVIVOR) == 135
    assert each_ended_once(flow, 4)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_event_of_any_domain_waits_and_then_has_the_effect_that_it_always_has(name: str) -> None:
    value = (HERE / "capillary" / name / "input.json").read_bytes()
    direct = drained()
    direct.raw(value)
    ((key, row),) = direct.rows().items()
    org, survivor = map(int, key.split(":")[1:])
    flow = stepped()
    send(flow, survivor, {**merge(survivor, VICTIM), "orgId": org})
    derived = len(flow.derived())
    effects = flow.raw(value, partition=home(survivor))
    assert effects.tally == Tally(consumed=1, forwarded=1)
    assert len(flow.derived()) == derived
    flow.settle()
    assert without_the_merge(flow.rows()[key].state) == row.state
    assert nothing_waits(flow)


def test_a_refused_merge_releases_what_waited_and_leaves_no_trace() -> None:
    flow = stepped()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.settle()
    before = flow.rows()
    send(flow, THIRD, merge(THIRD, VICTIM, request="again"))
    send(flow, THIRD, issued(THIRD, 7, "t-1"))
    assert row_of(flow, "tiers", THIRD) is not None
    flow.settle()
    assert reason_of(flow) == "merged_already"
    assert active(flow, THIRD) == 7
    assert [key for key in flow.rows() if key not in before] == [f"points|capillary:{ORG}:{THIRD}"]
    assert each_ended_once(flow, 3)


def test_a_second_merge_waits_for_the_first_with_what_came_after_it() -> None:
    flow = under_way()
    send(flow, THIRD, issued(THIRD, 7, "t-1"))
    assert send(flow, SURVIVOR, merge(SURVIVOR, THIRD, request="second")).messages == []
    send(flow, SURVIVOR, expired(SURVIVOR, 1, "s-2"))
    for pair in [(home(SURVIVOR), REGISTER), (REGISTER, home(VICTIM)), (home(VICTIM), home(SURVIVOR))]:
        flow.step(*pair)
    assert active(flow, SURVIVOR) == 130  # the first is done; the event behind the second waits on
    row = row_of(flow, "points", SURVIVOR)
    assert row is not None
    assert row.waits
    flow.settle()
    assert active(flow, SURVIVOR) == 136
    assert nothing_waits(flow)
    assert each_ended_once(flow, 6)
    assert all(balances(tally) for tally in flow.tallies)


def test_a_merge_again_while_it_is_under_way_and_after_it_is_a_duplicate() -> None:
    flow = under_way()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.settle()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    assert flow.tally.duplicate == 2
    assert types_of(flow, SURVIVOR).count("CustomerMerged") == 1
    assert nothing_waits(flow)


def test_the_same_merge_with_another_content_is_a_conflict() -> None:
    flow = under_way(currentPoints=130)
    flow.settle()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM, currentPoints=131))
    assert reason_of(flow) == "conflict"
    assert active(flow, SURVIVOR) == 130


def test_a_record_of_which_one_part_waits_is_counted_by_the_part_that_does_not() -> None:
    flow = under_way()
    effects = flow.raw(encoded(coupons("c-1", SURVIVOR, NEIGHBOUR)), partition=home(SURVIVOR))
    assert effects.tally == Tally(consumed=1, applied=1)
    flow.settle()
    for customer in (SURVIVOR, NEIGHBOUR):
        assert types_of(flow, customer)[-1] == "CouponStateChanged"
    assert each_ended_once(flow, 4)


def test_a_record_of_which_every_part_waits_is_counted_once() -> None:
    flow = under_way()
    flow.raw(encoded(coupons("c-1", SURVIVOR, SURVIVOR)), partition=home(SURVIVOR))
    flow.settle()
    row = row_of(flow, "coupons", SURVIVOR)
    assert row is not None
    assert len(row.state.coupons) == 2
    assert each_ended_once(flow, 4)


def test_an_event_that_came_from_elsewhere_waits_as_well() -> None:
    flow = under_way()
    flow.raw(encoded(issued(SURVIVOR, 1, "s-2")), partition=home(THIRD))
    flow.step(home(THIRD), home(SURVIVOR))
    assert active(flow, SURVIVOR) == 100
    flow.settle()
    assert active(flow, SURVIVOR) == 131
    assert flow.tally.forwarded == 3  # the merge; the event, once sent and once kept
    assert each_ended_once(flow, 4)


def test_a_rejected_event_that_waited_is_a_dead_letter_with_its_own_bytes_and_headers() -> None:
    flow = under_way()
    other = encoded(issued(SURVIVOR, 101, "s-1"))
    flow.raw(other, partition=home(SURVIVOR), key=b"k", headers=[("trace", b"7")])
    flow.settle()
    (letter,) = dead_letters_of(flow.messages)
    assert (letter.key, letter.value, header(letter, "trace")) == (b"k", other, "7")
    assert header(letter, "loyalty_reason") == "conflict"
    assert header(letter, "__connect.errors.partition") == str(home(SURVIVOR))
    assert header(letter, "__connect.errors.offset") == "3"


def test_a_refused_merge_is_a_dead_letter_with_its_own_bytes() -> None:
    flow = under_way()
    flow.settle()
    value = encoded(merge(THIRD, VICTIM, request="again"))
    flow.raw(value, partition=home(THIRD))
    flow.settle()
    (letter,) = dead_letters_of(flow.messages)
    assert letter.value == value


def test_the_windows_of_both_are_one_and_no_larger_than_one() -> None:
    flow = Stepped(replace(CONFIG, dedup_window=4))
    for place in range(3):
        send(flow, SURVIVOR, issued(SURVIVOR, 1, f"s-{place}"))
        send(flow, VICTIM, issued(VICTIM, 1, f"v-{place}"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.settle()
    row = row_of(flow, "points", SURVIVOR)
    assert row is not None
    assert len(row.window) == 4 * dedup.ENTRY_BYTES
    assert send(flow, SURVIVOR, issued(SURVIVOR, 1, "s-2")).tally.duplicate == 1
    assert send(flow, SURVIVOR, issued(SURVIVOR, 1, "s-0")).tally.applied == 1  # beyond the window


def test_a_victims_event_that_came_before_the_merge_is_a_duplicate_at_the_victims_own_key() -> None:
    flow = under_way()
    flow.settle()
    assert send(flow, VICTIM, issued(VICTIM, 30, "v-1")).tally == Tally(consumed=1, duplicate=1)


def test_a_victims_event_after_the_merge_and_again_counts_once() -> None:
    flow = under_way()
    flow.settle()
    for _ in range(2):
        send(flow, VICTIM, issued(VICTIM, 5, "v-2", programCurrentPoints=999))
    flow.settle()
    assert active(flow, SURVIVOR) == 135
    assert (flow.tally.duplicate, "BalanceDriftDetected" in types_of(flow, SURVIVOR)) == (1, False)


def test_both_keys_tell_of_the_merge_and_what_was_moved() -> None:
    flow = under_way()
    flow.settle()
    told = [json.loads(message.value or b"") for message in flow.derived()]
    merged = [event["data"] for event in told if event["type"] == "CustomerMerged"]
    assert [event["role"] for event in merged] == ["victim", "survivor"]
    assert all(event["moved"] == [{"domain": "points", "count": 1}] for event in merged)


def test_every_domain_of_the_victim_points_to_the_survivor() -> None:
    flow = under_way()
    flow.settle()
    rows = [row_of(flow, domain.name, VICTIM) for domain, _ in CUSTOMER_DOMAINS]
    assert [row.moved_to for row in rows if row is not None] == [str(SURVIVOR)] * len(CUSTOMER_DOMAINS)


def test_a_state_that_nobody_waits_for_stops_the_worker() -> None:
    flow = under_way()
    flow.step(home(SURVIVOR), REGISTER)
    flow.step(REGISTER, home(VICTIM))
    twice = flow.under_way[Lane(home(VICTIM), home(SURVIVOR))]
    twice.append(twice[0])
    flow.step(home(VICTIM), home(SURVIVOR))
    with pytest.raises(HandOverError, match="does not wait"):
        flow.step(home(VICTIM), home(SURVIVOR))


@pytest.mark.parametrize("known", ["neither", "survivor", "victim"])
def test_customers_of_whom_nothing_is_known_can_be_merged(known: str) -> None:
    flow = stepped()
    if known != "neither":
        customer = SURVIVOR if known == "survivor" else VICTIM
        send(flow, customer, issued(customer, 10, "e-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.settle()
    send(flow, VICTIM, issued(VICTIM, 5, "e-2"))
    flow.settle()
    assert active(flow, SURVIVOR) == (5 if known == "neither" else 15)
    assert nothing_waits(flow)


def test_two_customers_of_one_partition_merge_too() -> None:
    flow = stepped()
    send(flow, NEIGHBOUR, issued(NEIGHBOUR, 5, "n-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, NEIGHBOUR))
    flow.settle()
    assert (active(flow, SURVIVOR), nothing_waits(flow)) == (5, True)


def test_on_a_single_partition_a_merge_is_done_at_once() -> None:
    flow = Flow()
    for event in (issued(SURVIVOR, 1, "s"), issued(VICTIM, 2, "v"), merge(SURVIVOR, VICTIM)):
        flow.raw(encoded(event))
    assert (active(flow, SURVIVOR), flow.tally) == (3, Tally(consumed=3, applied=3))


def test_another_organisations_customers_of_the_same_ids_are_left_alone() -> None:
    flow = under_way()
    other: dict[str, Any] = {**issued(SURVIVOR, 9, "o-1"), "orgId": ORG + 1}
    assert send(flow, SURVIVOR, other).tally.applied == 1
    flow.settle()
    row: Row[Any] = flow.rows()[f"points|capillary:{ORG + 1}:{SURVIVOR}"]
    assert (row.moved_to, row.waits) == (None, False)
