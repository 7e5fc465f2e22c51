"""Baseline and drift: the vendor's totals beside ours."""

from decimal import Decimal

from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftDetected, BalanceDriftResolved
from loyalty_stream.model.events import DerivedBody, EventBody
from tests.unit.domains.points.facts import SOON, account, balances, held, issue, move, played, redeem, totals


def derived(*history: EventBody) -> list[DerivedBody]:
    return list(played(*history)[1])


def reasons(*history: EventBody) -> list[str]:
    return [each.reason for each in derived(*history) if isinstance(each, BalanceChanged)]


def test_the_first_total_is_adopted_before_the_events_own_change() -> None:
    first = issue((60, SOON), of=totals(165, 665))
    assert reasons(first) == ["baselined", "issued"]
    assert balances(first) == (165, 0, 665)
    assert held(first) == [(60, SOON), (105, None)]


def test_a_first_total_that_ours_agrees_with_needs_no_baseline() -> None:
    first = issue((60, SOON), of=totals(60, 60))
    assert reasons(first) == ["issued"]
    assert account(first).active_baselined
    assert account(first).lifetime_baselined


def test_each_of_the_two_totals_is_adopted_by_itself() -> None:
    only_active = issue((60, SOON), of=totals(165))
    assert balances(only_active) == (165, 0, 60)
    then_lifetime = issue((10, SOON), of=totals(175, 500))
    assert reasons(only_active, then_lifetime) == ["baselined", "issued"]
    assert balances(only_active, then_lifetime) == (175, 0, 500)


def test_a_first_total_below_ours_is_adopted_as_well() -> None:
    assert balances(issue((60, SOON)), issue((10, SOON), of=totals(50))) == (50, 0, 70)
    assert held(issue((60, SOON)), issue((10, SOON), of=totals(50))) == [(40, SOON), (10, SOON)]


def test_a_first_total_may_be_a_debt() -> None:
    assert held(redeem(10, of=totals(-30))) == [(-30, None)]


def test_a_baseline_settles_a_debt() -> None:
    assert held(redeem(10), redeem(5, of=totals(100))) == [(100, None)]


def test_a_later_difference_is_drift_and_ours_stays() -> None:
    history = (issue((100, SOON), of=totals(100)), issue((10, SOON), of=totals(95)))
    detected = BalanceDriftDetected("41", "points", "active", Decimal(110), Decimal(95), Decimal(-15))
    assert derived(*history)[-1] == detected
    assert balances(*history)[0] == 110


def test_the_same_difference_is_reported_once() -> None:
    history = (issue((100, SOON), of=totals(100)), issue((10, SOON), of=totals(95)))
    assert reasons(*history, issue((10, SOON), of=totals(105))) == ["issued"]
    assert len(derived(*history, issue((10, SOON), of=totals(105)))) == 1


def test_another_difference_is_reported_again() -> None:
    history = (issue((100, SOON), of=totals(100)), issue((10, SOON), of=totals(95)))
    assert isinstance(derived(*history, issue((10, SOON), of=totals(106)))[-1], BalanceDriftDetected)


def test_a_difference_that_closes_is_resolved() -> None:
    history = (issue((100, SOON), of=totals(100)), issue((10, SOON), of=totals(95)))
    resolved = BalanceDriftResolved("41", "points", "active", Decimal(120), Decimal(120), Decimal(0))
    assert derived(*history, issue((10, SOON), of=totals(120)))[-1] == resolved


def test_active_and_lifetime_drift_apart_from_each_other() -> None:
    history = (issue((100, SOON), of=totals(100, 100)), issue((10, SOON), of=totals(95, 140)))
    fields = [each.field for each in derived(*history) if isinstance(each, BalanceDriftDetected)]
    assert fields == ["active", "lifetime"]


def test_an_event_without_totals_neither_reports_nor_resolves() -> None:
    history = (issue((100, SOON), of=totals(100)), issue((10, SOON), of=totals(95)))
    assert derived(*history, issue((10, SOON)))[1:] == []
    assert account(*history, issue((10, SOON))).active_drift == -15


def test_a_moved_expiry_compares_nothing() -> None:
    assert reasons(issue((20, SOON), of=totals(20)), move(20, SOON, None)) == ["adjusted"]
