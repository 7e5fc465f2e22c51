"""What Redis does with a batch: on a real one, since the scripts run there."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import pytest

from loyalty_stream.domains.tiers.state import TiersState
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.model.secrets import id_hash
from loyalty_stream.pipeline.internal import MEMBERS, TOTALS, TotalsState, internal_row
from loyalty_stream.pipeline.table import decode_row, encode_row
from loyalty_stream.serving.view import store as store_module
from loyalty_stream.serving.view.batch import Batch
from loyalty_stream.serving.view.errors import Held, Retired
from loyalty_stream.serving.view.reader import ViewAwayError, ViewReader
from loyalty_stream.serving.view.store import Counts, Store
from tests.redis.local import LocalRedis

PLACE = ("app-state-changelog", 2)
EVENTS = ("loyalty.derived.tiers", 0)
KEY = "capillary:9300:77"
ROW_KEY = f"tiers|{KEY}".encode()
SOURCE = {"changelog": PLACE[0], "changelog_id": "one"}


@pytest.fixture
def store(redis: LocalRedis) -> Store:
    return Store(redis.url, "view")


@pytest.fixture
def generation(store: Store) -> str:
    """A generation that readers use."""
    number = store.begin(SOURCE)
    assert number is not None
    assert store.switch(number, [PLACE])
    return number


def row(seq: int) -> bytes:
    return encode_row(Row(ROW_VERSION, seq, b"", TiersState()))


def event(seq: int, name: str = "TierChanged") -> dict[str, Any]:
    told = {"id": f"id-{seq}", "occurred_at": 5, "observed_at": 6, "program_id": None, "cause": {"offset": 1}}
    return {"key": KEY, "type": name, "seq": seq, "data": {"tier": "Gold"}, **told}


def batch(store: Store, number: str, begin: int = 0, *rows: tuple[int, bytes | None], end: int | None = None) -> Batch:
    """A batch of rows of one key at offsets, read from `begin` on."""
    made = Batch(store.names.generation(number), {PLACE: begin})
    for offset, value in rows:
        made.add_row(PLACE, offset, 1_000 + offset, ROW_KEY, value)
        made.advance(PLACE, offset + 1)
    if end is not None:
        made.advance(PLACE, end)
    return made


def told(store: Store, number: str, begin: int, *events: tuple[int, dict[str, Any]]) -> Batch:
    made = Batch(store.names.generation(number), {EVENTS: begin})
    for offset, each in events:
        made.add_event(EVENTS, offset, "tiers", each)
        made.advance(EVENTS, offset + 1)
    return made


def seq_of(redis: LocalRedis, store: Store, number: str) -> Any:  # noqa: ANN401 - as redis-py has it
    return redis.client().hget(store.names.generation(number).row(KEY, "tiers"), "seq")


def journal_of(redis: LocalRedis, store: Store, number: str) -> list[str]:
    found: Any = redis.client().xrange(store.names.generation(number).journal(KEY))
    return [fields["seq"] for _, fields in found]


def test_an_older_offset_never_overwrites_a_newer_one(redis: LocalRedis, store: Store, generation: str) -> None:
    newer = batch(store, generation, 0, (8, row(4)))
    assert store.apply(generation, newer, 9) == Counts(rows_applied=1)
    for older in (batch(store, generation, 0, (3, row(2)), (7, row(3))), newer):
        assert store.apply(generation, older, 9) == Counts(rows_skipped=1)
        assert seq_of(redis, store, generation) == "4"
    assert store.positions(generation) == {PLACE: 9}


def test_a_row_is_not_set_back_where_the_position_was_lost(redis: LocalRedis, store: Store, generation: str) -> None:
    store.apply(generation, batch(store, generation, 0, (8, row(4))), 9)
    redis.client().delete(store.names.generation(generation).positions)
    assert store.apply(generation, batch(store, generation, 0, (3, row(2))), 9) == Counts(rows_skipped=1)
    assert seq_of(redis, store, generation) == "4"


def test_a_deleted_row_does_not_come_back_with_an_older_one(redis: LocalRedis, store: Store, generation: str) -> None:
    store.apply(generation, batch(store, generation, 0, (3, row(2)), (8, None)), 9)
    assert store.apply(generation, batch(store, generation, 0, (3, row(2))), 9).rows_skipped == 1
    assert seq_of(redis, store, generation) is None


def test_a_batch_that_begins_behind_what_redis_has_is_refused(redis: LocalRedis, store: Store, generation: str) -> None:
    store.apply(generation, batch(store, generation, 0, (8, row(4))), 9)
    with pytest.raises(Retired, match="behind"):  # Redis was restored, and lacks what lay between
        store.apply(generation, batch(store, generation, 12, (13, row(6))), 9)
    assert seq_of(redis, store, generation) == "4"
    assert store.positions(generation) == {PLACE: 9}


def test_the_age_and_the_position_only_rise(redis: LocalRedis, store: Store, generation: str) -> None:
    whole = batch(store, generation, 0, (8, row(4)), end=20)
    whole.complete_until = 7_000
    store.apply(generation, whole, 9)
    late = batch(store, generation, 0, (3, row(2)))
    late.complete_until = 6_000
    store.apply(generation, late, 9)
    age: Any = redis.client().hgetall(store.names.generation(generation).age)
    assert (age["recorded_at"], age["complete_until"]) == ("1008", "7000")
    assert store.positions(generation) == {PLACE: 20}


def test_a_journal_keeps_the_newest_entries_each_once(redis: LocalRedis, store: Store, generation: str) -> None:
    events = [(offset, event(offset + 1)) for offset in range(6)]
    store.apply(generation, told(store, generation, 0, *events[:4]), 3)
    assert store.apply(generation, told(store, generation, 0, *events), 3) == Counts(
        entries_applied=2, entries_skipped=4
    )
    assert journal_of(redis, store, generation) == ["4", "5", "6"]


def erasure(store: Store, number: str, begin: int) -> Batch:
    """A batch of the row that says that the customer of `KEY` is erased."""
    made = Batch(store.names.generation(number), {PLACE: begin})
    made.add_row(PLACE, begin, 1_000, f"erased|{id_hash(*KEY.split(':'))}".encode(), b"whatever")
    made.advance(PLACE, begin + 1)
    return made


@pytest.mark.parametrize("by", ["rows", "event"])
def test_an_erased_customer_leaves_nothing_and_no_late_event_begins_a_journal(
    redis: LocalRedis, store: Store, generation: str, by: str
) -> None:
    store.apply(generation, batch(store, generation, 0, (3, row(1))), 9)
    store.apply(generation, told(store, generation, 0, (0, event(1))), 9)
    if by == "rows":
        store.apply(generation, batch(store, generation, 4, (4, None)), 9)
        store.apply(generation, erasure(store, generation, 5), 9)
    else:
        store.apply(generation, told(store, generation, 1, (1, event(1, "CustomerErased"))), 9)
    counts = store.apply(generation, told(store, generation, 0, (5, event(2))), 9)
    assert (counts.entries_applied, counts.entries_skipped) == (0, 1)
    assert journal_of(redis, store, generation) == []
    assert (seq_of(redis, store, generation) is None) == (by == "rows")
    assert KEY not in str(redis.client().hgetall(store.names.generation(generation).deleted))


def test_a_customer_of_whom_a_merge_deleted_a_row_keeps_the_journal(
    redis: LocalRedis, store: Store, generation: str
) -> None:
    store.apply(generation, batch(store, generation, 0, (3, row(1))), 9)
    store.apply(generation, told(store, generation, 0, (0, event(1))), 9)
    store.apply(generation, batch(store, generation, 4, (4, None)), 9)
    store.apply(generation, told(store, generation, 1, (1, event(2))), 9)
    assert journal_of(redis, store, generation) == ["1", "2"]
    store.apply(generation, erasure(store, generation, 5), 9)
    assert journal_of(redis, store, generation) == []


def test_whoever_was_erased_before_the_view_began_gets_no_journal(
    redis: LocalRedis, store: Store, generation: str
) -> None:
    store.apply(generation, erasure(store, generation, 0), 9)
    store.apply(generation, told(store, generation, 0, (5, event(2))), 9)
    assert journal_of(redis, store, generation) == []


def test_only_one_generation_is_built_at_a_time(store: Store, generation: str) -> None:
    number = store.begin(SOURCE)
    assert number == str(int(generation) + 1)
    assert store.begin(SOURCE) is None


def test_readers_get_a_new_generation_only_once_it_is_no_older(store: Store, generation: str) -> None:
    store.apply(generation, batch(store, generation, 0, (8, row(4))), 9)
    number = store.begin(SOURCE)
    assert number is not None
    store.apply(number, batch(store, number, 0, (7, row(3))), 9)
    assert not store.switch(number, [PLACE])
    assert store.current() == generation
    store.apply(number, batch(store, number, 8, (8, row(4))), 9)
    assert store.switch(number, [PLACE])
    assert store.current() == number
    with pytest.raises(Retired):
        store.apply(generation, batch(store, generation, 9, (9, row(5))), 9)


def test_a_held_generation_takes_nothing_while_the_new_one_catches_up(store: Store, generation: str) -> None:
    number = store.begin(SOURCE)
    assert number is not None
    store.hold()
    with pytest.raises(Held):
        store.apply(generation, batch(store, generation, 0, (8, row(4))), 9)
    assert store.apply(number, batch(store, number, 0, (8, row(4))), 9).rows_applied == 1
    assert store.switch(number, [PLACE])
    assert store.apply(number, batch(store, number, 9, (9, row(5))), 9).rows_applied == 1


def test_a_generation_that_nobody_builds_on_is_given_up(redis: LocalRedis, store: Store, generation: str) -> None:
    number = store.begin(SOURCE)
    assert number is not None
    redis.client().delete(store.names.building)  # as it does by itself after a minute
    with pytest.raises(Retired):
        store.apply(number, batch(store, number, 0, (8, row(4))), 9)
    with pytest.raises(Retired):
        store.switch(number, [PLACE])
    assert store.current() == generation


def test_unused_generations_are_deleted_in_bounded_steps_and_nothing_else(
    redis: LocalRedis, store: Store, generation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "GRACE_MS", -1)
    monkeypatch.setattr(store_module, "SWEEP_KEYS", 10)
    client = redis.client()
    for number in range(500):
        client.set(f"view:{generation}:{{somebody-{number}}}:points", "x")
    killed = store.begin(SOURCE)
    client.delete(store.names.building)
    newest = store.begin(SOURCE)
    assert newest is not None
    store.apply(newest, batch(store, newest, 0, (8, row(4))), 9)
    assert store.switch(newest, [PLACE])
    client.set("view:10:x", "of another generation")
    client.set("viewer", "of another application")
    steps = cursor = 0
    while (left := cast("list[str]", client.zrange(store.names.generations, 0, -1))) != [newest] and steps < 1_000:
        cursor, steps = store.sweep(cursor), steps + 1
    assert steps > 40
    assert left == [newest]
    keys = set(client.scan_iter())
    assert not {key for key in keys if key.startswith((f"view:{generation}:", f"view:{killed}:"))}
    assert {"view:10:x", "viewer", store.names.generation(newest).row(KEY, "tiers"), "view:current"} <= keys


def totals(store: Store, number: str, begin: int, offset: int, by_partition: Mapping[int, str | None]) -> Batch:
    """A batch of rows of totals, each with a programme's active points, of one key on each partition."""
    made = Batch(store.names.generation(number), {(PLACE[0], each): begin for each in by_partition})
    made.complete_until = 5_000
    for each, active in by_partition.items():
        row = None if active is None else internal_row(TOTALS, TotalsState("41", "points", Decimal(active)))
        value = None if row is None else encode_row(row)
        made.add_row((PLACE[0], each), offset, 1_000 + offset, b"totals|capillary:9300:41|points", value)
        made.advance((PLACE[0], each), offset + 1)
    return made


