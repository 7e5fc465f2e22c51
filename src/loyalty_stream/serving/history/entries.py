"""Derived events of one key as entries of a history: which are sought, which are found, and pages of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import Any, Final

from msgspec import Struct

Json = dict[str, Any]
Cursor = Mapping[str, int]
"""For each domain the seq before which a page begins."""


class Cause(Struct, frozen=True):
    """The vendor's raw record that caused an entry."""

    event_name: str
    event_id: str | None
    topic: str
    partition: int
    offset: int


class Entry(Struct, frozen=True):
    """A derived event, without what all of one key have in common; times in milliseconds since the epoch."""

    id: str
    type: str
    domain: str
    seq: int
    occurred_at: int
    observed_at: int
    program_id: str | None
    cause: Cause
    data: Json


class JournalPage(Struct, frozen=True):
    """Entries of a key, newest first; `complete` is false where some of them could not be read any more."""

    key: str
    source: str
    complete: bool
    entries: Sequence[Entry]
    next: str | None


def entry_of(domain: str, event: Mapping[str, Any]) -> Entry:
    """Return the entry of a derived event, given as JSON has it."""
    return Entry(
        event["id"],
        event["type"],
        domain,
        event["seq"],
        event["occurred_at"],
        event["observed_at"],
        event["program_id"],
        Cause(**event["cause"]),
        event["data"],
    )


class Sought:
    """The entries that are sought of one key, by domain and seq, and those that are found."""

    def __init__(self, key: str, wanted: Mapping[str, range | None]) -> None:
        """Take the seqs that are wanted of each domain; None wants all of them, however many there are."""
        self.key = key
        self._wanted = {domain: seqs for domain, seqs in wanted.items() if seqs is None or seqs}
        self._found: dict[str, dict[int, Entry]] = {domain: {} for domain in wanted}

    def take(self, entry: Entry) -> None:
        """Keep an entry if it is wanted."""
        wanted = self._wanted.get(entry.domain, range(0))
        if wanted is None or entry.seq in wanted:
            self._found[entry.domain][entry.seq] = entry

    def lacking(self) -> list[str]:
        """Return the domains of which entries are still missing."""
        return [domain for domain in self._wanted if not self.has_all(domain)]

    def has_all(self, domain: str) -> bool:
        """Tell whether all that is wanted of a domain is found; seqs count from 1 without gaps."""
        wanted, found = self._wanted.get(domain, range(0)), self._found.get(domain, {})
        return len(found) == len(wanted) if wanted is not None else bool(found) and len(found) == max(found)

    def entries(self, domain: str) -> list[Entry]:
        """Return what is found of a domain, in the order of seq: from the newest back to where the first is missing."""
        wanted, found = self._wanted.get(domain, range(0)), self._found.get(domain, {})
        newest = wanted[-1] if wanted else max(found, default=0)
        known = takewhile(lambda entry: entry is not None, (found.get(seq) for seq in range(newest, 0, -1)))
        return [entry for entry in known if entry is not None][::-1]


def wanted_page(before: Cursor, limit: int) -> dict[str, range | None]:
    """Return what must be read for a page: whatever order the domains are mixed in, no more than this is on it."""
    return {domain: range(max(1, seq - limit), seq) for domain, seq in before.items()}


def page_of(sought: Sought, source: str, before: Cursor, limit: int) -> JournalPage:
    """Return a page: each domain in the order of seq, and domains mixed by when the cause was observed."""
    left = {domain: sought.entries(domain) for domain in before}
    entries = list(islice(_newest_first(left), limit))
    rest = {**before, **{entry.domain: entry.seq for entry in entries}}
    broken_off = {domain for domain in left if not left[domain] and not sought.has_all(domain)}
    goes_on = any(seq > 1 for domain, seq in rest.items() if domain not in broken_off)
    return JournalPage(sought.key, source, not broken_off, entries, cursor_text(rest) if goes_on else None)


def _newest_first(left: Mapping[str, list[Entry]]) -> Iterator[Entry]:
    """Take entries from the ends of the domains, the newest first."""
    while any(left.values()):
        newest = max((entries for entries in left.values() if entries), key=lambda entries: _order(entries[-1]))
        yield newest.pop()


def _order(entry: Entry) -> tuple[int, str]:
    return entry.observed_at, entry.domain


_SEPARATOR: Final = ","


class CursorError(ValueError):
    """Say that a text is no cursor."""


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as a page's `next` has it."""
    return _SEPARATOR.join(f"{domain}:{seq}" for domain, seq in sorted(cursor.items()))


def cursor_of(text: str) -> dict[str, int]:
    """Return the cursor that `cursor_text` wrote.

    Raises:
        CursorError: It is none.

    """
    cursor = {}
    for part in text.split(_SEPARATOR):
        domain, _, seq = part.partition(":")
        if not domain or not seq.isascii() or not seq.isdigit():
            raise CursorError(f"{text!r} is no cursor: take it from `next` of the page before")
        cursor[domain] = int(seq)
    return cursor
