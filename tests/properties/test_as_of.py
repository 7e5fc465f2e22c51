"""A balance of the past is the one that a replay gives which is cut off there: 1,000 random customers and times."""

import json
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pytest

from loyalty_stream.domains.points.state import Account
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.serving.history.balance import AccountBalance, Basis, balances_at
from loyalty_stream.serving.history.entries import Entry, entry_of
from loyalty_stream.simulate import SimulatedRecord, SimulationOptions
from loyalty_stream.simulate.traffic import mixed
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Reading
from tests.helpers.flow import Flow, Record
from tests.helpers.simulated import feed, flow_of

PARTITIONS = 3
QUESTIONS = 1_000
CUTS = 20
OPTIONS = SimulationOptions(events=4_000, customers=250, transfer_share=0.05, merge_share=0.01, seed=31)
Spoken = tuple[str, SimulatedRecord]


class World(NamedTuple):
    """All records, what was published of each customer's points, and what the tables hold at the end."""

    records: Sequence[Spoken]
    entries: dict[str, list[Entry]]
    flow: Flow

    @property
    def keys(self) -> list[str]:
        """Who is not erased: nothing is told of others."""
        return [key for key in sorted(self.entries) if accounts_of(self.flow, key) is not None]


@pytest.fixture(scope="module")
def world() -> World:
    records = list(mixed(OPTIONS).records())
    flow = flow_of(records, PARTITIONS)
    entries = defaultdict(list)
    for message in flow.derived():
        if message.topic.endswith("derived.points"):
            event = json.loads(message.value or b"")
            entries[event["key"]].append(entry_of("points", event))
    return World(records, entries, flow)


def accounts_of(flow: Flow, key: str) -> Iterable[Account] | None:
    row_key = f"points|{key}".encode()
    row = flow.tables[partition_of(key.encode(), PARTITIONS)].get(row_key)
    return None if row is None else Processor.decode_row(row_key, row).state.accounts.values()


def replayed(flow: Flow, key: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the balances that a replay has reached, but for accounts that hold nothing."""
    return nonzero(
        {
            (account.program_id, account.currency): tuple(
                map(amount_text, (account.active, account.pending, account.lifetime))
            )
            for account in accounts_of(flow, key) or ()
        }
    )


def told(balances: Iterable[AccountBalance]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the balances of an answer likewise."""
    return nonzero({(at.program_id, at.currency): (at.active, at.pending, at.lifetime) for at in balances})


def nonzero(balances: Mapping[tuple[str, str], tuple[str, ...]]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {place: amounts for place, amounts in balances.items() if set(amounts) != {"0"}}


def occurred_at(dialect: str, record: SimulatedRecord) -> int:
    """Return the vendor's time of a record; that of the record itself where it cannot be read."""
    raw = Record(timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=record.headers)
    reading = decode(DIALECTS[dialect], raw, [])
    events = reading.events if isinstance(reading, Reading) else ()
    return events[0].occurred_at if events else record.timestamp_ms


@pytest.mark.slow
def test_what_was_known_at_a_time_is_what_a_replay_up_to_it_knows(world: World) -> None:
    chance = random.Random(7)  # noqa: S311
    questions: dict[int, list[tuple[str, int]]] = defaultdict(list)
    moments = [record.timestamp_ms for _, record in world.records]
    keys = world.keys
    for _ in range(QUESTIONS):
        key = chance.choice(keys)
        any_time = chance.randint(moments[0], moments[-1])
        at_ms = chance.choice([any_time, chance.choice(world.entries[key]).observed_at])
        questions[bisect_right(moments, at_ms)].append((key, at_ms))
    flow, compared, open_ = flow_of([], PARTITIONS), 0, 0
    for place in range(len(world.records) + 1):
        for key, at_ms in questions[place]:
            expected = replayed(flow, key)
            assert told(balances_at(world.entries[key], at_ms, "observed")) == expected, (key, at_ms)
            compared += 1
            open_ += expected != replayed(world.flow, key)
        for spoken in world.records[place : place + 1]:
            feed(flow, *spoken)
    assert compared == QUESTIONS
    assert open_ > QUESTIONS / 10  # the answer is another one at the end


@pytest.mark.slow
def test_what_had_occurred_by_a_time_is_what_a_replay_of_that_alone_gives(world: World) -> None:
    chance = random.Random(8)  # noqa: S311
    moments = [occurred_at(*spoken) for spoken in world.records]
    open_, keys = 0, world.keys
    for _ in range(CUTS):
        busy = chance.choice(keys)
        at_ms = chance.choice(world.entries[busy]).occurred_at
        kept = [spoken for spoken, moment in zip(world.records, moments, strict=True) if moment <= at_ms]
        flow = flow_of(kept, PARTITIONS)
        for key in [busy, *chance.choices(keys, k=QUESTIONS // CUTS - 1)]:
            expected = replayed(flow, key)
            assert told(balances_at(world.entries[key], at_ms, "occurred")) == expected, (key, at_ms)
            open_ += expected != replayed(world.flow, key)
    assert open_ > QUESTIONS / 10


@pytest.mark.parametrize("basis", ["occurred", "observed"])
def test_a_time_before_all_is_empty_and_one_after_all_is_the_table(world: World, basis: Basis) -> None:
    for key in world.keys:
        assert told(balances_at(world.entries[key], 0, basis)) == {}
        assert told(balances_at(world.entries[key], 1 << 50, basis)) == replayed(world.flow, key)