def active(redis: LocalRedis, organisation: str | None = "capillary:9300") -> list[Decimal]:
    viewed = ViewReader(redis.url, "view").totals((TOTALS, MEMBERS), organisation)
    return sorted(decode_row(*row).state.active for row in viewed.rows)


def test_totals_of_each_partition_stand_side_by_side(redis: LocalRedis, store: Store, generation: str) -> None:
    assert store.apply(generation, totals(store, generation, 0, 8, {0: "5", 1: "7.5"}), 9).rows_applied == 2
    assert active(redis) == active(redis, None) == [Decimal(5), Decimal("7.5")]
    assert active(redis, "capillary:930") == []
    assert ViewReader(redis.url, "view").totals((TOTALS,)).complete_until == 5_000


@pytest.mark.parametrize("is_position_lost", [False, True])
def test_older_totals_never_overwrite_newer_ones(
    redis: LocalRedis, store: Store, generation: str, *, is_position_lost: bool
) -> None:
    store.apply(generation, totals(store, generation, 0, 8, {0: "5", 1: "7"}), 9)
    if is_position_lost:
        redis.client().delete(store.names.generation(generation).positions)
    for older in (totals(store, generation, 0, 7, {0: "4"}), totals(store, generation, 0, 8, {0: None})):
        assert store.apply(generation, older, 9) == Counts(rows_skipped=1)
    assert active(redis) == [Decimal(5), Decimal(7)]


def test_totals_that_came_to_nothing_are_gone_and_nobody_is_taken_for_erased(
    redis: LocalRedis, store: Store, generation: str
) -> None:
    store.apply(generation, totals(store, generation, 0, 8, {0: "5", 1: "7"}), 9)
    store.apply(generation, totals(store, generation, 9, 9, {0: None}), 9)
    assert active(redis) == [Decimal(7)]
    assert redis.client().exists(store.names.generation(generation).erased) == 0


def test_a_generation_of_an_earlier_version_has_no_totals(redis: LocalRedis, store: Store, generation: str) -> None:
    store.apply(generation, totals(store, generation, 0, 8, {0: "5"}), 9)
    redis.client().delete(store.names.generation(generation).layout)
    with pytest.raises(ViewAwayError, match="no totals"):
        active(redis)


def test_of_the_workers_processes_one_keeps_the_view_until_it_leaves_or_is_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "KEEPER_MS", 300)
    assert [store.keep(name) for name in ("one", "other", "one")] == [True, False, True]
    store.leave("other")
    assert not store.keep("other")
    store.leave("one")
    assert [store.keep(name) for name in ("other", "one")] == [True, False]
    time.sleep(0.4)
    assert store.keep("one")
