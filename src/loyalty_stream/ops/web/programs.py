"""The pages of programmes: what each owes, from the totals of this worker's partitions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import quote

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.site import Page, Parameter, Reply, Site
from loyalty_stream.serving.customer import Json
from loyalty_stream.serving.liability import (
    TOTALS_PREFIX,
    MalformedProgramError,
    liability,
    parse_program,
    prefixes,
    totals_of,
)

_PATH: Final = "/v1/programs"
_PART: Final = "Totals are of this worker's partitions only: add up what all workers answer."
_WHOSE: Final[Json] = {
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
    "properties": {name: {"type": "string"} for name in ("program", "liability")},
    "required": ["program", "liability"],
}
PROGRAMS: Final = Page(
    _PATH,
    "The programmes that have accounts on this worker's partitions",
    {
        HTTPStatus.OK: Reply(
            "Each programme with the path of what it owes.",
            {
                "type": "object",
                "properties": {"programs": {"type": "array", "items": _LISTED}, **_WHOSE},
                "required": ["programs", "partitions", "complete"],
            },
        )
    },
)
LIABILITY: Final = Page(
    f"{_PATH}/{{program}}/liability",
    "What a programme owes: outstanding points, their value, what was issued, redeemed and expired, what expires when",
    {
        HTTPStatus.OK: Reply(
            "The sums over this worker's partitions; `complete` says whether these are all.",
            {
                "type": "object",
                "properties": {
                    **{name: {"type": "string"} for name in ("program", "vendor", "org_id", "program_id", "on")},
                    "currencies": {"type": "array", "items": {"type": "object"}},
                    "tiers": {"type": "object", "additionalProperties": {"type": "integer"}},
                    **_WHOSE,
                },
                "required": ["program", "on", "currencies", "tiers", "partitions", "complete"],
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

    def committed_rows(self, prefix: bytes) -> Mapping[int, Sequence[tuple[bytes, bytes]]]:
        """Return the rows as last committed whose keys begin with a prefix, by each partition that is served here."""


class ProgramPages:
    """Answer what programmes owe, from committed rows of this worker only."""

    def __init__(self, tables: Tables, partitions: int) -> None:
        """Take the tables, and how many partitions there are over all workers."""
        self._tables = tables
        self._partitions = partitions

    def listed(self) -> Answer:
        """Return all programmes that have totals, each with the address of its page."""
        found = self._tables.committed_rows(TOTALS_PREFIX)
        names = sorted({program.key for rows in found.values() for program, _ in totals_of(rows)})
        listed = [{"program": name, "liability": f"{_PATH}/{quote(name, safe=':')}/liability"} for name in names]
        return Answer(HTTPStatus.OK, {"programs": listed, **self._whose(found)})

    def liability(self, text: str, on: str) -> Answer:
        """Return what a programme owes; `on` is the day from which on it is told what expires."""
        try:
            program, day = parse_program(text), date.fromisoformat(on)
        except MalformedProgramError as error:
            return Answer.problem(HTTPStatus.BAD_REQUEST, "Malformed programme", str(error))
        except ValueError:
            return Answer.problem(
                HTTPStatus.BAD_REQUEST, "Wrong parameter", f"on is {on!r}: give a day, as in 2027-01-31"
            )
        by_prefix = [self._tables.committed_rows(prefix) for prefix in prefixes(program)]
        held = by_prefix[0]
        if not held:
            return Answer.problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "No partitions here",
                "This worker serves no rows, or not yet. Try again when /readyz answers 200, or ask another worker.",
            )
        rows = [row for found in by_prefix for partition in found.values() for row in partition]
        picture = liability(program, rows, day)
        if picture is None:
            detail = "Nothing is known of this programme on the partitions of this worker."
            return Answer.problem(HTTPStatus.NOT_FOUND, "Unknown programme", detail, **self._whose(held))
        return Answer(HTTPStatus.OK, {**picture, **self._whose(held)})

    def _whose(self, held: Mapping[int, object]) -> Json:
        complete = len(held) == self._partitions
        whose = {"partitions": {"held": sorted(held), "of": self._partitions}, "complete": complete}
        return whose if complete else {**whose, "note": _PART}


def add_programs(site: Site) -> None:
    """Add the list of programmes and the page of each one's liability."""
    programs = ProgramPages(site.app, site.app.settings.partitions)

    @site.page(PROGRAMS)
    async def listed(_request: Any) -> Answer:  # noqa: ANN401 - Faust's requests have no usable types
        return programs.listed()

    @site.page(LIABILITY)
    async def owed(request: Any, program: str) -> Answer:  # noqa: ANN401
        on = request.query.get("on") or datetime.now(UTC).date().isoformat()
        return programs.liability(program, on)
