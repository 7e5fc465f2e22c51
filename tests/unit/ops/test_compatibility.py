"""A schema that cannot read exactly what was written before is found, offline."""

import pytest

from loyalty_stream.ops.compatibility import Problem, problems, unreadable
from tests.helpers.schema_changes import BEFORE, CHANGES, DECIMAL, EARNED, FIELDS, Change, record


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_whether_what_was_written_before_can_be_read(change: Change) -> None:
    assert (unreadable(change.after, BEFORE) == []) == change.readable


def test_what_is_wrong_is_named_by_record_and_field() -> None:
    spent = record("Spent", amount={**DECIMAL, "scale": 2}, shop="string")
    found = unreadable(record("Event", **{**FIELDS, "data": [EARNED, spent]}), BEFORE)
    assert "Spent: reader field missing default value: shop" in found
    assert "Spent.amount: was decimal 38 9" in found


def test_a_record_that_is_gone_is_named() -> None:
    assert "Spent: is gone" in unreadable(record("Event", **{**FIELDS, "data": [EARNED]}), BEFORE)


def test_every_release_counts_not_only_the_last() -> None:
    first, second = record("Event", id="string", count="long"), record("Event", id="string")
    third = record("Event", id="string", count="string")
    assert problems({"points": third}, {"0.1.0": {"points": second}}) != []  # count has no default
    third = record("Event", id="string", count=("string", ""))
    assert problems({"points": third}, {"0.2.0": {"points": second}}) == []
    [problem] = problems({"points": third}, {"0.1.0": {"points": first}, "0.2.0": {"points": second}})
    assert (problem.topic, problem.version) == ("points", "0.1.0")


def test_a_topic_that_was_released_keeps_its_schema() -> None:
    assert problems({}, {"0.1.0": {"points": BEFORE}}) == [
        Problem("points", "0.1.0", "the topic has no schema any more")
    ]


def test_a_new_topic_has_nothing_to_read() -> None:
    assert problems({"points": BEFORE}, {"0.1.0": {}}) == []
