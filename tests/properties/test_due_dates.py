"""What falls due, by a model that knows the amounts of each date and nothing else: right, once, however it is cut."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from loyalty_stream.pipeline import due
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from tests.helpers.flow import ONE_PARTITION, Record, derived_of, keys_of
from tests.unit.pipeline.people import deletion, encoded, issued, merge, of
from tests.unit.sources.capillary.vendor import flat

if TYPE_CHECKING:
    from loyalty_stream.pipeline.table import AnyRow

PROCESSOR: Final = Processor(replace(ONE_PARTITION, due_dates="all", dedup_window=1_000))
FIRST: Final = date(2026, 1, 1)
CUSTOMERS: Final = (5001, 5002, 5003)
AHEAD: Final = (30, 7, 1)
Told = tuple[str, str, str, str]
"""The day of telling, the customer, the date of expiry and the amount."""


class Step(NamedTuple):
    """Something that happens so many days after the step before; `other` is a customer too, or a number of days."""

    days: int
    kind: str
    customer: int
    other: int


_days = st.one_of(st.sampled_from([0, 1, 1, 1, 2, 6]), st.integers(0, 40))
_terms = st.one_of(st.sampled_from([1, 2, 3, 7, 8, 9, 30, 31, 32]), st.integers(0, 40))
_customers = st.sampled_from(CUSTOMERS)
steps = st.lists(
    st.one_of(
        st.builds(Step, _days, st.just("earn"), _customers, _terms),
        st.builds(Step, _days, st.just("earn"), _customers, _terms),
        st.builds(Step, _days, st.just("spend"), _customers, st.integers(1, 25)),
        st.builds(Step, _days, st.just("nothing"), _customers, st.just(0)),
        st.builds(Step, _days, st.just("merge"), _customers, _customers),
        st.builds(Step, _days, st.just("erase"), _customers, st.just(0)),
    ),
    min_size=5,
    max_size=40,
)


class Model:
    """Amounts by customer and date of expiry; `told` is what must be told."""

    def __init__(self) -> None:
        self.held: dict[int, dict[date, int]] = defaultdict(dict)
        self.went_to: dict[int, int] = {}
        self.erased: set[int] = set()
        self.told: Counter[Told] = Counter()
        self.clock: date | None = None

    def at(self, customer: int) -> int:
        """Return whose a customer's events are."""
        while customer in self.went_to:
            customer = self.went_to[customer]
        return customer

    def pass_to(self, day: date) -> None:
        """Tell each threshold that lies between the clock's day and this one, of what is not over."""
        before, self.clock = self.clock or day, day
        for customer, amounts in self.held.items():
            for expires_on, amount in amounts.items():
                for days in AHEAD:
                    if amount and expires_on >= day and before < expires_on - timedelta(days) <= day:
                        self.told[day.isoformat(), str(customer), expires_on.isoformat(), str(amount)] += 1

    def earn(self, customer: int, amount: int, expires_on: date) -> None:
        if (own := self.at(customer)) not in self.erased:
            self.held[own][expires_on] = self.held[own].get(expires_on, 0) + amount

    def spend(self, customer: int, amount: int) -> int:
        """Take what is there of an amount, what expires first first; return how much that is."""
        own, left = self.held[self.at(customer)], amount
        for expires_on in sorted(own):
            part = min(own[expires_on], left)
            own[expires_on], left = own[expires_on] - part, left - part
        return amount - left

    def merge(self, survivor: int, victim: int) -> None:
        for expires_on, amount in self.held.pop(victim, {}).items():
            self.earn(survivor, amount, expires_on)
        self.went_to[victim] = survivor

    def erase(self, customer: int) -> None:
        own = self.at(customer)
        self.erased |= {own, *(each for each in self.went_to if self.at(each) == own)}
        self.held.pop(own, None)


def played(model: Model, happened: Iterable[Step]) -> list[Record]:
    """Let the model see what happens; return the raw records of it."""
    records: list[Record] = []
    day = FIRST
    for place, step in enumerate(happened):
        day += timedelta(step.days)
        at = int(datetime.combine(day, time(12), UTC).timestamp() * 1000) + place
        model.pass_to(day)
        value = encoded(event) if (event := _done(model, step, day, place, at)) else b"nothing"
        records.append(Record(offset=place, timestamp=at, value=value))
    return records


