"""Events of before a merge that come after it: what the vendor's summary said holds, each field by itself."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.events import AccountDebit, PointsTransferredIn, PointsTransferredOut
from loyalty_stream.model.events import EventBody
from tests.unit.domains.points.facts import (
    SOON,
    adjust,
    convert,
    expire,
    issue,
    redeem,
    reverse,
    take_back,
    totals,
)
from tests.unit.domains.points.merging import AT, drifts, having, merged, numbers, said, summary, the_account, then

NONE = DOMAIN.initial
OUT = PointsTransferredOut("points", (AccountDebit("41", Decimal(5), totals()),), "t-1")
IN = PointsTransferredIn("41", "points", Decimal(5), "t-1")
FACTS: dict[str, EventBody] = {
    "issue": issue((60, SOON)),
    "promise": issue(promised=4),
    "redeem": redeem(5, "R9"),
    "redeem more than there is": redeem(500),
    "convert": convert(3),
    "expire": expire(5),
    "reverse a redemption": reverse(5, "R1"),
    "reverse an unknown redemption": reverse(5, "R7"),
    "reverse an issue": take_back(5, promised=1),
    "transfer out": OUT,
    "transfer in": IN,
    "adjust": adjust(5),
}
every_fact = pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS.keys())
SURVIVOR = having(issue((50, SOON), promised=6), redeem(10, "R1"))


@every_fact
@pytest.mark.parametrize("at", [0, AT - 1, AT])
def test_a_late_event_leaves_adopted_balances_as_they_are(fact: EventBody, at: int) -> None:
    state = merged(SURVIVOR, NONE, summary(120, 9, 400)).state
    outcome = then(state, fact, at=at)
    assert numbers(outcome.state) == (120, 9, 400)
    for place in range(1, 4):
        assert sum(each[place] for each in said(outcome.derived)) == 0  # type: ignore[misc]  # numbers after the first


@every_fact
def test_an_event_of_after_the_merge_counts(fact: EventBody) -> None:
    state = merged(SURVIVOR, NONE, summary(120, 9, 400)).state
    outcome = then(state, fact, at=AT + 1)
    assert numbers(outcome.state) != (120, 9, 400)
    assert [each[0] for each in said(outcome.derived)] != []
    assert all(each[0] != "baselined" for each in said(outcome.derived))


@every_fact
def test_a_late_event_counts_where_no_summary_was_adopted(fact: EventBody) -> None:
    assert numbers(then(merged(SURVIVOR, NONE).state, fact, at=0).state) == numbers(then(SURVIVOR, fact, at=0).state)


def test_a_late_event_counts_in_what_the_summary_did_not_state() -> None:
    state = merged(SURVIVOR, NONE, summary(lifetime=400)).state
    assert numbers(then(state, issue((60, SOON), promised=1), at=0).state) == (100, 7, 400)


def test_a_late_issue_is_a_lot_of_its_own_instead_of_points_from_before_our_time() -> None:
    state = then(merged(SURVIVOR, NONE, summary(120)).state, issue((60, SOON)), at=0).state
    assert sorted((lot.kind, int(lot.remaining)) for lot in the_account(state).lots) == [
        ("baseline", 20),
        ("regular", 40),
        ("regular", 60),
    ]


def test_a_late_redemption_can_be_reversed_after_the_merge() -> None:
    state = then(merged(SURVIVOR, NONE, summary(40)).state, redeem(5, "R9"), at=0).state
    assert numbers(then(state, reverse(5, "R9")).state)[0] == 45


def test_the_totals_of_a_late_event_say_nothing() -> None:
    state = merged(SURVIVOR, NONE, summary(120, 9, 400)).state
    assert drifts(then(state, issue((60, SOON), of=totals(1, 2)), at=0).derived) == []


def test_a_late_event_of_the_victims_leaves_adopted_balances_too() -> None:
    state = merged(NONE, having(issue((30, SOON)), of="v"), summary(120)).state
    assert numbers(then(state, expire(5), at=0).state)[0] == 120


def test_a_second_merge_keeps_what_the_victims_own_merge_settled() -> None:
    gone = merged(having(issue((10, None)), of="v"), NONE, summary(70), at=AT - 10).state
    state = merged(NONE, gone).state
    assert numbers(then(state, issue((60, SOON)), at=AT - 11).state)[0] == 70
