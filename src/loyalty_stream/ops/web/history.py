"""The pages of a customer's history: the journal, the explanation of the balances, balances of the past."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from http import HTTPStatus
from typing import Any, Final, TypeVar, get_args

import msgspec

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops.history.source import TOPICS_SECONDS_MAX, Search
from loyalty_stream.ops.history.topics import TopicHistory, TopicsUnreadableError
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.customers import KEY, UNFOUND
from loyalty_stream.ops.web.lookup import Lookup
from loyalty_stream.ops.web.query import QueryError, instant, number, one_of
from loyalty_stream.ops.web.site import Page, Parameter, Reply, Site
from loyalty_stream.serving.customer import Json
from loyalty_stream.serving.history.balance import BalanceAsOf, Basis, balances_at
from loyalty_stream.serving.history.entries import (
    CursorError,
    JournalPage,
    Sought,
    cursor_of,
    page_of,
    wanted_page,
)
from loyalty_stream.serving.history.explain import POINTS, Fill, all_of, explain
from loyalty_stream.serving.history.steps import Explanation
from loyalty_stream.serving.view.reader import ViewReader

ENTRIES_MAX: Final = 1_000
_ENTRIES: Final = 100
_TOPICS: Final = {domain.name: domain.topic_name for domain in DOMAINS}
"""What tells of a domain: an entry's domain is its topic's."""
_TEXT: Final = {"type": "string"}
_UNTOLD: Final = UNFOUND[HTTPStatus.SERVICE_UNAVAILABLE]
_UNREAD: Final = {
    **UNFOUND,
    HTTPStatus.SERVICE_UNAVAILABLE: f"{_UNTOLD} Or the derived topics cannot be read now.",
}
JOURNAL: Final = Page(
    "/v1/customers/{key}/journal",
    "What changed a customer: derived events, newest first",
    {HTTPStatus.OK: Reply("A page of entries; next is the cursor of the one after it.", JournalPage)},
    _UNREAD,
    (
        KEY,
        Parameter(
            "limit", "How many entries", {"type": "integer", "minimum": 1, "maximum": ENTRIES_MAX, "default": _ENTRIES}
        ),
        Parameter("before", "The cursor that the page before gave as next", _TEXT),
        Parameter("domain", "Entries of this domain alone", {"type": "string", "enum": sorted({*_TOPICS.values()})}),
    ),
)
EXPLAIN: Final = Page(
    "/v1/customers/{key}/explain",
    "Why a customer has the points that they have: each account step by step, from its opening balance to now",
    {HTTPStatus.OK: Reply("The steps, oldest first.", Explanation)},
    _UNREAD,
    (
        KEY,
        Parameter("program_id", "Accounts of this programme alone", _TEXT),
        Parameter("currency", "Accounts in this currency alone: points, or the id of an alternate one", _TEXT),
    ),
)
BALANCE: Final = Page(
    "/v1/customers/{key}/balance",
    "A customer's balances as of a moment of the past",
    {HTTPStatus.OK: Reply("The balances of all accounts that were there.", BalanceAsOf)},
    {**_UNREAD, HTTPStatus.GONE: "The history does not reach back so far any more."},
    (
        KEY,
        Parameter("as_of", "The moment, with its zone", {"type": "string", "format": "date-time"}, required=True),
        Parameter(
            "basis",
            "By what had occurred at the vendor by then, or by what had been observed here",
            {"type": "string", "enum": list(get_args(Basis)), "default": "occurred"},
        ),
    ),
)
T = TypeVar("T", bound=msgspec.Struct)


class Histories:
    """Find entries in threads: neither Redis nor the topics may keep the event loop waiting."""

    def __init__(self, view: ViewReader | None, topics: TopicHistory, threads: Executor) -> None:
        """Take where to look."""
        self._view = view
        self._topics = topics
        self._threads = threads

    async def tell(self, tell: Callable[[Fill], T | Answer]) -> Answer:
        """Return as JSON what a function tells from the entries that it asks for."""

        def told() -> Answer:
            found = tell(Search(self._view, self._topics, TOPICS_SECONDS_MAX).fill)
            return found if isinstance(found, Answer) else Answer(HTTPStatus.OK, msgspec.to_builtins(found))

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, told)
        except TopicsUnreadableError as error:
            return Answer.problem(HTTPStatus.SERVICE_UNAVAILABLE, "Topics cannot be read", f"{error}. Try again.")


def journal_of(picture: Json, query: Any, fill: Fill) -> JournalPage:  # noqa: ANN401 - aiohttp's mapping of texts
    """Return the page of a journal that is asked for.

    Raises:
        QueryError: A parameter is wrong.

    """
    limit = number("limit", query.get("limit", str(_ENTRIES)), 1, ENTRIES_MAX)
    known = {topic: picture[name]["seq"] + 1 for name, topic in _TOPICS.items() if name in picture}
    try:
        before = {**known, **cursor_of(query["before"])} if "before" in query else known
    except CursorError as error:
        raise QueryError(str(error)) from error
    domain = query.get("domain")
    chosen = known.keys() & ({one_of("domain", domain, _TOPICS.values())} if domain is not None else known.keys())
    before = {name: min(before[name], known[name]) for name in chosen}
    sought = Sought(picture["key"], wanted_page(before, limit))
    return page_of(sought, fill(sought), before, limit)


def balance_of(picture: Json, query: Any, fill: Fill) -> BalanceAsOf | Answer:  # noqa: ANN401 - as above
    """Return the balances that are asked for.

    Raises:
        QueryError: A parameter is wrong.

    """
    as_of = query.get("as_of", "")
    at_ms = instant("as_of", as_of)
    basis: Any = one_of("basis", query.get("basis", "occurred"), get_args(Basis))
    sought = Sought(picture["key"], {POINTS: all_of(picture, POINTS)})
    source = fill(sought)
    entries, is_complete = sought.entries(POINTS), not sought.lacking()
    if not is_complete:
        moments = [entry.occurred_at if basis == "occurred" else entry.observed_at for entry in entries]
        if at_ms < min(moments, default=at_ms + 1):
            return Answer.problem(
                HTTPStatus.GONE,
                "History too short",
                "The derived topics do not reach back so far, or cannot be read so far in time.",
                oldest=min(moments, default=None),
            )
    return BalanceAsOf(picture["key"], as_of, basis, source, is_complete, balances_at(entries, at_ms, basis))


def add_history(site: Site, lookup: Lookup, histories: Histories) -> None:
    """Add the journal, the explanation and the balances of the past."""

    @site.page(JOURNAL)
    async def journal(request: Any, key: str) -> Answer:  # noqa: ANN401 - Faust's requests have no usable types
        found = await lookup.find(key)
        if isinstance(found, Answer):
            return found
        return await histories.tell(lambda fill: journal_of(found.picture, request.query, fill))

    @site.page(EXPLAIN)
    async def explanation(request: Any, key: str) -> Answer:  # noqa: ANN401
        found = await lookup.find(key)
        if isinstance(found, Answer):
            return found
        program_id, currency = request.query.get("program_id"), request.query.get("currency")
        return await histories.tell(lambda fill: explain(found.picture, fill, program_id, currency))

    @site.page(BALANCE)
    async def balance(request: Any, key: str) -> Answer:  # noqa: ANN401
        found = await lookup.find(key)
        if isinstance(found, Answer):
            return found
        return await histories.tell(lambda fill: balance_of(found.picture, request.query, fill))
