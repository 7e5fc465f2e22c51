"""Erasing a customer: what is deleted, what is kept without a name, and that nothing comes back."""

import json
from typing import Any

import pytest

from loyalty_stream.model.keys import partition_of
from loyalty_stream.model.secrets import id_hash
from loyalty_stream.pipeline.effects import EventCount
from loyalty_stream.pipeline.internal import ALIASES, ERASED, HELD
from tests.golden.cases import HERE
from tests.helpers.flow import Flow, dead_letters_of
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
    deletion,
    drained,
    each_ended_once,
    encoded,
    home,
    issued,
    merge,
    moved_to,
    nothing_waits,
    received,
    row_of,
    send,
    sent,
    stepped,
    types_of,
)
from tests.unit.sources.capillary.vendor import CREATED_AT

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


def naming(flow: Flow, *customers: int) -> list[str]:
    """Return the keys of rows that say the id of any of some customers."""
    rows = {key: repr((key, row)) for key, row in flow.rows().items()}
    return [key for key, said in rows.items() if any(str(customer) in said for customer in customers)]


def of_type(flow: Flow, kind: str) -> list[dict[str, Any]]:
    told = [json.loads(message.value or b"") for message in flow.derived()]
    return [event["data"] for event in told if event["type"] == kind]


def kept(flow: Flow, partition: int) -> dict[str, tuple[int, int]]:
    """Return the active and lifetime points that erased customers of a partition left."""
    key = f"kept|capillary:{ORG}".encode()
    row = flow.processor.decode_row(key, flow.tables[partition][key])
    return {place: (int(total.active), int(total.lifetime)) for place, total in row.state.totals.items()}


def test_every_row_of_the_customer_is_deleted_and_a_hash_is_left() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1"))
    flow.raw(encoded(coupons("c-1", SURVIVOR)))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    assert naming(flow, SURVIVOR) == []
    assert f"{ERASED}|{id_hash('capillary', str(ORG), str(SURVIVOR))}" in flow.rows()
    (told,) = of_type(flow, "CustomerErased")
    assert told["domains"] == ["points", "coupons"]


def test_what_is_told_of_an_erasure_is_the_last_of_the_customers_key() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1"))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-2"))
    assert types_of(flow, SURVIVOR) == ["BalanceChanged", "CustomerErased"]


def test_with_a_survivor_go_all_that_were_merged_into_it_and_the_registers_rows_of_them() -> None:
    flow = drained()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM, request="first"))
    send(flow, THIRD, merge(THIRD, SURVIVOR, request="second"))
    assert len(naming(flow, SURVIVOR, VICTIM, THIRD)) > 10
    send(flow, THIRD, deletion(THIRD))
    assert naming(flow, SURVIVOR, VICTIM, THIRD) == []
    assert [key for key in flow.rows() if key.startswith((ALIASES, HELD))] == []
    assert len([key for key in flow.rows() if key.startswith(ERASED)]) == 3
    assert kept(flow, home(THIRD)) == {"41|points": (30, 30)}


def test_a_deletion_by_a_merged_customers_old_id_erases_the_survivor() -> None:
    flow = drained()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    send(flow, VICTIM, deletion(VICTIM))
    assert naming(flow, SURVIVOR, VICTIM) == []
    assert len(of_type(flow, "CustomerErased")) == 1


def test_what_erased_customers_held_adds_up() -> None:
    flow = drained()
    for place, customer in enumerate((SURVIVOR, NEIGHBOUR)):
        send(flow, customer, issued(customer, 100 + place, f"i-{place}"))
        send(flow, customer, deletion(customer, f"d-{place}"))
    assert kept(flow, home(SURVIVOR)) == {"41|points": (201, 201)}
    assert [told["kept"][0]["active"] for told in of_type(flow, "CustomerErased")] == ["100", "101"]


def test_a_customer_who_held_nothing_leaves_no_total() -> None:
    flow = drained()
    flow.raw(encoded(coupons("c-1", SURVIVOR)))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    assert not any(key.startswith("kept|") for key in flow.rows())


def test_an_unknown_customer_is_erased_too_so_that_late_events_bring_nothing_back() -> None:
    flow = drained()
    assert send(flow, SURVIVOR, deletion(SURVIVOR)).tally.consumed == 1
    assert of_type(flow, "CustomerErased")[0] == {
        "customer_id_hash": id_hash("capillary", str(ORG), str(SURVIVOR)),
        "domains": [],
        "kept": [],
    }
    assert send(flow, SURVIVOR, issued(SURVIVOR, 1, "s-1")).tally.ignored == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_a_late_event_of_any_domain_is_ignored_and_brings_no_row_back(name: str) -> None:
    value = (HERE / "capillary" / name / "input.json").read_bytes()
    direct = drained()
    direct.raw(value)
    (key,) = direct.rows()
    org, customer = map(int, key.split(":")[1:])
    flow = drained()
    send(flow, customer, {**deletion(customer), "orgId": org})
    rows = flow.rows()
    effects = flow.raw(value, partition=home(customer))
    assert effects.events == {EventCount("capillary", name.partition(".")[0], "ignored", "customer_erased"): 1}
    assert effects.messages == []
    assert flow.rows() == rows


