from loyalty_stream.simulate.agenda import Agenda


def test_what_is_due_comes_in_order_and_what_is_not_waits() -> None:
    agenda: Agenda[str] = Agenda()
    for number, name in ((7, "c"), (5, "a"), (5, "b")):
        agenda.add(number, name.upper)
    assert agenda.next(4) is None
    assert [agenda.next(6), agenda.next(6), agenda.next(6)] == ["A", "B", None]
    assert agenda.next(7) == "C"


def test_what_can_no_longer_happen_is_passed_over() -> None:
    agenda: Agenda[str] = Agenda()
    agenda.add(1, lambda: None)
    agenda.add(2, lambda: "b")
    assert agenda.next(3) == "b"
    assert agenda.next(3) is None
