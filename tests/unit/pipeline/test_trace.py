"""What a record causes carries the record's W3C trace context, wherever it goes, and nothing else of its headers."""

import pytest

from loyalty_stream.pipeline.effects import Effects, Message
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.trace import NO_TRACE, TRACES_MAX, Trace, carried, sampled_parent
from tests.helpers.flow import Flow, Record, dead_letters_of, derived_of
from tests.unit.pipeline.people import (
    NEIGHBOUR,
    PROCESSOR,
    REGISTER,
    SURVIVOR,
    THIRD,
    VICTIM,
    coupons,
    deletion,
    drained,
    encoded,
    expired,
    home,
    issued,
    merge,
    stepped,
)

PARENT = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
UNSAMPLED = PARENT[:-2] + b"00"
STATE = b"congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"
TRACE: Trace = (("traceparent", PARENT), ("tracestate", STATE))


def parent(number: int) -> bytes:
    return b"00-%032x-00f067aa0ba902b7-01" % number


def traced(number: int) -> Trace:
    return (("traceparent", parent(number)),)


def trace_of(message: Message) -> Trace:
    return tuple((name, value or b"") for name, value in message.headers or () if name.startswith("trace"))


def traces_of(messages: list[Message]) -> set[Trace]:
    return {trace_of(message) for message in messages}


# What is carried.


def test_both_headers_are_carried_unchanged_and_nothing_else() -> None:
    headers = [("baggage", b"member=somebody"), *reversed(TRACE), ("x-member", b"5001")]
    assert carried(headers) == TRACE


@pytest.mark.parametrize(
    "written",
    [
        None,
        b"",
        b"somebody@example.com",
        PARENT.upper(),
        PARENT + b"-somebody",
        PARENT + b"\n",
        PARENT[:-1],
        b"ff" + PARENT[2:],
        b"00-" + b"0" * 32 + PARENT[35:],
        PARENT[:36] + b"0" * 16 + PARENT[52:],
        PARENT.replace(b"-", b"_"),
    ],
)
def test_a_traceparent_that_is_not_well_formed_is_dropped_with_its_tracestate(written: bytes | None) -> None:
    assert carried([("traceparent", written), ("tracestate", STATE)]) == NO_TRACE


@pytest.mark.parametrize(
    "written",
    [
        None,
        b"",
        b"somebody",
        b"=x",
        b"a=",
        b"A=x",
        b"a=x;y\n",
        b"a=x=y",
        "a=é".encode(),
        b"a=" + b"x" * 300,
        b",".join([b"a=x"] * 33),
        b",".join([b"a=" + b"x" * 200] * 3),
    ],
)
def test_a_tracestate_that_is_not_well_formed_is_dropped_alone(written: bytes | None) -> None:
    assert carried([("traceparent", PARENT), ("tracestate", written)]) == TRACE[:1]


@pytest.mark.parametrize("written", [b"a=x", b"tenant@vendor=a b , b=c", b"a=x,,b=y", b",".join([b"a=x"] * 32)])
def test_a_tracestate_may_have_what_w3c_allows(written: bytes) -> None:
    assert carried([("tracestate", written), ("traceparent", PARENT)])[1:] == (("tracestate", written),)


def test_a_tracestate_without_a_traceparent_is_dropped() -> None:
    assert carried([("tracestate", STATE)]) == NO_TRACE


def test_of_two_headers_of_a_name_the_last_one_counts() -> None:
    assert carried([*traced(1), *traced(2)]) == traced(2)


def test_a_sampled_parent_is_told_by_its_flags() -> None:
    assert sampled_parent(TRACE) == PARENT
    assert sampled_parent((("traceparent", UNSAMPLED),)) is None
    assert sampled_parent(NO_TRACE) is None


# Where it goes.


def send(flow: Flow, customer: int, event: dict[str, object], trace: Trace = TRACE, on: int | None = None) -> Effects:
    headers = (("x-member", b"somebody"), *trace)
    return flow.raw(encoded(event), partition=home(customer), on=on, headers=headers)


def test_derived_events_carry_it_and_the_next_record_has_its_own_or_none() -> None:
    flow = drained()
    first = send(flow, SURVIVOR, issued(SURVIVOR, 100, "i-1"))
    second = send(flow, SURVIVOR, issued(SURVIVOR, 100, "i-2"), traced(2))
    third = flow.raw(encoded(issued(SURVIVOR, 100, "i-3")), partition=home(SURVIVOR))
    fourth = flow.raw(encoded(issued(SURVIVOR, 100, "i-4")), partition=home(SURVIVOR), headers=None)
    told = [traces_of(derived_of(effects.messages)) for effects in (first, second, third, fourth)]
    assert told == [{TRACE}, {traced(2)}, {NO_TRACE}, {NO_TRACE}]


