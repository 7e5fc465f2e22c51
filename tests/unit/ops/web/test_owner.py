"""A worker asks the owner of a partition once, over HTTP, and tells what keeps it from answering."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from loyalty_stream.model.keys import partition_of
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.customers import customer_answer
from loyalty_stream.ops.web.found import Found, Served, late, unknown
from loyalty_stream.ops.web.lookup import Lookup
from loyalty_stream.ops.web.owner import HOP, Owners
from loyalty_stream.runtime.app import Readiness
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.runtime.table import PartitionLostError
from tests.kafka.settings import free_ports

KEY = "capillary:71:a/b %25?c"
HOME = partition_of(KEY.encode(), 4)
PICTURE = {"key": KEY, "partition": HOME, "points": {"seq": 3, "accounts": [{"active": "10.50"}]}}
TABLE = Served("table", HOME, 17, 0.0)
TOLD = customer_answer(Found(PICTURE, TABLE))

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class OthersTables:
    """The tables of a worker to which nothing belongs, and which knows an address or none."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    def committed_row(self, _partition: int, _row_key: bytes) -> bytes | None:
        raise PartitionLostError

    def committed_offset(self, _partition: int) -> int | None:
        raise PartitionLostError

    def owner(self, partition: int) -> str | None:
        assert partition == HOME
        return self._url

    def readiness(self) -> Readiness:
        return Readiness(assigned=True, recovered=True, committing=True)


def found_at(handler: Handler, **seqs_min: int) -> Found | Answer:
    """Return what is found where an owner answers so."""

    async def find() -> Found | Answer:
        app = web.Application()
        app.router.add_get("/v1/customers/{key}", handler)
        app.router.add_get("/elsewhere", answering(TOLD))
        async with TestServer(app) as server, ClientSession() as session:
            return await lookup(str(server.make_url("/")), session).find(KEY, seqs_min)

    return asyncio.run(find())


def lookup(url: str | None, session: ClientSession) -> Lookup:
    owners = Owners(lambda: session, SecretStr("correct-horse"))
    return Lookup(OthersTables(url), owners, None, Settings(partitions=4), ThreadPoolExecutor(1))


def answering(answer: Answer) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        return answer.response()

    return handler


def test_the_owner_is_asked_with_the_key_the_seqs_the_token_and_the_mark_of_a_hop() -> None:
    asked: list[Any] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append((request.match_info["key"], request.query.getall("min_seq"), request.headers))
        return TOLD.response()

    assert isinstance(found_at(handler, points=3, tiers=0), Found)
    [(key, seqs, headers)] = asked
    assert (key, seqs) == (KEY, ["points:3", "tiers:0"])
    assert (headers[HOP], headers["Authorization"]) == ("1", "Bearer correct-horse")


def test_what_it_tells_is_the_same_picture_with_the_same_etag_and_is_said_to_be_from_there() -> None:
    found = found_at(answering(TOLD))
    assert isinstance(found, Found)
    assert found.picture == PICTURE
    assert (found.served.by, found.served.partition, found.served.offset) == ("worker", HOME, 17)
    assert 0 <= found.served.age_seconds < 2
    assert customer_answer(found).headers == TOLD.headers


@pytest.mark.parametrize("problem", [unknown(HOME), late({"points": 2})], ids=["unknown", "late"])
def test_that_a_customer_is_unknown_or_late_is_the_owners_to_say(problem: Answer) -> None:
    assert found_at(answering(problem), points=3) == problem


NOT_FROM_TABLES = customer_answer(Found(PICTURE, Served("view", HOME, 17, 1.0)))
OTHER_KEY = customer_answer(Found({**PICTURE, "key": "capillary:71:6"}, TABLE))


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (Answer.problem(HTTPStatus.MISDIRECTED_REQUEST, "Elsewhere", "…").response, "answers 421"),
        (Answer.problem(HTTPStatus.UNAUTHORIZED, "Token needed", "…").response, "answers 401"),
        (unknown((HOME + 1) % 4).response, "answers 404"),
        (NOT_FROM_TABLES.response, "answers 200"),
        (OTHER_KEY.response, "answers 200"),
        (lambda: web.Response(text="<html>"), "answers 200, and not as a worker does"),
        (lambda: web.json_response([]), "answers 200, and not as a worker does"),
        (lambda: web.Response(status=302, headers={"Location": "/elsewhere"}), "answers 302"),
    ],
    ids=["refused", "token", "unknown-elsewhere", "view", "other-key", "html", "list", "redirected"],
)
def test_only_an_owners_own_answer_counts(response: Callable[[], web.Response], said: str) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return response()

    assert_away(found_at(handler), said)


def test_an_owner_that_does_not_answer_is_waited_for_no_longer_than_two_seconds() -> None:
    async def handler(_request: web.Request) -> web.Response:
        await asyncio.sleep(10)
        return TOLD.response()

    begun = time.monotonic()
    assert_away(found_at(handler), "does not answer in time")
    assert 1.9 < time.monotonic() - begun < 4


def test_an_owner_that_is_gone_is_told_at_once_and_logged_once_without_the_customer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    [port] = free_ports(1)

    async def find() -> list[Found | Answer]:
        async with ClientSession() as session:
            looking = lookup(f"http://127.0.0.1:{port}", session)
            return [await looking.find(KEY) for _ in range(3)]

    begun = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for found in asyncio.run(find()):
            assert_away(found, "cannot be reached")
    assert time.monotonic() - begun < 1
    [message] = caplog.messages
    assert f"partition {HOME}" in message
    assert KEY not in message


def test_who_is_asked_by_another_worker_asks_nobody() -> None:
    async def find() -> Found | Answer:
        async with ClientSession() as session:
            return await lookup("http://127.0.0.1:1", session).find(KEY, here_alone=True)

    found = asyncio.run(find())
    assert isinstance(found, Answer)
    assert found.status is HTTPStatus.MISDIRECTED_REQUEST


def assert_away(found: Found | Answer, said: str) -> None:
    assert isinstance(found, Answer)
    assert (found.status, found.body["partition"]) == (HTTPStatus.SERVICE_UNAVAILABLE, HOME)
    assert said in found.body["detail"]
