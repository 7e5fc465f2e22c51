"""Read what a page is asked with."""

from collections.abc import Collection, Sequence
from datetime import datetime


class QueryError(ValueError):
    """Say which parameter is wrong, what it is and what is allowed."""


def number(name: str, text: str, low: int, high: int) -> int:
    """Return a whole number within bounds."""
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise QueryError(f"{name} is {text!r}: give a whole number from {low} to {high}")


def one_of(name: str, text: str, allowed: Collection[str]) -> str:
    """Return one of some words."""
    if text in allowed:
        return text
    raise QueryError(f"{name} is {text!r}: give one of {', '.join(sorted({*allowed}))}")


def instant(name: str, text: str) -> int:
    """Return a moment that is written as ISO 8601 has it, in milliseconds since the epoch."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise QueryError(f"{name} is {text!r}: give an instant with its zone, as in 2026-01-31T12:00:00Z (a + is %2B)")
    return round(moment.timestamp() * 1000)


def seqs(texts: Sequence[str], domains: Collection[str]) -> dict[str, int]:
    """Return the seq that is asked for of each domain."""
    asked = {}
    for text in texts:
        domain, _, seq = text.partition(":")
        if not (seq.isascii() and seq.isdigit()):
            raise QueryError(f"min_seq is {text!r}: give a domain and a number, as in points:17")
        asked[one_of("min_seq's domain", domain, domains)] = int(seq)
    return asked
