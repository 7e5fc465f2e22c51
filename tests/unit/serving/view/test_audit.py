from random import Random

import pytest

from loyalty_stream.serving.view.audit import SAMPLE_ROWS, Audit
from loyalty_stream.serving.view.batch import RowWrite
from loyalty_stream.serving.view.names import RowName
from loyalty_stream.serving.view.store import Store
from loyalty_stream.serving.view.totals import field_text
from tests.redis.local import LocalRedis

ROW = RowName("row")


def row(offset: int, data: str | None) -> RowWrite:
    return RowWrite(("changelog", 0), offset, 0, None if data is None else {"data": data}, "journal", "hash")


@pytest.fixture
def store(redis: LocalRedis) -> Store:
    return Store(redis.url, "view")


@pytest.mark.parametrize(
    ("newest", "held", "differ"),
    [
        (row(5, "new"), {"offset": "5", "data": "new"}, 0),
        (row(5, "new"), {"offset": "5", "data": "other"}, 1),
        (row(5, "new"), {"offset": "4", "data": "old"}, 1),
        (row(5, "new"), {}, 1),
        (row(5, "new"), {"offset": "6", "data": "newer, by another process"}, 0),
        (row(5, None), {}, 0),
        (row(5, None), {"offset": "4", "data": "of somebody erased"}, 1),
    ],
)
def test_a_row_differs_where_redis_has_not_what_the_changelog_said_last(
    redis: LocalRedis, store: Store, newest: RowWrite, held: dict[str, str], differ: int
) -> None:
    if held:
        redis.client().hset("row", items=[part for pair in held.items() for part in pair])
    audit = Audit()
    audit.note({ROW: row(1, "first")})
    audit.note({ROW: newest})
    assert audit.compare(store) == (1, differ)


@pytest.mark.parametrize(
    ("held", "differ"), [((5, '["1"]'), 0), ((5, '["2"]'), 1), ((4, '["1"]'), 1), ((6, "[]"), 0), (None, 1)]
)
def test_a_row_of_totals_differs_where_its_field_is_another(
    redis: LocalRedis, store: Store, held: tuple[int, str] | None, differ: int
) -> None:
    if held is not None:
        offset, data = held
        text = field_text({"version": 1, "partition": 0, "offset": offset, "recorded_at": 0, "data": data})
        redis.client().hset("totals", "0|a", text)
    audit = Audit()
    audit.note({RowName("totals", "0|a"): row(5, '["1"]')})
    assert audit.compare(store) == (1, differ)


def test_the_sample_is_bounded_and_does_not_stay_what_came_first() -> None:
    audit = Audit(Random(1))  # noqa: S311 - repeatable
    for number in range(20_000):
        audit.note({RowName(f"row-{number}"): row(number, "x")})
    assert len(audit._sample) == len(audit._names) == SAMPLE_ROWS
    assert set(audit._names) == audit._sample.keys()
    assert sum(int(name.key.removeprefix("row-")) >= SAMPLE_ROWS for name in audit._names) > 50