def _done(model: Model, step: Step, day: date, place: int, at: int) -> dict[str, object] | None:
    """Do one step in the model; return the vendor's event of it, None where it cannot be."""
    _, kind, customer, other = step
    if kind == "earn":
        expires_on = day + timedelta(other)
        model.earn(customer, place + 1, expires_on)
        lots = [{"points": place + 1, "expiryAt": expires_on.isoformat()}]
        return issued(customer, place + 1, f"e-{place}", at, regularPointsBreakup=lots)
    if kind == "spend" and (spent := model.spend(customer, other)):
        data = of(customer, totalPointsRedeemed=spent)
        return flat("pointsRedeemed", data, eventId=f"e-{place}", orgId=9300, createdAt=at)
    gone = {*model.went_to, *model.erased}
    if kind == "merge" and customer != other and not {customer, other} & gone:
        model.merge(customer, other)
        return merge(customer, other, at, f"e-{place}")
    if kind == "erase" and customer not in gone:
        model.erase(customer)
        return deletion(customer, f"e-{place}", at)
    return None


def run(records: list[Record], cuts: Iterable[int]) -> tuple[list[Message], dict[bytes, bytes]]:
    """Process records in batches that are cut at some places; return the messages and the table."""
    table: dict[bytes, bytes] = {}
    rows: RowCache[AnyRow] = RowCache(table.get, Processor.decode_row, Processor.encode_row, keys_of(table))
    messages: list[Message] = []
    for start, end in pairwise(sorted({0, *cuts, len(records)})):
        left = end - start
        while left:
            effects = PROCESSOR.process_raw("capillary", 0, records[end - left : end], rows)
            left = effects.left
            messages += effects.messages
            for key, row in rows.take_written().items():
                if row is None:
                    table.pop(key, None)
                else:
                    table[key] = row
            rows.trim(3)
    return messages, table


def told(messages: list[Message]) -> list[Told]:
    """Return what was told of expiries, in order."""
    events = [json.loads(message.value or b"") for message in derived_of(messages)]
    return [
        (
            datetime.fromtimestamp(event["observed_at"] / 1000, UTC).date().isoformat(),
            event["customer_id"],
            event["data"]["expires_on"],
            event["data"]["amount"],
        )
        for event in events
        if event["type"] == "PointsExpiringSoon"
    ]


@given(steps, st.sets(st.integers(0, 40)))
def test_each_expiry_is_told_once_on_its_days_to_who_holds_the_points_then(
    happened: list[Step], cuts: set[int]
) -> None:
    model = Model()
    records = played(model, happened)
    messages, _ = run(records, {cut for cut in cuts if cut < len(records)})
    assert Counter(told(messages)) == model.told
    ids = [json.loads(message.value or b"")["id"] for message in derived_of(messages)]
    assert len(set(ids)) == len(ids)


@given(steps, st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_however_batches_are_cut_the_same_is_told_and_kept(
    happened: list[Step], cuts: set[int], others: set[int]
) -> None:
    records = played(Model(), happened)
    assert run(records, {cut for cut in cuts if cut < len(records)}) == run(
        records, {cut for cut in others if cut < len(records)}
    )


@given(steps, st.sets(st.integers(0, 40)), st.integers(1, 4))
def test_in_however_many_steps_a_day_passes_the_same_is_told_and_kept(
    happened: list[Step], cuts: set[int], entries_max: int
) -> None:
    records = played(Model(), happened)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(due, "ENTRIES_MAX", entries_max)
        in_steps = run(records, {cut for cut in cuts if cut < len(records)})
    assert in_steps == run(records, ())


@given(steps)
def test_the_index_has_what_the_lots_say_and_nothing_of_who_is_erased(happened: list[Step]) -> None:
    model = Model()
    _, table = run(played(model, happened), ())
    found = {tuple(key.decode().split("|"))[2:5:2] for key in table if key.startswith(b"due|")}
    right = {
        (expires_on.isoformat(), f"capillary:9300:{customer}")
        for customer, amounts in model.held.items()
        for expires_on, amount in amounts.items()
        if amount and model.clock is not None and expires_on >= model.clock
    }
    assert right <= found
    assert {key for _, key in found - right} <= {f"capillary:9300:{each}" for each in model.went_to}
    assert not [key for key in table for each in model.erased if str(each).encode() in key]
