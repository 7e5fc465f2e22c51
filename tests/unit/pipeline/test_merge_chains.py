"""Several merges at once: whatever order Kafka chooses, they end, and they end the same."""

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.flow import balances, dead_letters_of, header, readable
from tests.helpers.stepped import Choose, Stepped, every_way
from tests.unit.pipeline.people import (
    REGISTER,
    SURVIVOR,
    THIRD,
    VICTIM,
    active,
    customer_on,
    each_ended_once,
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
    from collections.abc import Callable

    from loyalty_stream.pipeline.effects import Effects

FOURTH = customer_on(REGISTER)
Raw = tuple[int, dict[str, Any]]
"""A customer, on whose partition the record lies, and the record."""

CHAIN: list[Raw] = [
    (SURVIVOR, issued(SURVIVOR, 100, "s-1")),
    (VICTIM, issued(VICTIM, 30, "v-1")),
    (THIRD, issued(THIRD, 7, "t-1")),
    (SURVIVOR, merge(SURVIVOR, VICTIM, request="first")),
    (THIRD, merge(THIRD, SURVIVOR, request="second")),
]


def raced(raws: list[Raw], choose: Choose, settled: int = 0) -> Stepped:
    """Return a programme after records that come in a chosen order, but for some first ones that are settled before.

    Only the records of one partition keep their order, and what they send to another one.
    """
    flow = stepped()
    for customer, event in raws[:settled]:
        send(flow, customer, event)
    waiting: dict[int, list[Raw]] = {}
    for raw in raws[settled:]:
        waiting.setdefault(home(raw[0]), []).append(raw)
    while (pairs := flow.ready()) or any(waiting.values()):
        options: list[Callable[[], Effects]] = [lambda pair=pair: flow.step(*pair) for pair in pairs]  # type: ignore[misc]
        options += [lambda left=left: send(flow, *left.pop(0)) for left in waiting.values() if left]  # type: ignore[misc]
        options[choose(len(options))]()
    return flow


def stated(raws: list[Raw], choose: Choose) -> Stepped:
    """Return a programme in which all records are stated first; what they send comes in a chosen order."""
    flow = stepped()
    for customer, event in raws:
        send(flow, customer, event)
    flow.settle(choose)
    return flow


def accounts(flow: Stepped) -> Any:  # noqa: ANN401 - a JSON document
    """Return every customer's accounts, or whom they went to."""
    return {key: row.moved_to or readable(row.state) for key, row in flow.rows().items() if key.startswith("points|")}


def reasons(flow: Stepped) -> list[str]:
    return [header(letter, "loyalty_reason") for letter in dead_letters_of(flow.messages)]


def is_sound(flow: Stepped, raws: list[Raw]) -> bool:
    return nothing_waits(flow) and each_ended_once(flow, len(raws)) and all(map(balances, flow.tallies))


def test_a_chain_of_merges_ends_with_the_same_accounts_in_every_order() -> None:
    late: list[Raw] = [
        (VICTIM, issued(VICTIM, 5, "v-2")),
        (SURVIVOR, issued(SURVIVOR, 3, "s-2")),
        (THIRD, expired(THIRD, 1, "t-2")),
    ]
    flows = list(every_way(lambda choose: stated([*CHAIN, *late], choose)))
    assert len(flows) > 5
    assert all(is_sound(flow, [*CHAIN, *late]) for flow in flows)
    assert all(accounts(flow) == accounts(flows[0]) for flow in flows)
    assert active(flows[0], THIRD) == 144


def test_a_chain_ends_with_all_of_it_at_its_end_whenever_each_record_comes() -> None:
    flows = list(every_way(lambda choose: raced(CHAIN, choose, settled=3)))
    assert len(flows) > 20
    assert all(is_sound(flow, CHAIN) and reasons(flow) == [] for flow in flows)
    assert {active(flow, THIRD) for flow in flows} == {137}
    assert {moved_to(flow, SURVIVOR) for flow in flows} == {THIRD}
    assert {moved_to(flow, VICTIM) for flow in flows} <= {SURVIVOR, THIRD}


@given(st.data())
def test_events_of_every_customer_of_a_chain_count_once_whenever_they_come(data: st.DataObject) -> None:
    late: list[Raw] = [
        (customer, event)
        for customer in (SURVIVOR, VICTIM, THIRD)
        for event in (
            issued(customer, 20, f"{customer}-late"),
            expired(customer, 5, f"{customer}-gone"),
            issued(customer, 20, f"{customer}-late"),  # and again
        )
    ]
    raws = [*CHAIN, *late]
    flow = raced(raws, lambda options: data.draw(st.integers(0, options - 1)))
    assert is_sound(flow, raws)
    assert (flow.tally.duplicate, reasons(flow)) == (3, [])
    assert active(flow, THIRD) == 137 + 3 * 15
    row = row_of(flow, "points", THIRD)
    assert row is not None
    assert all(sum(lot.remaining for lot in held.lots) == held.active for held in row.state.accounts.values())


def test_a_survivor_who_goes_takes_along_whoever_went_to_it() -> None:
    flow = stated(CHAIN, lambda _: 0)
    row = row_of(flow, "customers", THIRD)
    assert row is not None
    assert row.state.merged == (str(VICTIM), str(SURVIVOR))


def test_a_victims_late_event_goes_along_the_whole_chain() -> None:
    flow = stated(CHAIN, lambda _: 0)
    send(flow, VICTIM, issued(VICTIM, 5, "v-2"))
    assert flow.ready() == [(home(VICTIM), home(SURVIVOR))]
    flow.step(home(VICTIM), home(SURVIVOR))
    assert flow.ready() == [(home(SURVIVOR), home(THIRD))]
    flow.settle()
    assert active(flow, THIRD) == 142
    assert each_ended_once(flow, 6)


def test_a_merge_stated_of_a_merged_survivor_is_one_into_whom_it_went_to() -> None:
    raws = [*CHAIN, (SURVIVOR, merge(SURVIVOR, FOURTH, request="third", currentPoints=1))]
    flow = stated(raws[:-1], lambda _: 0)
    send(flow, FOURTH, issued(FOURTH, 2, "f-1"))
    send(flow, *raws[-1])
    flow.settle()
    assert moved_to(flow, FOURTH) == THIRD
    assert active(flow, THIRD) == 139
    assert "BalanceDriftDetected" not in types_of(flow, THIRD)  # the summary spoke of another


def test_of_two_merges_that_make_a_cycle_exactly_one_is_refused_and_nothing_waits_for_ever() -> None:
    raws = [
        (SURVIVOR, issued(SURVIVOR, 100, "s-1")),
        (VICTIM, issued(VICTIM, 30, "v-1")),
        (SURVIVOR, merge(SURVIVOR, VICTIM, request="one")),
        (VICTIM, merge(VICTIM, SURVIVOR, request="other")),
        (SURVIVOR, issued(SURVIVOR, 1, "s-2")),
        (VICTIM, issued(VICTIM, 2, "v-2")),
    ]
    flows = list(every_way(lambda choose: raced(raws, choose, settled=2)))
    assert len(flows) > 20
    assert all(is_sound(flow, raws) for flow in flows)
    assert all(reasons(flow) == ["merge_cycle"] for flow in flows)
    ends = {(active(flow, SURVIVOR), active(flow, VICTIM)) for flow in flows}
    assert ends == {(133, None), (None, 133)}


def cycle_of_three() -> list[Raw]:
    ring = [SURVIVOR, VICTIM, THIRD]
    raws: list[Raw] = [(customer, issued(customer, 10**place, f"{place}")) for place, customer in enumerate(ring)]
    raws += [(ring[at], merge(ring[at], ring[at - 1], request=f"m-{at}")) for at in range(3)]
    return raws


def test_of_three_merges_that_make_a_cycle_one_is_refused_in_every_order() -> None:
    raws = cycle_of_three()
    flows = list(every_way(lambda choose: stated(raws, choose)))
    assert len(flows) > 5
    assert all(is_sound(flow, raws) and reasons(flow) == ["merge_cycle"] for flow in flows)
    assert all(sum(active(flow, customer) or 0 for customer in (SURVIVOR, VICTIM, THIRD)) == 111 for flow in flows)


@given(st.data())
def test_of_three_merges_that_make_a_cycle_at_least_one_is_refused_whenever_they_come(data: st.DataObject) -> None:
    raws = cycle_of_three()
    flow = raced(raws, lambda options: data.draw(st.integers(0, options - 1)))
    assert is_sound(flow, raws)
    assert reasons(flow) == ["merge_cycle"]
    ends = [points for customer in (SURVIVOR, VICTIM, THIRD) if (points := active(flow, customer)) is not None]
    assert ends == [111]


@given(st.data())
def test_whatever_merges_come_each_ends_and_no_point_is_lost(data: st.DataObject) -> None:
    four = [SURVIVOR, VICTIM, THIRD, FOURTH]
    raws: list[Raw] = [(customer, issued(customer, 10**place, f"{place}")) for place, customer in enumerate(four)]
    pairs = st.tuples(st.sampled_from(four), st.sampled_from(four)).filter(lambda pair: pair[0] != pair[1])
    for at, (survivor, victim) in enumerate(data.draw(st.lists(pairs, min_size=1, max_size=6))):
        raws.append((survivor, merge(survivor, victim, request=f"m-{at}", at=CREATED_AT + at)))
    flow = raced(raws, lambda options: data.draw(st.integers(0, options - 1)))
    assert is_sound(flow, raws)
    assert set(reasons(flow)) <= {"merge_cycle", "merged_already"}
    assert sum(active(flow, customer) or 0 for customer in four) == 1111


@pytest.mark.parametrize("first", [SURVIVOR, THIRD])
def test_a_victim_of_two_merges_goes_to_the_one_that_the_register_hears_of_first(first: int) -> None:
    flow = stepped()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"))
    for survivor in (SURVIVOR, THIRD):
        send(flow, survivor, merge(survivor, VICTIM, request=str(survivor)))
    flow.step(home(first), REGISTER)
    flow.settle()
    assert (moved_to(flow, VICTIM), active(flow, first)) == (first, 30)
    assert reasons(flow) == ["merged_already"]
    assert nothing_waits(flow)


def test_a_merge_into_ones_own_victim_is_a_cycle_also_over_a_chain() -> None:
    flow = stated(CHAIN, lambda _: 0)
    for survivor, victim in [(VICTIM, SURVIVOR), (VICTIM, THIRD), (SURVIVOR, THIRD)]:
        send(flow, survivor, merge(survivor, victim, request=f"{survivor}<-{victim}"))
        flow.settle()
    assert reasons(flow) == ["merge_cycle"] * 3
    assert (active(flow, THIRD), nothing_waits(flow)) == (137, True)
