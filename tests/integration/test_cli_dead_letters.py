"""What a worker dead-lettered on a real broker is listed, shown and chosen as the operator says."""

import json
import time
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest

from tests.delivery.redriver import Redriver
from tests.delivery.stream import Stream
from tests.kafka.client import Record, produce

SIGNATURE: Final = "0123456789abcdef0123"
BLESSED: Final = json.dumps(
    {
        "eventName": "pointsBlessed",
        "orgId": 9300,
        "data": {"email": "a@example.com", "url": f"https://x.example/f?s={SIGNATURE}"},
    }
).encode()
NAMELESS: Final = b'{"mobile": "447700905001"}'
RAW_PLACE_OF_NO_JSON: Final = 0  # the offset of the record that is no JSON, the only one of its partition
OLD_MS: Final = 2 * 3_600_000


class Case(NamedTuple):
    """Letters of five reasons and topics, and between which moments they were written."""

    stream: Stream
    operator: Redriver
    before: str
    after: str


@pytest.fixture(scope="module")
def case(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("dead_letters")
    stream = Stream(broker, folder)
    operator = Redriver(stream, folder)
    try:
        old_ms = int(time.time() * 1000) - OLD_MS
        produce(broker, stream.raw, [Record(b"k-1", BLESSED, partition=0, timestamp_ms=old_ms)] * 3)
        produce(broker, stream.raw, [Record(b"k-2", NAMELESS, partition=1, timestamp_ms=old_ms)] * 2)
        produce(broker, stream.raw, [Record(b"k-3", b"{\xff", partition=2)])
        produce(broker, stream.config.raw_topic("voucherify"), [Record(b"k-1", b"[]", partition=3)])
        before = now()
        worker = stream.worker(dead_letter_limit=1)
        stream.wait_consumed(6)
        assert worker.stop() == 0
        yield Case(stream, operator, before, now())
    finally:
        operator.close()
        stream.close()


def now() -> str:
    time.sleep(1.1)  # whole seconds, with a letter of neither side within the same one
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def test_letters_are_counted_by_reason_and_topic(case: Case) -> None:
    listed = case.operator.json("list")
    counted = {(group["reason"], group["dialect"]): group["letters"] for group in listed["groups"]}
    assert counted == {
        ("unknown_event", "capillary"): 3,
        ("missing_event_name", "capillary"): 2,
        ("wrong_encoding", "capillary"): 1,
        ("not_an_object", "voucherify"): 1,
    }
    assert (listed["letters"], listed["strange"]) == (7, 0)
    assert all(case.before <= group["first_at"] <= group["last_at"] <= case.after for group in listed["groups"])


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        (["--reason=unknown_event"], 3),
        (["--topic=voucherify"], 1),
        (["--key=k-1"], 4),
        pytest.param(["--key=k-1", "--topic=capillary"], 3, marks=pytest.mark.long),
        pytest.param(["--key=k"], 0, marks=pytest.mark.long),
        (["--since=1h"], 7),
        pytest.param(["--until=1h"], 0, marks=pytest.mark.long),
    ],
)
def test_a_filter_leaves_what_it_says(case: Case, words: list[str], letters: int) -> None:
    assert case.operator.json("list", *words)["letters"] == letters
    assert case.operator.json("redrive", *words, "--dry-run")["sent"] == letters


def test_moments_are_those_at_which_records_became_dead_letters(case: Case) -> None:
    counts = [
        case.operator.json("list", f"--{option}={moment}")["letters"]
        for option, moment in [
            ("since", case.before),
            ("since", case.after),
            ("until", case.before),
            ("until", case.after),
        ]
    ]
    assert counts == [7, 0, 0, 7]


def test_no_list_shows_what_is_in_a_record(case: Case) -> None:
    said = "".join(
        case.operator.run("list", *words).out for words in ([], ["--each"], ["--json"], ["--each", "--json"])
    )
    for secret in ("k-1", "k-2", "447700905001", "a@example.com", SIGNATURE):
        assert secret not in said


def test_a_letter_is_shown_whole_by_its_own_place_and_by_that_of_its_record(case: Case) -> None:
    [line] = case.operator.lines("--reason=wrong_encoding")
    assert line["raw"] == f"{case.stream.raw}:2:{RAW_PLACE_OF_NO_JSON}"
    shown = case.operator.json("show", line["place"])
    assert shown == case.operator.json("show", line["raw"])
    assert (shown["key"], shown["value"]) == ({"text": "k-3"}, {"hex": "7bff"})
    assert (shown["now"]["outcome"], shown["now"]["reason"]) == ("dead_letter", "wrong_encoding")


def test_what_is_shown_is_the_record_but_for_the_signature_of_its_link(case: Case) -> None:
    place = case.operator.lines("--reason=unknown_event")[0]["place"]
    for shown in (case.operator.run("show", place).out, case.operator.run("show", place, "--json").out):
        assert "a@example.com" in shown
        assert "https://x.example/f?(hidden)" in shown
        assert SIGNATURE not in shown
    assert "reason: unknown_event (the vendor documents no event of this name)" in case.operator.run("show", place).out


@pytest.mark.parametrize("place", ["0:999999", "99:0", "capillary:3:77"])
def test_a_place_without_a_letter_is_a_problem_that_is_told(case: Case, place: str) -> None:
    shown = case.operator.run("show", place)
    assert (shown.code, f"there is no dead letter {place}" in shown.error) == (1, True)
    redriven = case.operator.json("redrive", place, "--dry-run", code=1)
    assert (redriven["sent"], len(redriven["unknown_places"])) == (0, 1)


def test_a_list_tells_what_was_sent_back(case: Case) -> None:
    line = case.operator.lines("--reason=missing_event_name")[0]
    sent = case.operator.json("redrive", line["place"], line["raw"])
    assert (sent["selected"], sent["sent"]) == (1, 1)
    [group] = case.operator.json("list", "--reason=missing_event_name")["groups"]
    assert (group["letters"], group["redriven"]) == (2, 1)
    assert case.operator.json("show", line["place"])["redriven"]


@pytest.mark.parametrize("words", [["list"], ["show", "0:0"], ["redrive", "--all"]])
def test_a_missing_topic_is_named_with_the_command_that_makes_it(
    case: Case, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(case.operator.env, "LOYALTY_TOPIC_PREFIX", "nowhere.")
    ended: Any = case.operator.run(*words)
    assert ended.code == 1
    assert "there is no topic nowhere." in ended.error
    assert "loyalty-stream topics apply" in ended.error
