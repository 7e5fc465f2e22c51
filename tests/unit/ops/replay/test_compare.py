from typing import Any

import pytest

from loyalty_stream.ops.replay.compare import (
    ONLY_PRODUCTION,
    ONLY_SHADOW,
    ORDER,
    Entries,
    Found,
    first_difference,
    first_event_difference,
    kind_of,
    path_text,
)


def event(event_id: str, **data: object) -> dict[str, Any]:
    return {"id": event_id, "type": "BalanceChanged", "seq": 1, "data": data}


def found(live: object, shadow: object) -> tuple[str, object, object]:
    difference = first_difference(live, shadow)
    assert difference is not None
    return path_text(difference.path, keys=True), difference.live, difference.shadow


def test_equal_documents_have_no_difference() -> None:
    document = {"state": Entries(a=[1, {"b": None}])}
    assert first_difference(document, {"state": Entries(a=[1, {"b": None}])}) is None


def test_the_first_difference_is_named_from_the_outside_in() -> None:
    live = {"state": {"accounts": Entries(x={"lots": [{"left": "1"}, {"left": "2"}]})}, "seq": 3}
    shadow = {"state": {"accounts": Entries(x={"lots": [{"left": "1"}, {"left": "5"}]})}, "seq": 4}
    assert found(live, shadow) == ("state.accounts[x].lots[1].left", "2", "5")


@pytest.mark.parametrize(
    ("live", "shadow", "expected"),
    [
        ({"a": [1]}, {"a": [1, 2]}, ("a[1]", None, 2)),
        ({"a": 1, "b": 2}, {"a": 1}, ("b", 2, None)),
        ({"a": {"b": 1}}, {"a": None}, ("a", {"b": 1}, None)),
        ({}, {"a": None}, ("", {}, {"a": None})),
    ],
)
def test_what_only_one_side_has_is_a_difference(live: object, shadow: object, expected: object) -> None:
    assert found(live, shadow) == expected


def test_keys_of_maps_are_told_only_where_they_are_asked_for() -> None:
    difference = first_difference({"m": Entries({"a.b]": [1]})}, {"m": Entries({"a.b]": [2]})})
    assert difference is not None
    assert path_text(difference.path, keys=True) == "m[a.b]][0]"
    assert path_text(difference.path, keys=False) == "m[…][0]"
    assert kind_of(difference.path) == "m[…][…]"


def test_a_field_of_an_event_is_named_behind_its_number_and_type() -> None:
    live, shadow = [event("1", active="5"), event("2", active="9")], [event("1", active="5"), event("2", active="8")]
    difference = first_event_difference(live, shadow)
    assert difference == Found((2, "BalanceChanged", "data", "active"), "9", "8")
    assert path_text(difference.path, keys=False) == "[2].BalanceChanged.data.active"
    assert kind_of(difference.path) == "[…].BalanceChanged.data.active"


def test_an_event_that_one_side_lacks_is_told_of_it_and_not_of_those_behind() -> None:
    one, two, three = event("1"), event("2"), event("3")
    missing, more = first_event_difference([one, two, three], [one, three]), first_event_difference([one], [two, one])
    assert missing == Found((2, "BalanceChanged", ONLY_PRODUCTION), "BalanceChanged", None)
    assert more == Found((1, "BalanceChanged", ONLY_SHADOW), None, "BalanceChanged")
    assert first_event_difference([one, two], [one]) == missing


def test_the_same_events_in_another_order_are_told_as_that() -> None:
    one, two = event("1"), event("2")
    assert first_event_difference([one, two], [two, one]) == Found(
        (1, "BalanceChanged", ORDER), "BalanceChanged", "BalanceChanged"
    )
