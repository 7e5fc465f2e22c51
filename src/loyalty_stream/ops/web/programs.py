"""The pages of programmes: what each owes, from the totals of this worker's partitions, or of all in the view."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import quote

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.site import Page, Parameter, Reply, Site
from loyalty_stream.pipeline.internal import MEMBERS, TOTALS
from loyalty_stream.serving.customer import Json
from loyalty_stream.serving.liability import (
    MEMBERS_PREFIX,
    TOTALS_PREFIX,
    EncodedRow,
    MalformedProgramError,
    liability,
    outlines,
    parse_program,
    prefixes,
)
from loyalty_stream.serving.view.reader import ViewAwayError, ViewReader
from loyalty_stream.serving.view.totals import TOTALLED

_PATH: Final = "/v1/programs"
_PART: Final = "Totals are of this worker's partitions only: add up what all workers answer."
_WHOSE: Final[Json] = {
    "served": {
        "type": "object",
        "properties": {"by": {"enum": ["table", "view"]}, "age_seconds": {"type": "number"}},
        "required": ["by", "age_seconds"],
    },
    "partitions": {
        "type": "object",
        "properties": {"held": {"type": "array", "items": {"type": "integer"}}, "of": {"type": "integer"}},
        "required": ["held", "of"],
    },
    "complete": {"type": "boolean"},
    "note": {"type": "string"},
}
_LISTED: Final[Json] = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("program", "liability")},
        "currencies": {"type": "array", "items": {"type": "object"}},
        "members": {"type": "integer"},
    },
    "required": ["program", "currencies", "members", "liability"],
}
PROGRAMS: Final = Page(
    _PATH,
    "The programmes that have accounts, and what is outstanding in each",
    {
        HTTPStatus.OK: Reply(
            "Each programme: balances and their value by currency, members who hold a tier, the path of all it owes.",
            {
                "type": "object",
                "properties": {"programs": {"type": "array", "items": _LISTED}, **_WHOSE},
                "required": ["programs", "served", "partitions", "complete"],
            },
        )
    },
)
LIABILITY: Final = Page(
    f"{_PATH}/{{program}}/liability",
    "What a programme owes: outstanding points, their value, what was issued, redeemed and expired, what expires when",
    {
        HTTPStatus.OK: Reply(
            "The sums over all partitions from the view, else over this worker's; `complete` says whether it is all.",
            {
                "type": "object",
                "properties": {
                    **{name: {"type": "string"} for name in ("program", "vendor", "org_id", "program_id", "on")},
                    "currencies": {"type": "array", "items": {"type": "object"}},
                    "tiers": {"type": "object", "additionalProperties": {"type": "integer"}},
                    **_WHOSE,
                },
                "required": ["program", "on", "currencies", "tiers", "served", "partitions", "complete"],
                "additionalProperties": False,
            },
        )
    },
    {
        HTTPStatus.BAD_REQUEST: "The programme or a parameter is malformed.",
        HTTPStatus.NOT_FOUND: "Nothing is known of the programme here.",
        HTTPStatus.SERVICE_UNAVAILABLE: "The worker has no partitions, or restores its tables.",
    },
    (
        Parameter("program", "vendor:org_id:program_id", {"type": "string"}, "path"),
        Parameter("on", "Of what expires, from which day on; today in UTC", {"type": "string", "format": "date"}),
    ),
)


class Tables(Protocol):
    """What these pages need of the app."""

    def committed_rows(self, prefix: bytes) -> Mapping[int, Sequence[EncodedRow]]:
        """Return the rows as last committed whose keys begin with a prefix, by each partition that is served here."""


class _Found(NamedTuple):
    """Rows, the partitions that they are of, and what the answer says of that."""

    rows: list[EncodedRow]
    partitions: list[int]
    whose: Json


class ProgramPages:
    """Answer what programmes owe, from committed rows: of this worker where it has all, else of the view."""

    def __init__(self, tables: Tables, view: ViewReader | None, partitions: int, threads: Executor) -> None:
        """Take where to look, and how many partitions there are over all workers; the view is read in threads."""
        self._tables = tables
        self._view = view
        self._partitions = partitions
        self._threads = threads

    async def listed(self) -> Answer:
        """Return what is outstanding in all programmes that have totals, each with the address of its page."""
        found = await self._find((TOTALS_PREFIX, MEMBERS_PREFIX), (TOTALS, MEMBERS))
        listed = [
            {**outline, "liability": f"{_PATH}/{quote(outline['program'], safe=':')}/liability"}
            for outline in outlines(found.rows)
        ]
        return Answer(HTTPStatus.OK, {"programs": listed, **found.whose})

    async def liability(self, text: str, on: str) -> Answer:
        """Return what a programme owes; `on` is the day from which on it is told what expires."""
        try:
            program, day = parse_program(text), date.fromisoformat(on)
        except MalformedProgramError as error:
            return Answer.problem(HTTPStatus.BAD_REQUEST, "Malformed programme", str(error))
        except ValueError:
            return Answer.problem(
                HTTPStatus.BAD_REQUEST, "Wrong parameter", f"on is {on!r}: give a day, as in 2027-01-31"
            )
        found = await self._find(prefixes(program), sorted(TOTALLED), f"{program.vendor}:{program.org_id}")
        if not found.partitions:
            return Answer.problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "No partitions here",
                "This worker serves no rows, or not yet. Try again when /readyz answers 200, or ask another worker.",
            )
        picture = liability(program, found.rows, day)
        if picture is None:
            detail = "Nothing is known of this programme on the partitions that were looked at."
            return Answer.problem(HTTPStatus.NOT_FOUND, "Unknown programme", detail, **found.whose)
        return Answer(HTTPStatus.OK, {**picture, **found.whose})

    async def _find(self, prefixes: Sequence[bytes], kinds: Sequence[str], organisation: str | None = None) -> _Found:
        """Return rows: by their prefixes in the tables, by kinds and organisation in the view."""
        first, *others = prefixes
        found = self._tables.committed_rows(first)
        if len(found) < self._partitions and self._view is not None:
            loop = asyncio.get_running_loop()
            with suppress(ViewAwayError):
                viewed = await loop.run_in_executor(self._threads, self._view.totals, kinds, organisation)
                age_seconds = max(0.0, time.time() - viewed.complete_until / 1000)
                return self._found(viewed.rows, [*range(self._partitions)], "view", age_seconds)
        every = (found, *map(self._tables.committed_rows, others))
        rows = [row for by_partition in every for partition in by_partition.values() for row in partition]
        return self._found(rows, sorted(found), "table", 0.0)

    def _found(self, rows: list[EncodedRow], partitions: list[int], by: str, age_seconds: float) -> _Found:
        complete = len(partitions) == self._partitions
        whose: Json = {
            "served": {"by": by, "age_seconds": round(age_seconds, 3)},
            "partitions": {"held": partitions, "of": self._partitions},
            "complete": complete,
        }
        return _Found(rows, partitions, whose if complete else {**whose, "note": _PART})


def add_programs(site: Site, view: ViewReader | None, threads: Executor) -> None:
    """Add the list of programmes and the page of each one's liability."""
    programs = ProgramPages(site.app, view, site.app.settings.partitions, threads)

    @site.page(PROGRAMS)
    async def listed(_request: Any) -> Answer:  # noqa: ANN401 - Faust's requests have no usable types
        return await programs.listed()

    @site.page(LIABILITY)
    async def owed(request: Any, program: str) -> Answer:  # noqa: ANN401
        on = request.query.get("on") or datetime.now(UTC).date().isoformat()
        return await programs.liability(program, on)
