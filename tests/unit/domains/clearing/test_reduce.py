"""Join the two legs of a transfer, whichever comes first."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from msgspec.structs import replace

from loyalty_stream.domains.clearing import DOMAIN
from loyalty_stream.domains.clearing.events import TransferWaitEnded
from loyalty_stream.domains.clearing.state import OPEN_MAX, UNMATCHED_AFTER_MS, ClearingState
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import CanonicalEvent, Cause, EventBody
from loyalty_stream.model.outcome import Applied, Outcome
from loyalty_stream.model.transfer import Direction, TransferLegBooked, TransferSettled, TransferUnmatched
from tests.unit.domains.helpers import OBSERVED_AT, canonical, outcome_of

A, B = "cust-a", "cust-b"
DAY = UNMATCHED_AFTER_MS


def leg(
    direction: Direction,
    amount: int = 10,
    customer: str | None = None,
    transfer: str = "t-1",
    after: int = 0,
    part: str = "",
) -> CanonicalEvent:
    """Return a leg as its customer's partition sends it, seen so many milliseconds after the first one."""
    body = TransferLegBooked(transfer, direction, customer or (A if direction == "out" else B), Decimal(amount))
    return canonical(
        body,
        customer_id=None,
        key="capillary:7001:clearing/7",
        source_key=f"{transfer}-{direction}{part}",
        occurred_at=OBSERVED_AT - 500 + after,
        observed_at=OBSERVED_AT + after,
        cause=Cause(
            direction, f"{transfer}-{direction}{part}", "loyalty.raw.capillary", 1 if direction == "in" else 2, 7
        ),
    )


def reduced(state: ClearingState, event: CanonicalEvent) -> Outcome[ClearingState]:
    given = {name: getattr(event, name) for name in event.__struct_fields__ if name != "body"}
    return outcome_of(DOMAIN, state, event.body, **given)


def joined(state: ClearingState, event: CanonicalEvent) -> Applied[ClearingState]:
    outcome = reduced(state, event)
    assert isinstance(outcome, Applied)
    assert outcome.derived == ()  # nothing is published here
    return outcome


def cleared(*events: CanonicalEvent) -> tuple[ClearingState, list[CanonicalEvent]]:
    """Return the state after legs, and all that customers are told."""
    state = DOMAIN.initial
    told: list[CanonicalEvent] = []
    for event in events:
        outcome = joined(state, event)
        state = outcome.state
        told += outcome.follow_ups
    return state, told


def said(told: Sequence[CanonicalEvent]) -> list[tuple[str | None, EventBody]]:
    return [(event.customer_id, event.body) for event in told]


def settled(amount: int, transfer: str = "t-1") -> TransferSettled:
    return TransferSettled(transfer, A, B, Decimal(amount))


def test_a_leg_alone_waits_and_nobody_is_told() -> None:
    state, told = cleared(leg("out"))
    assert (list(state.open), told) == (["t-1"], [])


@pytest.mark.parametrize("order", [("out", "in"), ("in", "out")])
def test_both_customers_are_told_once_both_legs_are_there(order: tuple[Direction, Direction]) -> None:
    state, told = cleared(*(leg(direction) for direction in order))
    assert state == ClearingState()
    assert said(told) == [(A, settled(10)), (B, settled(10))]


def test_what_is_told_is_the_same_in_either_order() -> None:
    first, second = leg("out"), leg("in", after=5_000)
    assert cleared(first, second)[1] == cleared(second, first)[1]


def test_each_customer_is_told_as_caused_by_its_own_leg() -> None:
    out, in_ = leg("out"), leg("in", after=5_000)
    for told, own in zip(cleared(out, in_)[1], (out, in_), strict=True):
        assert told.key == f"capillary:7001:{told.customer_id}"
        assert told.source_key == f"{own.source_key}|TransferSettled|10"
        assert (told.cause, told.occurred_at, told.observed_at) == (own.cause, own.occurred_at, own.observed_at)


def test_a_leg_in_parts_is_the_sum_of_them() -> None:
    state, told = cleared(leg("out", 4, part="-1"), leg("out", 6, part="-2"), leg("in", 10))
    assert (state, said(told)) == (ClearingState(), [(A, settled(10)), (B, settled(10))])


@pytest.mark.parametrize(("out", "in_", "who"), [(10, 7, A), (7, 10, B)])
def test_where_amounts_differ_the_smaller_is_settled_and_who_has_more_is_told_the_rest(
    out: int, in_: int, who: str
) -> None:
    rest = (who, TransferUnmatched("t-1", A, B, Decimal(3)))
    for legs in permutations([leg("out", out), leg("in", in_)]):
        state, told = cleared(*legs)
        assert state == ClearingState()
        assert said(told) == [(A, settled(7)), (B, settled(7)), rest]