def test_an_event_of_another_partition_carries_it_there_and_so_do_its_derived_events() -> None:
    flow = drained()
    effects = send(flow, SURVIVOR, coupons("c-1", SURVIVOR, VICTIM, THIRD))
    assert [trace_of(message) for message in effects.messages] == [TRACE] * 3
    assert len(flow.derived()) == 3
    assert traces_of(flow.messages) == {TRACE}


def test_it_goes_on_where_no_copy_of_the_raw_record_travels_along() -> None:
    flow = drained()
    large = coupons("c-1", *[VICTIM] * 40)
    large["data"]["padding"] = "x" * 8000
    send(flow, VICTIM, large, on=home(SURVIVOR))
    assert len(flow.derived()) == 40
    assert traces_of(flow.messages) == {TRACE}


def test_each_step_of_a_merge_carries_it() -> None:
    flow = stepped()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"), NO_TRACE)
    before = len(flow.messages)
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    flow.settle()
    assert len(derived_of(flow.messages[before:])) >= 2
    assert traces_of(flow.messages[before:]) == {TRACE}


def test_what_waited_for_a_merge_carries_its_own_and_what_comes_behind_carries_the_merges() -> None:
    flow = stepped()
    send(flow, VICTIM, issued(VICTIM, 30, "v-1"), NO_TRACE)
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM), traced(1))
    send(flow, SURVIVOR, issued(SURVIVOR, 10, "w-1"), traced(2))
    flow.raw(encoded(issued(SURVIVOR, 10, "w-2")), partition=home(SURVIVOR))
    send(flow, SURVIVOR, expired(SURVIVOR, 10, "w-3"), TRACE, on=home(NEIGHBOUR))
    flow.step(home(SURVIVOR), REGISTER)
    flow.step(REGISTER, home(VICTIM))
    taken_over = flow.step(home(VICTIM), home(SURVIVOR))
    told = [trace_of(message) for message in derived_of(taken_over.messages)]
    assert set(told[:-3]) == {traced(1)}
    assert told[-3:] == [traced(2), NO_TRACE, TRACE]


def test_a_second_merge_that_waited_for_the_first_carries_its_own() -> None:
    flow = stepped()
    for customer in (SURVIVOR, VICTIM, THIRD):
        send(flow, customer, issued(customer, 10, f"i-{customer}"), NO_TRACE)
    before = len(flow.messages)
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM, request="m-1"), traced(1))
    send(flow, THIRD, merge(THIRD, SURVIVOR, request="m-2"), traced(2))
    flow.step(home(SURVIVOR), REGISTER)
    flow.step(home(THIRD), REGISTER)
    flow.step(REGISTER, home(SURVIVOR))  # the second merge asks for what waits itself
    flow.settle()
    third = f"capillary:9300:{THIRD}".encode()
    told = [message for message in derived_of(flow.messages[before:]) if message.key == third]
    assert told
    assert traces_of(told) == {traced(2)}


def test_what_a_merge_leads_to_behind_that_which_waited_for_it_carries_the_merges() -> None:
    flow = stepped()
    send(flow, NEIGHBOUR, issued(NEIGHBOUR, 10, "v-1"), NO_TRACE)
    send(flow, NEIGHBOUR, deletion(NEIGHBOUR), NO_TRACE)
    flow.settle()
    send(flow, SURVIVOR, merge(SURVIVOR, NEIGHBOUR), traced(1))
    send(flow, SURVIVOR, issued(SURVIVOR, 10, "w-1"), traced(2))
    flow.step(home(SURVIVOR), REGISTER)
    released = flow.step(REGISTER, home(NEIGHBOUR))
    told = [(message.topic, trace_of(message)) for message in released.messages]
    assert told == [("loyalty.derived.points", traced(2)), ("loyalty.canonical", traced(1))]


def test_a_dead_letter_has_all_headers_of_its_record_and_no_other_trace() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 10, "i-1"), traced(1))
    effects = send(flow, SURVIVOR, issued(SURVIVOR, 11, "i-1"), traced(2))  # a conflict
    [letter] = dead_letters_of(effects.messages)
    assert (letter.headers or [])[:2] == [("x-member", b"somebody"), *traced(2)]
    assert trace_of(letter) == traced(2)
    assert traces_of(derived_of(effects.messages)) == {traced(2)}


# What a batch tells of.


def test_a_batch_tells_of_each_sampled_trace_once() -> None:
    flow = drained()
    effects = send(flow, SURVIVOR, issued(SURVIVOR, 10, "i-1"))
    assert effects.traces == {PARENT: None}
    assert send(flow, SURVIVOR, issued(SURVIVOR, 10, "i-2"), (("traceparent", UNSAMPLED),)).traces == {}


def test_a_batch_tells_of_a_bounded_number_of_traces() -> None:
    records = [Record(value=b"{", headers=traced(number + 1)) for number in range(TRACES_MAX + 9)]
    effects = PROCESSOR.process_raw(
        "capillary", 0, records, RowCache(lambda _: None, PROCESSOR.decode_row, PROCESSOR.encode_row)
    )
    assert list(effects.traces) == [parent(number + 1) for number in range(TRACES_MAX)]
