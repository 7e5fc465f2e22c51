"""Whatever comes in: nothing vanishes, nothing is counted twice, and where it is reduced makes no difference."""

import json
from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Message, Tally
from loyalty_stream.pipeline.internal import INTERNAL_STATES
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from tests.golden.cases import all_cases
from tests.helpers.flow import TIMESTAMP, Flow, Record, balances, dead_letters_of, derived_of
from tests.helpers.strategies import READABLE, readable_of, values

PARTITIONS = 3
CONFIG = PipelineConfig(partitions=PARTITIONS, output_format="json", dead_letter_limit=1)
PROCESSOR = Processor(CONFIG)
AVRO = Processor(PipelineConfig(partitions=PARTITIONS, dead_letter_limit=1))

TOPICS = {domain.name: domain.topic_name for domain in DOMAINS}

golden = st.sampled_from(readable_of("capillary")).map(lambda case: case.value)
mixes = st.lists(st.tuples(st.one_of(golden, values()), st.integers(0, PARTITIONS - 1)), min_size=1, max_size=12)
Mix = list[tuple[bytes, int]]


def played(mix: Mix, *, cached_max: int | None = None, processor: Processor = PROCESSOR) -> Flow:
    flow = Flow(CONFIG, cached_max=cached_max, processor=processor)
    for value, partition in mix:
        flow.raw(value, partition=partition)
    return flow


@given(mixes)
def test_every_record_ends_as_exactly_one_of_applied_duplicate_ignored_and_dead_lettered(mix: Mix) -> None:
    flow = played(mix)
    assert balances(flow.tally)
    ended = flow.tally.applied + flow.tally.duplicate + flow.tally.ignored + flow.tally.dead_lettered
    assert ended == len(mix)
    assert flow.tally.consumed == len(mix) + flow.tally.forwarded


@given(mixes)
def test_seq_counts_the_derived_events_of_a_key_and_domain_from_1_without_gaps(mix: Mix) -> None:
    flow = played(mix)
    seen: dict[tuple[str, bytes | None], list[int]] = defaultdict(list)
    erased: set[bytes | None] = set()
    victims: dict[bytes | None, set[bytes | None]] = defaultdict(set)
    for message in flow.derived():
        event = json.loads(message.value or b"")
        seen[message.topic.rpartition(".")[2], message.key].append(event["seq"])
        if event["type"] == "CustomerMerged" and event["data"]["role"] == "victim":
            survivor = f"{event['vendor']}:{event['org_id']}:{event['data']['survivor_customer_id']}"
            victims[survivor.encode()] |= {message.key, *victims[message.key]}
        if event["type"] == "CustomerErased":
            erased |= {message.key, *victims[message.key]}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())
    rows = {
        (TOPICS[domain], key.encode()): row.seq
        for row_key, row in flow.rows().items()
        for domain, _, key in [row_key.partition("|")]
        if domain not in INTERNAL_STATES
    }
    kept = {key: len(numbers) for key, numbers in seen.items() if key[1] not in erased}
    assert kept == {key: seq for key, seq in rows.items() if seq}
    assert not any(key in erased for _, key in rows)


@given(mixes)
def test_no_two_derived_events_share_an_id(mix: Mix) -> None:
    ids = [json.loads(message.value or b"")["id"] for message in played(mix).derived()]
    assert len(set(ids)) == len(ids)


@given(mixes)
def test_the_same_input_gives_the_same_messages_and_rows(mix: Mix) -> None:
    first, again = played(mix), played(mix, processor=Processor(CONFIG))
    assert first.messages == again.messages
    assert first.tables == again.tables


@given(mixes, st.integers(0, 2))
def test_what_is_cached_makes_no_difference(mix: Mix, cached_max: int) -> None:
    usual, forgetful = played(mix), played(mix, cached_max=cached_max)
    assert usual.messages == forgetful.messages
    assert usual.tables == forgetful.tables


@given(mixes)
def test_rows_lie_on_the_partition_of_their_key(mix: Mix) -> None:
    for partition, table in enumerate(played(mix).tables):
        of_entities = [key.split(b"|", 1) for key in table if key.split(b"|", 1)[0].decode() not in INTERNAL_STATES]
        assert all(partition_of(key, PARTITIONS) == partition for _, key in of_entities)


@given(mixes, mixes)
def test_one_batch_gives_what_many_batches_give(mix: Mix, more: Mix) -> None:
    values_of_one = [value for value, _ in mix + more]
    records = [
        Record(offset=at, timestamp=TIMESTAMP + at * 1000, value=value) for at, value in enumerate(values_of_one)
    ]
    one_partition = PipelineConfig(partitions=1, output_format="json", dead_letter_limit=1)
    processor = Processor(one_partition)
    table: dict[bytes, bytes] = {}
    rows = RowCache(table.get, Processor.decode_row, Processor.encode_row)
    at_once = processor.process_raw("capillary", 0, records, rows)
    one_by_one = Flow(one_partition, processor=processor)
    tally = Tally()
    for value in values_of_one:
        tally.add(one_by_one.raw(value).tally)
    assert at_once.messages == one_by_one.messages
    assert at_once.tally == tally
    assert {key: row for key, row in rows.take_written().items() if row is not None} == one_by_one.tables[0]


@given(mixes)
def test_a_record_on_a_foreign_partition_gives_what_it_gives_on_its_own(mix: Mix) -> None:
    at_home = [(value, home) for value, _ in mix if (home := home_of(value)) is not None]
    direct, astray = Flow(CONFIG, processor=AVRO), Flow(CONFIG, processor=AVRO)
    for value, home in at_home:
        # The record itself is the same in both; only the partition on which it is processed differs.
        direct.raw(value, on=home, partition=0)
        astray.raw(value, on=(home + 1) % PARTITIONS, partition=0)
    assert astray.tables == direct.tables
    assert per_key(astray.messages) == per_key(direct.messages)
    assert dead(astray.messages) == dead(direct.messages)
    assert direct.tally.forwarded == 0
    assert astray.tally.forwarded == len(at_home)


def home_of(value: bytes) -> int | None:
    """Return the partition of a record's only key, or None where it has none or several."""
    flow = Flow(CONFIG, processor=PROCESSOR)
    flow.raw(value)
    homes = {partition_of(key.partition("|")[2].encode(), PARTITIONS) for key in flow.rows()}
    return homes.pop() if len(homes) == 1 else None


def per_key(messages: Sequence[Message]) -> dict[tuple[str, bytes | None], list[Message]]:
    found: dict[tuple[str, bytes | None], list[Message]] = defaultdict(list)
    for message in derived_of(list(messages)):
        found[message.topic, message.key].append(message)
    return found


def dead(messages: Sequence[Message]) -> list[Message]:
    return dead_letters_of(list(messages))


def test_the_mixes_can_hold_every_golden_case() -> None:
    assert len(READABLE) > 60
    assert len(all_cases()) > len(READABLE)
