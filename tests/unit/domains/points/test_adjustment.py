"""What an adjustment books."""

from decimal import Decimal

from loyalty_stream.domains.points.adjustment import entries_of
from loyalty_stream.domains.points.events import AccountCredit, AccountDebit, PointsAdjusted, VendorTotals
from loyalty_stream.model.amounts import ZERO
from tests.unit.domains.helpers import canonical
from tests.unit.domains.points.facts import SOON, lot, totals


def test_debits_come_before_credits_and_what_moves_nothing_is_left_out() -> None:
    body = PointsAdjusted(
        "points",
        (AccountDebit("41", Decimal(3), VendorTotals()), AccountDebit("42", ZERO, VendorTotals())),
        (AccountCredit("43", ZERO, VendorTotals()), AccountCredit("44", Decimal(2), totals(9))),
        "group:1",
    )
    entries = entries_of(canonical(body), body)
    assert [(program_id, entry.active) for program_id, entry in entries] == [("41", Decimal(-3)), ("44", Decimal(2))]
    assert {entry.lifetime for _, entry in entries} == {ZERO}
    assert {(entry.reason, entry.reference) for _, entry in entries} == {("adjusted", "group:1")}
    assert entries[1][1].totals == totals(9)


def test_what_is_given_settles_a_debt_first() -> None:
    body = PointsAdjusted("points", (), (AccountCredit("41", Decimal(5), VendorTotals()),))
    ((_, entry),) = entries_of(canonical(body), body)
    debt = lot("overdraft", -3, kind="overdraft")
    (left,), _ = entry.lots((debt,))
    assert (left.kind, left.remaining, left.expires_on) == ("adjusted", Decimal(2), None)
    assert entry.lots((lot("a", 1, SOON),))[0][0].expires_on == SOON
