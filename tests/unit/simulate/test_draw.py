from collections import Counter
from decimal import Decimal

from loyalty_stream.simulate.draw import Draw, day


def test_amounts_are_whole_or_have_two_or_three_decimals() -> None:
    whole, fractional = Draw(1, 0.0), Draw(1, 1.0)
    assert {whole.amount(1, 400).as_tuple().exponent for _ in range(100)} == {-1}
    assert {fractional.amount(1, 400).as_tuple().exponent for _ in range(100)} == {-2, -3}
    assert all(1 <= fractional.amount(1, 400) <= 400 for _ in range(100))


def test_a_part_is_more_than_zero_and_at_most_all() -> None:
    draw = Draw(2, 0.0)
    for amount in (Decimal(1), Decimal("0.001"), Decimal("12.5"), Decimal(9_000)):
        assert all(0 < draw.part_of(amount) <= amount for _ in range(200))


def test_shares_weigh_the_choice() -> None:
    draw = Draw(3, 0.0)
    counts = Counter(draw.weighed(((0.9, "often"), (0.1, "seldom"))) for _ in range(1_000))
    assert 850 < counts["often"] < 950


def test_take_removes_what_it_returns() -> None:
    draw, items = Draw(4, 0.0), [1, 2, 3]
    assert {draw.take(items), draw.take(items), draw.take(items)} == {1, 2, 3}
    assert items == []


def test_ids_have_the_shape_of_a_uuid_and_differ() -> None:
    draw = Draw(5, 0.0)
    ids = {draw.uuid() for _ in range(100)}
    assert len(ids) == 100
    assert {len(text) for text in ids} == {36}


def test_days_are_counted_from_a_time() -> None:
    assert day(1_767_225_600_000, 0) == "2026-01-01"
    assert day(1_767_225_600_000, 59) == "2026-03-01"
