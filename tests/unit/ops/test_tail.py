import pytest

from loyalty_stream.ops.tail import TailError, full_names
from loyalty_stream.runtime.settings import Settings

SETTINGS = Settings.model_construct()
KNOWN = ["loyalty.derived.points", "loyalty.dead_letters", "loyalty-state-changelog", "orders", "dead_letters"]


def test_short_names_stand_for_ours() -> None:
    names = ["derived.points", "changelog", "loyalty.dead_letters"]
    assert full_names(names, SETTINGS, KNOWN) == [
        "loyalty.derived.points",
        "loyalty-state-changelog",
        "loyalty.dead_letters",
    ]


def test_a_whole_name_goes_before_a_short_one() -> None:
    assert full_names(["dead_letters", "orders"], SETTINGS, KNOWN) == ["dead_letters", "orders"]


def test_an_unknown_topic_is_named_with_those_there_are() -> None:
    with pytest.raises(TailError, match=r"There are: dead_letters, derived\.points, changelog"):
        full_names(["derived.tiers"], SETTINGS, KNOWN)


def test_on_an_empty_broker_the_command_that_makes_topics_is_named() -> None:
    with pytest.raises(TailError, match="loyalty-stream topics apply"):
        full_names(["derived.tiers"], SETTINGS, [])
