"""Whatever a vendor, a producer or a broken disk makes of a record: it ends in one way that is told, and no worse."""

import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline.config import OutputFormat, PipelineConfig
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.sources import DIALECTS
from tests.golden.avro import read_back, same
from tests.helpers.flow import Flow, balances, dead_letters_of, derived_of, header
from tests.helpers.mutations import KINDS, Drawn, Mutant, Sample, drawn, mutant, samples_of
from tests.lacking import in_ci

PARTITIONS = 2
BATCH = 50
CASES_IN_CI = 20_000
CASES_AT_A_DESK = 1_000
FORMATS: tuple[OutputFormat, ...] = ("json", "avro")
CONFIGS = {form: PipelineConfig(partitions=PARTITIONS, output_format=form, dead_letter_limit=1) for form in FORMATS}
PROCESSORS = {form: Processor(config) for form, config in CONFIGS.items()}
SAMPLES = {name: samples_of(name) for name in DIALECTS}
Batch = Sequence[Drawn]


def cases_min() -> int:
    """Return how many records of each dialect this run must try."""
    return CASES_IN_CI if in_ci() else CASES_AT_A_DESK


@pytest.mark.parametrize("dialect", DIALECTS)
def test_any_record_ends_in_exactly_one_way_whatever_was_done_to_it(dialect: str) -> None:
    tried: Counter[str] = Counter()

    @settings(max_examples=cases_min() // BATCH)
    @given(st.lists(drawn(SAMPLES[dialect]), min_size=BATCH, max_size=BATCH))
    def fuzz(batch: Batch) -> None:
        flows = [played(dialect, form, batch) for form in FORMATS]
        check_the_same(*flows)
        tried.update(each.kind for record in batch for each in record.changes)
        tried["records"] += len(batch)

    fuzz()
    assert tried["records"] >= cases_min()
    assert set(KINDS) <= set(tried)


def played(dialect: str, form: OutputFormat, batch: Batch) -> Flow:
    """Process records one after the other and check what becomes of each; a failure names the one record."""
    flow = Flow(CONFIGS[form], processor=PROCESSORS[form])
    samples = SAMPLES[dialect]
    for place, each in enumerate(batch):
        sample = samples[each.sample]
        for value in sample.before if each.after_history else ():
            flow.raw(value, partition=place % PARTITIONS, dialect=dialect, headers=sample.case.headers)
        record = mutant(each, samples)
        try:
            check_one_end(flow, dialect, place, record)
        except Exception as error:
            error.add_note(told(place, sample, each, record))
            raise
    try:
        check_rows(flow)
    except Exception as error:
        error.add_note("of the rows after the whole batch")
        raise
    return flow


def check_one_end(flow: Flow, dialect: str, place: int, record: Mutant) -> None:
    """Process a record; it is counted once, and a dead letter says why, with the record's own bytes."""
    first, before = len(flow.messages), ended(flow.tally)
    flow.raw(
        record.value,
        partition=place % PARTITIONS,
        dialect=dialect,
        key=record.key,
        headers=record.headers,
        timestamp=record.timestamp,
    )
    assert balances(flow.tally)
    assert sum((ended(flow.tally) - before).values()) == 1
    letters = dead_letters_of(flow.messages[first:])
    assert letters or flow.tally.dead_lettered == before["dead_lettered"]
    for letter in letters:
        assert header(letter, "loyalty_reason") in set(DeadLetterReason)
        assert (letter.key, letter.value) == (record.key, record.value)
    for message in derived_of(flow.messages[first:]):
        assert json.loads(message.value or b"") if flow.config.output_format == "json" else read_back(message)


def ended(tally: Tally) -> Counter[str]:
    """Return how many records ended in which way; a forwarded one has not ended yet."""
    names = ("applied", "duplicate", "ignored", "dead_lettered")
    return Counter({name: getattr(tally, name) for name in names})


def check_rows(flow: Flow) -> None:
    """Every row reads, and is written again as it was."""
    for table in flow.tables:
        for key, row in table.items():
            assert Processor.encode_row(Processor.decode_row(key, row)) == row


def check_the_same(as_json: Flow, as_avro: Flow) -> None:
    """The same records again, in the other format, give the same rows, dead letters and derived events."""
    assert as_json.tables == as_avro.tables
    assert as_json.tally == as_avro.tally
    pairs = zip(as_json.messages, as_avro.messages, strict=True)
    for said, again in pairs:
        if ".derived." in said.topic:
            assert said[:2] == again[:2]
            same(read_back(again), json.loads(said.value or b""))
        else:
            assert said == again


def told(place: int, sample: Sample, each: Drawn, record: Mutant) -> str:
    """Return what a reader needs to make the one record again."""
    return f"record {place} of the batch, from {sample.case.name} by {each.changes}: {record}"


def test_the_cases_are_as_many_as_were_promised() -> None:
    assert CASES_IN_CI >= 20_000
    assert CASES_IN_CI % BATCH == CASES_AT_A_DESK % BATCH == 0
    assert len(DIALECTS) == 4
    assert all(len(samples) > 25 for samples in SAMPLES.values())
