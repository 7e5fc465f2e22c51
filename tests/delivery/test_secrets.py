"""Nothing that identifies a person, or opens a coupon, comes out: on no topic, in no log, on no page, to no command."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from loyalty_stream.cli import app
from loyalty_stream.pipeline.emit import APP_ID_HEADER
from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.internal import WaitingEvent
from loyalty_stream.pipeline.schemas import CANONICAL_TYPE, DERIVED_TYPES
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.sources import DIALECTS
from tests.delivery.stream import DIALECT, Stream, StreamWorker, simulate
from tests.golden.cases import all_cases
from tests.helpers.secrets import Secret, customer_ids_of, secrets_of, shown
from tests.kafka.client import Record, produce, wait_until

EVENTS: Final = 3_000
CUSTOMERS: Final = 300
BAD: Final = 150
LENGTH_MIN: Final = 6
"""Shorter ones stand by chance in offsets, times and hashes: a hit would say nothing."""
WENT_IN_MIN: Final = {
    "mobile": 200,
    "e-mail": 120,
    "external id": 60,
    "coupon code": 300,
    "voucher": 2,
    "card number": 2,
    "user name": 1,
    "URL signature": 10,
}
CHANNELS: Final = (
    *(f"derived.{topic}" for topic in DERIVED_TYPES),
    "canonical",
    "dead_letters",
    "changelog",
    "log, console",
    "log, json",
    "log, limit",
    "/metrics",
    "/metrics, console",
    "/healthz",
    "/readyz",
    "/v1/customers",
    "status",
    "status --json",
    "state get",
    "state get --json",
    "tail",
    "tail --json",
    "dead-letters list",
    "dead-letters list --json",
    "dead-letters list --each",
    "dead-letters list --each --json",
)
TALKATIVE: Final[dict[str, str]] = {"log_level": "DEBUG"}
LOGS: Final = tuple(name for name in CHANNELS if name.startswith("log, "))
MEMBER: Final = "header.member@example.com"
"""Stands in a header only, as a gateway before the vendor's hook may put it there."""
POISON: Final = "poison.member@example.com"
ADDED: Final = ("__connect.errors.", "loyalty_")
"""How the headers begin that a dead letter has beside the record's own."""


class Ran(NamedTuple):
    """What went in, and all that came out, by channel."""

    secrets: frozenset[Secret]
    customer_ids: frozenset[bytes]
    outputs: Mapping[str, bytes]
    applied: int
    exit_codes: Mapping[str, int | None]


# What goes in.


def golden(dialect: str) -> list[Record]:
    """Return the inputs of a dialect's golden cases, each on a partition of its own; then all spelled otherwise."""
    cases = [case for case in all_cases() if case.dialect == dialect and (case.folder / "input.json").exists()]
    values = [(number, case.name, value) for number, case in enumerate(cases) for value in (*case.before, case.value)]
    spelled = [(name, value) for _, name, value in values]
    spelled += [(name, otherwise(value, number)) for number, name, value in values]
    return [Record(name.encode(), value, (("x-member", MEMBER.encode()),)) for name, value in spelled]


def otherwise(value: bytes, case: int) -> bytes:
    """Return a record with numbers as JSON numbers, a signature in each link, and an organisation for each case.

    Cases share their events' ids: within one organisation most would be duplicates or conflicts.
    """
    keys = b"|".join((b"mobile", b"externalId", b"accountId", b"identifierValue", b"cardNumber"))
    value = re.sub(rb'("orgId"\s*:\s*)(\d)', rb"\g<1>9%03d\2" % case, value)
    value = re.sub(rb'("(?:%b)\s*"\s*:\s*)"[^"\d]*([1-9]\d{5,17})[^"\d]*"' % keys, rb"\1\2", value)
    return re.sub(rb"(https?://[^\"?]*)\?[^\"]*", _signed, value)


def _signed(link: re.Match[bytes]) -> bytes:
    signature = hashlib.sha256(link[0]).hexdigest().encode()
    return b"%b?X-Amz-Credential=AKIA%b&Expires=3600&X-Amz-Signature=%b" % (link[1], signature[:16].upper(), signature)


def misplaced() -> list[Record]:
    """Return a good record with the customer's own e-mail in turn where no text belongs.

    Not in an id: ids go on as the vendor writes them.
    """
    email = "misplaced.member@example.com"
    data = {
        "customerIdentifiers": {"customerId": 5001, "instore": {"email": email}},
        "loyaltyProgramId": 41,
        "regularPointsIssued": 10,
        "regularPointsBreakup": [{"points": 10, "expiryAt": "2030-01-01"}],
    }
    event = {"eventName": "pointsIssued", "eventId": "id", "orgId": 9300, "createdAt": 1_789_000_000_000, "data": data}
    within = [{**event, "data": {**data, name: email}} for name in ("regularPointsIssued", "regularPointsBreakup")]
    expiry = {**event, "data": {**data, "regularPointsBreakup": [{"points": 10, "expiryAt": email}]}}
    around = [{**event, name: email} for name in ("eventName", "createdAt", "data")]
    return [Record(email.encode(), json.dumps(each).encode()) for each in (*within, expiry, *around)]