@pytest.mark.parametrize(
    ("direction", "unmatched"),
    [("out", TransferUnmatched("t-1", A, None, Decimal(10))), ("in", TransferUnmatched("t-1", None, B, Decimal(10)))],
)
def test_a_leg_that_waits_for_more_than_a_day_is_reported_to_its_customer_once(
    direction: Direction, unmatched: TransferUnmatched
) -> None:
    state, told = cleared(leg(direction), leg("out", transfer="t-2", after=DAY + 1))
    assert said(told) == [(A if direction == "out" else B, unmatched)]
    assert list(state.open) == ["t-1", "t-2"]
    assert joined(state, leg("out", transfer="t-3", after=DAY + 2)).follow_ups == ()


def test_a_leg_that_waits_for_a_day_is_not_reported_yet() -> None:
    assert cleared(leg("out"), leg("out", transfer="t-2", after=DAY))[1] == []


def test_time_is_that_of_the_records_and_not_the_vendors() -> None:
    late = leg("out", transfer="t-2", after=DAY + 1)
    early = canonical(late.body, customer_id=None, source_key="t-2", occurred_at=0, observed_at=OBSERVED_AT + DAY)
    assert cleared(leg("out"), early)[1] == []


def test_a_report_says_the_legs_own_cause_and_time() -> None:
    own = leg("out")
    (told,) = cleared(own, leg("out", transfer="t-2", after=DAY + 1))[1]
    assert (told.cause, told.occurred_at, told.observed_at) == (own.cause, own.occurred_at, own.observed_at)
    assert told.source_key == f"{own.source_key}|TransferUnmatched|10|alone"


def test_a_match_after_a_report_still_settles() -> None:
    state, told = cleared(leg("out"), leg("out", transfer="t-2", after=DAY + 1), leg("in", after=2 * DAY))
    assert [body for _, body in said(told)[1:3]] == [settled(10), settled(10)]
    assert list(state.open) == ["t-2"]


def test_a_leg_that_comes_after_its_other_has_waited_for_days_settles_and_is_not_reported() -> None:
    assert said(cleared(leg("out"), leg("in", after=3 * DAY))[1]) == [(A, settled(10)), (B, settled(10))]


def test_what_is_told_twice_of_one_leg_has_two_source_keys() -> None:
    _, told = cleared(
        leg("out", 10),
        leg("in", 1, transfer="t-2", after=DAY + 1),
        leg("out", 5, part="-2", after=DAY + 2),
        leg("in", 5, after=DAY + 3),
    )
    of_a = [event for event in told if event.customer_id == A]
    assert [type(event.body) for event in of_a] == [TransferUnmatched, TransferSettled, TransferUnmatched]
    assert len({event.source_key for event in of_a}) == 3


def full(reported: int = 0) -> ClearingState:
    state, _ = cleared(*(leg("out", transfer=f"t-{place}") for place in range(reported)))
    for place in range(reported, OPEN_MAX):
        state = joined(state, leg("out", transfer=f"t-{place}")).state
    return state


def test_beyond_what_is_kept_the_leg_that_waits_longest_is_reported_and_forgotten() -> None:
    state = full()
    outcome = joined(state, leg("in", transfer="one more"))
    assert said(outcome.follow_ups) == [(A, TransferUnmatched("t-0", A, None, Decimal(10)))]
    assert len(outcome.state.open) == OPEN_MAX
    assert "t-0" not in outcome.state.open


def test_a_leg_that_was_reported_is_forgotten_silently() -> None:
    state = full()
    state = joined(state, leg("out", transfer="t-1", part="-2", after=DAY + 1)).state  # all are overdue and reported
    outcome = joined(state, leg("in", transfer="one more", after=DAY + 2))
    assert outcome.follow_ups == ()
    assert len(outcome.state.open) == OPEN_MAX


def test_the_same_legs_give_the_same_twice() -> None:
    legs = [leg("out", 4), leg("in", 9, transfer="t-2", after=DAY + 1), leg("in", 3, after=DAY + 2)]
    assert cleared(*legs) == cleared(*legs)


def test_by_our_own_clock_a_leg_that_has_waited_too_long_is_told_once_as_by_another_leg() -> None:
    state = cleared(leg("out"))[0]
    late = replace(leg("out"), body=TransferWaitEnded(date(2025, 6, 17)), observed_at=OBSERVED_AT + DAY + 1)
    outcome = joined(state, late)
    by_another = cleared(leg("out"), leg("in", transfer="t-2", after=DAY + 1))[1]
    assert list(outcome.follow_ups) == by_another
    assert reduced(outcome.state, late) == NOTHING_DUE


def test_by_our_own_clock_a_leg_that_has_not_waited_long_enough_waits_on() -> None:
    early = replace(leg("out"), body=TransferWaitEnded(date(2025, 6, 17)), observed_at=OBSERVED_AT + DAY)
    assert reduced(cleared(leg("out"))[0], early) == NOTHING_DUE
