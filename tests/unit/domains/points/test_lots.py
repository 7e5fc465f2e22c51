"""Lots, each function by itself."""

from datetime import date
from decimal import Decimal

from loyalty_stream.domains.points.derived import LotChange
from loyalty_stream.domains.points.events import ExpiryMove
from loyalty_stream.domains.points.lots import credit, debit, debit_reference, move_expiry, spending_order
from tests.unit.domains.points.facts import LATER, SOON, lot

A, B, C = lot("a", 20, SOON), lot("b", 30, LATER), lot("c", 40)
DEBT = lot("overdraft", -30, kind="overdraft")


def said(changes: list[LotChange]) -> list[tuple[str, str, Decimal | int, Decimal | int]]:
    return [(change.lot_id, change.change, change.amount, change.remaining) for change in changes]


def test_lots_are_spent_earliest_expiry_first_no_expiry_last_older_first() -> None:
    older, newer = lot("x", 1, LATER, awarded_at=1), lot("w", 1, LATER, awarded_at=2)
    assert sorted([C, newer, older, A], key=spending_order) == [A, older, newer, C]


def test_a_credit_stands_at_its_place() -> None:
    lots, changes = credit((A, C), (B,))
    assert lots == (A, B, C)
    assert said(changes) == [("b", "opened", 30, 30)]


def test_a_credit_of_a_known_lot_lets_it_grow() -> None:
    lots, changes = credit((A, B), (lot("a", 5, SOON),), "reopened")
    assert lots == (lot("a", 25, SOON), B)
    assert said(changes) == [("a", "reopened", 5, 25)]


def test_a_credit_settles_the_debt_from_the_new_lots() -> None:
    lots, changes = credit((DEBT,), (B, A))
    assert lots == (lot("b", 20, LATER),)
    assert said(changes) == [
        ("b", "opened", 30, 30),
        ("a", "opened", 20, 20),
        ("a", "consumed", 20, 0),
        ("b", "consumed", 10, 20),
        ("overdraft", "reopened", 30, 0),
    ]


def test_a_credit_smaller_than_the_debt_leaves_the_debt_alone() -> None:
    assert credit((DEBT,), (A,))[0] == (lot("overdraft", -10, kind="overdraft"),)


def test_a_debit_says_what_it_took() -> None:
    rest, changes, taken = debit((A, B, C), Decimal(25), "consumed")
    assert rest == (lot("b", 25, LATER), C)
    assert taken == (A, lot("b", 5, LATER))
    assert said(changes) == [("a", "consumed", 20, 0), ("b", "consumed", 5, 25)]


def test_a_debit_of_nothing_changes_nothing() -> None:
    assert debit((A, B), Decimal(0), "consumed") == ((A, B), [], ())


def test_what_the_lots_do_not_cover_is_owed() -> None:
    rest, changes, taken = debit((A,), Decimal(50), "expired")
    assert rest == (DEBT,)
    assert taken == (A, lot("overdraft", 30, kind="overdraft"))
    assert said(changes) == [("a", "expired", 20, 0), ("overdraft", "expired", 30, -30)]


def test_a_debt_grows_by_what_is_taken() -> None:
    rest, _, taken = debit((DEBT,), Decimal(5), "consumed")
    assert rest == (lot("overdraft", -35, kind="overdraft"),)
    assert taken == (lot("overdraft", 5, kind="overdraft"),)


def test_a_bills_lots_are_taken_first_and_the_rest_keeps_its_order() -> None:
    own = lot("b", 30, LATER, reference="1")
    rest, changes = debit_reference((A, own, C), Decimal(10), "1")
    assert rest == (A, lot("b", 20, LATER, reference="1"), C)
    assert [change.lot_id for change in changes] == ["b"]


def test_a_move_puts_lots_at_their_new_place() -> None:
    lots, changes = move_expiry((A, B), ExpiryMove("41", Decimal(20), None, SOON, date(2028, 1, 31)), "new")
    assert [each.lot_id for each in lots] == ["b", "a"]
    assert [(change.lot_id, change.change) for change in changes] == [("a", "expiry_moved")]


def test_a_move_of_more_than_there_is_moves_what_there_is() -> None:
    lots, _ = move_expiry((A, B), ExpiryMove("41", Decimal(99), None, SOON, None), "new")
    assert [(each.lot_id, each.expires_on) for each in lots] == [("b", LATER), ("a", None)]
