"""A worker that does not own a customer's partition asks the one that does, and answers whatever becomes of it."""

import socket
import time
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest
from pydantic import SecretStr

from loyalty_stream.ops.state import NotHereError, WorkerClient
from loyalty_stream.serving.customer import CustomerKey
from tests.delivery.stream import Stream, StreamWorker, simulate
from tests.helpers.pages import Answered, Pages
from tests.kafka.client import wait_until

EVENTS: Final = 2_000
TOKEN: Final = "correct-horse"  # noqa: S105
SECONDS_MAX: Final = 5.0
"""An owner that does not answer is waited for two seconds; the rest is this machine's."""


class Pair(NamedTuple):
    """Two workers that share the partitions, and the customers that they have processed."""

    stream: Stream
    one: StreamWorker
    other: StreamWorker
    keys: list[str]

    def pages(self) -> tuple[Pages, Pages]:
        return Pages(self.one.http_port, TOKEN), Pages(self.other.http_port, TOKEN)

    def of_the_other(self) -> list[str]:
        """Return the keys that the one worker has to ask the other about."""
        return [key for key in self.keys if self.pages()[0].of(key)["served"]["by"] == "worker"]

    def wait_shared(self) -> None:
        assert wait_until(lambda: self.one.owned() == self.other.owned() == 2, 120)
        for worker in (self.one, self.other):
            worker.wait_ready()


@pytest.fixture(scope="module")
def pair(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    stream = Stream(broker, tmp_path_factory.mktemp("owner"))
    try:
        traffic = simulate(events=EVENTS, customers=100, seed=43)
        one, other = (stream.worker(name, http_token=TOKEN, session_timeout_seconds=12) for name in ("a", "b"))
        stream.publish(traffic.records)
        stream.wait_done(EVENTS)
        pair = Pair(stream, one, other, sorted({key for key, *_ in traffic.simulation.answer.accounts}))
        pair.wait_shared()
        yield pair
    finally:
        stream.close()


def told(answered: Answered) -> Any:  # noqa: ANN401 - a JSON document
    return {name: value for name, value in answered.json.items() if name != "served"}


def test_every_customer_is_the_same_whichever_worker_is_asked(pair: Pair) -> None:
    by = set()
    for key in pair.keys:
        one, other = (pages.get(f"/v1/customers/{key}") for pages in pair.pages())
        assert (one.status, other.status) == (200, 200)
        assert (told(one), one.headers["ETag"]) == (told(other), other.headers["ETag"])
        served = [answered.json["served"] for answered in (one, other)]
        assert served[0]["offset"] == served[1]["offset"]
        assert all(0 <= each["age_seconds"] < SECONDS_MAX for each in served)
        by.add((served[0]["by"], served[1]["by"]))
    assert by == {("table", "worker"), ("worker", "table")}


def test_histories_are_the_same_whichever_worker_is_asked(pair: Pair) -> None:
    for key in (pair.keys[0], pair.of_the_other()[0]):
        for page in ("/journal?limit=1000", "/explain", "/balance?as_of=2100-01-01T00:00:00Z"):
            one, other = (pages.of(key, page) for pages in pair.pages())
            assert one == other
            assert one["complete"]


def test_what_is_known_awaited_or_missing_is_said_through_the_other_worker_too(pair: Pair) -> None:
    pages, _ = pair.pages()
    key = pair.of_the_other()[0]
    first = pages.get(f"/v1/customers/{key}")
    assert pages.get(f"/v1/customers/{key}", **{"If-None-Match": first.headers["ETag"]}).status == 304
    seq = first.json["points"]["seq"]
    assert pages.get(f"/v1/customers/{key}?min_seq=points:{seq}").status == 200
    late = pages.get(f"/v1/customers/{key}?min_seq=points:{seq + 1}")
    assert (late.status, late.json["reached"]) == (504, {"points": seq})
    unknown = {pages.get(f"/v1/customers/capillary:1:a%2Fb%3F{number}").status for number in range(20)}
    assert unknown == {404}


def test_a_worker_that_is_asked_by_another_one_asks_nobody(pair: Pair) -> None:
    pages, _ = pair.pages()
    for key in pair.of_the_other()[:3]:
        refused = pages.get(f"/v1/customers/{key}", **{"Loyalty-Hop": "1"})
        assert (refused.status, refused.headers["Content-Type"].partition(";")[0]) == (421, "application/problem+json")
    assert pages.get(f"/v1/customers/{pair.keys[0]}", Authorization="Bearer other").status == 401


def test_clients_that_go_away_leave_nothing_behind(pair: Pair) -> None:
    [key, *_] = pair.of_the_other()
    asked = (
        f"GET /v1/customers/{key}?min_seq=points:100000 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    )
    for _ in range(150):  # more than the client has connections
        with socket.create_connection(("127.0.0.1", pair.one.http_port), 5) as connection:
            connection.sendall(asked.encode())
    assert wait_until(lambda: pair.pages()[0].get(f"/v1/customers/{key}").status == 200, 10)
    assert "Traceback" not in pair.one.log_text + pair.other.log_text


def test_an_owner_that_is_frozen_or_killed_is_said_soon_until_another_one_has_taken_over(pair: Pair) -> None:
    pages, _ = pair.pages()
    keys = pair.of_the_other()
    pair.other.freeze()
    assert_soon_said(pages, keys[0], "does not answer in time")
    pair.other.kill()
    assert_soon_said(pages, keys[0], "cannot be reached")
    with pytest.raises(NotHereError, match="--from-changelog"):  # so `state explain` reads Kafka instead
        WorkerClient(f"http://127.0.0.1:{pages.port}", SecretStr(TOKEN)).explanation(CustomerKey.parse(keys[0]))

    def all_told() -> bool:
        statuses = {soon(pages, key).status for key in keys}
        assert statuses <= {200, 421, 503}
        return statuses == {200}

    assert wait_until(all_told, 120)
    assert {pages.of(key)["served"]["by"] for key in keys} == {"table"}
    pair.other.start()
    assert wait_until(lambda: all_told() and pair.other.owned() == 2, 120)
    pair.wait_shared()
    assert sorted(pair.of_the_other()) != []
    assert TOKEN not in pair.one.log_text


def assert_soon_said(pages: Pages, key: str, said: str) -> None:
    answered = soon(pages, key)
    assert (answered.status, answered.json["title"]) == (503, "Owner does not tell")
    assert said in answered.json["detail"]
    assert answered.headers["Content-Type"].startswith("application/problem+json")
    assert soon(pages, key, "/explain").status == 503


def soon(pages: Pages, key: str, page: str = "") -> Answered:
    begun = time.monotonic()
    answered = pages.get(f"/v1/customers/{key}{page}")
    assert time.monotonic() - begun < SECONDS_MAX
    return answered