def bad() -> list[Record]:
    """Return records of real customers that nobody can use: the more of them come, the sooner a limit is reached."""
    only = dict.fromkeys(("conflict_share", "duplicate_share", "unknown_share", "not_yet_supported_share"), 0)
    records, _ = simulate(events=BAD, customers=CUSTOMERS, seed=22, keying="mobile", bad_bytes_share=1, **only)
    return [Record(record.key, record.value) for record in records]


# What comes out.


class Outputs:
    """Gather all that a stream lets anybody see."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def topics(self) -> Iterator[tuple[str, bytes]]:
        """Yield every topic's keys, values and headers, as bytes and decoded."""
        stream = self._stream
        for topic, typed in DERIVED_TYPES.items():
            records, read = stream.read(stream.config.derived_topic(topic)), reader(typed.schema)
            yield f"derived.{topic}", lines((*record[:3], read(record.value or b"")) for record in records)
        yield "canonical", lines(map(_without_copy, stream.read(stream.canonical)))
        yield "dead_letters", lines(map(_added, stream.read(stream.dead_letters)))
        yield "changelog", lines(map(_row, stream.read(stream.changelog)))

    def pages(self, worker: StreamWorker, customers: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield every page of a worker."""
        for page in ("/metrics", "/healthz", "/readyz"):
            yield page, worker.get(page).encode()
        pictures = [worker.get(f"/v1/customers/{quote(key, safe=':')}") for key in customers]
        yield "/v1/customers", "\n".join(pictures).encode()

    def commands(self, worker: StreamWorker, customer: str) -> Iterator[tuple[str, bytes]]:
        """Yield what the commands print."""
        get, tail = ("state", "get", customer), ("tail", *self._stream.derived, "--no-follow")
        letters = ("dead-letters", "list")
        for name, arguments in {
            "status": ("status",),
            "state get": get,
            "tail": tail,
            "dead-letters list": letters,
            "dead-letters list --each": (*letters, "--each"),
        }.items():
            yield name, command(worker, *arguments)
            yield f"{name} --json", command(worker, *arguments, "--json")


def command(worker: StreamWorker, *arguments: str) -> bytes:
    """Return what a command prints with the settings of a worker; in this process, since a start takes a second."""
    settings = {name: value for name, value in worker._env.items() if name.startswith("LOYALTY_")}
    done = CliRunner().invoke(app, arguments, env=settings)
    assert done.exit_code == 0, done.output
    return done.output_bytes


def lines(shown_parts: Iterable[object]) -> bytes:
    """Return parts as text, and all bytes within them as they are."""
    return b"\n".join(part for parts in shown_parts for part in _flat(parts))


def _flat(part: object) -> Iterator[bytes]:
    if isinstance(part, bytes):
        yield part
    elif isinstance(part, tuple) and type(part) is tuple:
        for each in part:
            yield from _flat(each)
    elif part is not None:
        yield repr(part).encode()


_read_canonical: Final = reader(CANONICAL_TYPE.schema)


def _without_copy(record: Record) -> tuple[object, ...]:
    """Leave out what a dead letter would need: it travels along on purpose, and the topic is internal."""
    value: dict[str, Any] = _read_canonical(record.value or b"")
    return record.key, record.headers, value["body"], {**value, "raw": None}


def _row(record: Record) -> tuple[object, ...]:
    """Return a row, decoded too; an event that waits for a merge lies there as on the canonical topic, copy and all."""
    if record.value is None:
        return record.key, None
    row = decode_row(record.key or b"", record.value)
    if isinstance(row.state, WaitingEvent):
        return record.key, _without_copy(record._replace(value=row.state.value))
    return *record[:3], row


def _added(record: Record) -> tuple[object, ...]:
    """Leave out what is the raw record's own, which a dead letter holds on purpose."""
    return tuple(header for header in record.headers if header[0].startswith(ADDED))


# The run.


@pytest.fixture(scope="module")
def ran(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Take everything through two workers, one after the other, and have a third die of what is bad."""
    folder = tmp_path_factory.mktemp("secrets")
    streams = [Stream(broker, folder) for _ in range(2)]
    try:
        yield run(*streams)
    finally:
        for stream in streams:
            stream.close()


def run(stream: Stream, limited: Stream) -> Ran:
    simulated, _ = simulate(events=EVENTS, customers=CUSTOMERS, seed=21, keying="mobile")
    spoilt = [*misplaced(), *bad()]
    records = [*golden(DIALECT), *spoilt]
    others = {stream.config.raw_topic(dialect): golden(dialect) for dialect in DIALECTS if dialect != DIALECT}
    produce(stream.broker, limited.raw, spoilt)
    for topic, goldens in {**others, stream.raw: records}.items():
        produce(stream.broker, topic, goldens)

    stopped = limited.worker(**TALKATIVE, dead_letter_limit=0.01)
    first = stream.worker("console", **TALKATIVE, dead_letter_limit=1)
    for topic, goldens in others.items():
        assert wait_until(lambda: stream.consumed(topic) >= len(goldens), 60)  # noqa: B023 - called at once
    stream.wait_done(len(records))
    outputs = {"/metrics, console": first.get("/metrics").encode()}
    exit_codes = {"log, console": first.stop(), "log, limit": stopped.wait_end()}

    stream.publish(simulated)
    last = stream.worker("json", **TALKATIVE, dead_letter_limit=1, log_format="json")
    stream.wait_done(len(records) + len(simulated))
    outputs |= gather(stream, last)
    poison(stream)
    exit_codes["log, json"] = last.wait_end()

    logs = {"log, console": first, "log, limit": stopped, "log, json": last}
    outputs |= {name: worker.log.read_bytes() for name, worker in logs.items()}
    inputs = [record.value or b"" for each in (records, *others.values()) for record in each]
    inputs += [record.value for record in simulated]
    return Ran(said(inputs), customers_of(inputs), outputs, sum(each.applied for each in stream.tallies()), exit_codes)


def said(inputs: Iterable[bytes]) -> frozenset[Secret]:
    """Return all secrets that went in."""
    secrets = {secret for value in inputs for secret in secrets_of(value) if len(secret.text) >= LENGTH_MIN}
    return frozenset(secrets | {Secret("e-mail", MEMBER), Secret("e-mail", POISON)})


def customers_of(inputs: Iterable[bytes]) -> frozenset[bytes]:
    """Return the numbers of all customers that went in."""
    numbers = {number for value in inputs for number in customer_ids_of(value)}
    return frozenset(number.encode() for number in numbers if len(number) >= LENGTH_MIN)


def gather(stream: Stream, worker: StreamWorker) -> Iterator[tuple[str, bytes]]:
    """Yield all that a stream lets anybody see, by channel."""
    outputs = Outputs(stream)
    yield from outputs.topics()
    keys = Counter(key.partition(b"|")[2].decode() for rows in stream.rows() for key in rows)
    customers = [key for key, _ in keys.most_common() if key.count(":") == 2 and "/" not in key]
    worker.wait_ready()
    yield from outputs.pages(worker, customers)
    yield from outputs.commands(worker, customers[0])


def poison(stream: Stream) -> None:
    """Put onto the internal topic what nobody but a bug would: a worker ends with a traceback."""
    record = Record(POISON.encode(), POISON.encode(), ((APP_ID_HEADER, stream.app_id.encode()),), partition=0)
    produce(stream.broker, stream.canonical, [record])


# What is asserted.


def test_enough_secrets_of_each_kind_went_in_and_were_used(ran: Ran) -> None:
    kinds = Counter(secret.kind for secret in ran.secrets)
    assert {kind: kinds[kind] for kind, wanted in WENT_IN_MIN.items() if kinds[kind] < wanted} == {}
    assert ran.applied > EVENTS / 2


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_secret_of_each_kind_would_be_found(ran: Ran, channel: str) -> None:
    output = ran.outputs[channel]
    assert output
    planted = {secret.kind: secret for secret in sorted(ran.secrets)}.values()
    middle = len(output) // 2
    for secret in planted:
        leaky = b"%b word%b_word %b" % (output[:middle], secret.text.encode(), output[middle:])
        assert secret in shown(planted, leaky)


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_secret_comes_out(ran: Ran, channel: str) -> None:
    assert shown(ran.secrets, ran.outputs[channel]) == []


def test_every_channel_is_searched(ran: Ran) -> None:
    assert set(ran.outputs) == set(CHANNELS)


@pytest.mark.parametrize("channel", ["/metrics", "/metrics, console", *LOGS])
def test_no_customer_is_named_by_number_in_metrics_and_logs(ran: Ran, channel: str) -> None:
    assert len(ran.customer_ids) > CUSTOMERS / 2
    planted = min(ran.customer_ids)
    assert numbers_in(ran.outputs[channel] + b"capillary:1:%b " % planted) & ran.customer_ids >= {planted}
    assert numbers_in(ran.outputs[channel]) & ran.customer_ids == set()


def numbers_in(output: bytes) -> set[bytes]:
    """Return the whole numbers that stand by themselves: not the digits behind a point, nor those of a hash."""
    return set(re.findall(rb"(?<![0-9A-Za-z])\d+(?![0-9A-Za-z])", re.sub(rb"\d+\.\d+", b"", output)))


def test_the_workers_ended_as_they_were_made_to(ran: Ran) -> None:
    assert ran.exit_codes == {"log, console": 0, "log, limit": 1, "log, json": 70}
    assert b"more than 1% of the last 1,000 records were dead letters" in ran.outputs["log, limit"]
    assert b'"exc_type": "ValueError"' in ran.outputs["log, json"]
    assert all(b"debug" in ran.outputs[name] for name in LOGS)