def test_the_same_deletion_again_is_a_duplicate_and_tells_nothing() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1"))
    for _ in range(2):
        flow.raw(encoded(deletion(SURVIVOR)), partition=home(SURVIVOR))
    assert (flow.tally.applied, flow.tally.duplicate) == (2, 1)
    assert each_ended_once(flow, 3)
    assert len(of_type(flow, "CustomerErased")) == 1
    assert kept(flow, home(SURVIVOR)) == {"41|points": (100, 100)}


def test_another_deletion_of_an_erased_customer_counts_nothing_twice() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1"))
    for event_id in ("d-1", "d-2"):
        send(flow, SURVIVOR, deletion(SURVIVOR, event_id))
    assert len(of_type(flow, "CustomerErased")) == 1
    assert kept(flow, home(SURVIVOR)) == {"41|points": (100, 100)}


def test_a_deletion_while_a_merge_is_under_way_is_done_after_it() -> None:
    flow = stepped()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    assert of_type(flow, "CustomerErased") == []
    flow.settle()
    assert naming(flow, SURVIVOR, VICTIM) == []
    assert nothing_waits(flow)
    assert kept(flow, home(SURVIVOR)) == {"41|points": (30, 30)}
    assert each_ended_once(flow, 3)


def test_what_came_after_a_deletion_that_waited_is_ignored() -> None:
    flow = stepped()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    send(flow, SURVIVOR, issued(SURVIVOR, 5, "s-2"))
    flow.settle()
    assert (flow.tally.ignored, active(flow, SURVIVOR)) == (1, None)
    assert each_ended_once(flow, 3)


def test_a_victim_who_was_erased_has_nothing_to_hand_over() -> None:
    flow = drained()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    send(flow, VICTIM, deletion(VICTIM))
    send(flow, SURVIVOR, issued(SURVIVOR, 5, "s-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    assert (active(flow, SURVIVOR), moved_to(flow, VICTIM)) == (5, None)
    assert send(flow, VICTIM, issued(VICTIM, 30, "v-2")).tally.ignored == 1
    assert nothing_waits(flow)
    assert naming(flow, VICTIM) == []


def test_a_victim_who_is_erased_before_its_state_is_asked_for_has_nothing_to_hand_over() -> None:
    flow = stepped()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.step(home(SURVIVOR), REGISTER)
    flow.raw(encoded(deletion(VICTIM)), partition=home(VICTIM))
    flow.settle()
    assert row_of(flow, "points", SURVIVOR) is None
    assert nothing_waits(flow)
    assert kept(flow, home(VICTIM)) == {"41|points": (30, 30)}


def test_a_merge_into_an_erased_survivor_is_ignored_and_the_victim_stays() -> None:
    flow = drained()
    send(flow, SURVIVOR, deletion(SURVIVOR))
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    effects = send(flow, SURVIVOR, merge(SURVIVOR, VICTIM, at=CREATED_AT + 9001))
    assert effects.events == {EventCount("capillary", "loyaltyCustomerMerge", "ignored", "customer_erased"): 1}
    assert (active(flow, VICTIM), dead_letters_of(flow.messages)) == (30, [])


def test_a_merge_that_comes_after_the_erasure_that_followed_it_erases_the_victim_too() -> None:
    flow = drained()
    send(flow, SURVIVOR, deletion(SURVIVOR))
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    effects = send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    assert effects.events == {EventCount("capillary", "loyaltyCustomerMerge", "ignored", "customer_erased"): 1}
    assert naming(flow, VICTIM) == []
    assert kept(flow, home(VICTIM)) == {"41|points": (30, 30)}


def test_a_merged_customers_event_on_its_way_to_an_erased_survivor_is_ignored() -> None:
    flow = stepped()
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.settle()
    send(flow, VICTIM, issued(VICTIM, 5, "v-2"))
    flow.raw(encoded(deletion(SURVIVOR)), partition=home(SURVIVOR))
    flow.settle()
    assert flow.tally.ignored == 1
    assert naming(flow, SURVIVOR, VICTIM) == []
    assert each_ended_once(flow, 3)


def test_a_transfer_that_an_erased_customer_took_part_in_is_told_to_the_other_only() -> None:
    flow = drained()
    send(flow, SURVIVOR, sent(SURVIVOR, 10, "t-1"))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    send(flow, VICTIM, received(VICTIM, 10, "t-1"))
    assert types_of(flow, VICTIM) == ["BalanceChanged", "PointsTransferSettled"]
    assert types_of(flow, SURVIVOR)[-1] == "CustomerErased"
    assert row_of(flow, "points", SURVIVOR) is None
    assert each_ended_once(flow, 3)


def test_erased_rows_lie_on_the_partition_of_their_customer() -> None:
    flow = drained()
    send(flow, THIRD, deletion(THIRD))
    key = f"{ERASED}|{id_hash('capillary', str(ORG), str(THIRD))}".encode()
    holders = [partition for partition, table in enumerate(flow.tables) if key in table]
    assert holders == [partition_of(str(THIRD).encode(), CONFIG.partitions)]
