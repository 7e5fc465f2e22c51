"""Name a streak and a target."""

from msgspec import msgpack

from loyalty_stream.domains.streaks.state import StreaksState, streak_key, target_key


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


def test_a_target_is_named_by_its_period_and_a_bar_makes_no_two_one() -> None:
    assert target_key("63", "61") == "63|61"
    assert target_key(None, "61") == "|61"
    assert target_key("6|3", "61") != target_key("6", "3|61")


def test_a_row_of_a_version_without_targets_and_badges_is_read() -> None:
    assert msgpack.decode(msgpack.encode([{}]), type=StreaksState) == StreaksState()
