"""Name a streak."""

from loyalty_stream.domains.streaks.state import streak_key


def test_a_streak_is_named_by_group_period_and_name() -> None:
    assert streak_key("12", "34", "Summer") == "12|34|Summer"


def test_a_streak_without_target_has_a_name_as_well() -> None:
    assert streak_key(None, None, "Summer") == "||Summer"


def test_a_bar_makes_no_two_streaks_one() -> None:
    keys = {
        streak_key("1|2", "3", "a"),
        streak_key("1", "2|3", "a"),
        streak_key("1", "2", "3|a"),
        streak_key("1%7C2", "3", "a"),
    }
    assert len(keys) == 4
