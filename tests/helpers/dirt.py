"""The dirt that the vendor's samples have, put anywhere into a clean record."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.helpers.strategies import places

WORDS = frozenset(
    {"eventName", "eventType", "eventId", "apiRequestId", "loyaltyEventId", "pointsType", "key", "code", "streakId"}
    | {"requestType", "requestBaseType", "requestTrackingId", "requestId", "status"}
    | {"currentRequestState", "previousRequestState", "cardNumber", "intouchCouponCode"}
    | {"campaign_id", "voucher_id", "customer_id", "related_transaction_id", "redemption", "expiration_date"}
    | {"newState", "oldState", "event", "action", "period", "NotificationType"}
    | {"badgeId", "earnId", "constraintLevel", "constraintType", "rollType", "alternateCurrencyIdentifier"}
    | {"campaignExecutionId", "tenantId", "campaignId", "executionStatus"}
)
"""The keys of closed enumerations and of ids that are text: whitespace may be anywhere in their values."""

LABELS = frozenset(
    {"streakName", "streakLevelName", "discount_type", "name", "expiryAt", "newExpiryDate", "value"}
    | {"updated", "deletedAt", "modified", "startTime", "endTime"}
    | {"currentStatusLabel", "previousStatusLabel", "previousValue", "errorMessage"}
    | {"createdAt", "updatedAt", "executedAt", "message", "warningMessage"}
)
"""The keys of texts with a meaning of their own: whitespace may be at their edges."""

MARK = "\N{INVISIBLE TIMES}"
"""Stands before the text of a number that JSON must hold as written."""


class Spot(NamedTuple):
    """A place in a document, by its path, and what dirt it can have."""

    path: tuple[Any, ...]
    kind: str


Put = Callable[[Any, Any, str], None]


def spots(document: Any) -> Iterator[Spot]:  # noqa: ANN401 - any JSON document
    """Yield every spot of a document where dirt can be put."""
    for path, key, value in _walk(document, ()):
        if isinstance(key, str):
            yield Spot(path, "key_whitespace")
        if value is None:
            yield Spot(path, "null_as_text")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield Spot(path, "number_as_text")
            if isinstance(value, int):
                yield Spot(path, "integer_as_float")
        elif isinstance(value, str) and value.strip():
            if key in WORDS:
                yield Spot(path, "whitespace_within")
            if key in WORDS | LABELS:
                yield Spot(path, "whitespace_at_the_edges")


def soiled(document: Any, spot: Spot, space: str = " ") -> Any:  # noqa: ANN401 - any JSON document
    """Return a copy of a document with dirt in one spot."""
    document = copy.deepcopy(document)
    holder = document
    for step in spot.path[:-1]:
        holder = holder[step]
    key = spot.path[-1]
    if spot.kind == "key_whitespace":
        items = [(_within(other, space) if other == key else other, value) for other, value in holder.items()]
        holder.clear()
        holder.update(items)
    else:
        holder[key] = _DIRT[spot.kind](holder[key], space)
    return document


def encoded(document: Any) -> bytes:  # noqa: ANN401 - any JSON document
    """Return a document as JSON."""
    return re.sub(rf'"{MARK}([^"]*)"', r"\1", json.dumps(document, ensure_ascii=False)).encode()


def _within(text: str, space: str) -> str:
    middle = len(text) // 2
    return text[:middle] + space + text[middle:]


_DIRT: dict[str, Callable[[Any, str], Any]] = {
    "null_as_text": lambda _, space: f"{space}null{space}",
    "number_as_text": lambda value, space: f"{space}{value}",
    "integer_as_float": lambda value, _: f"{MARK}{value}.0",
    "whitespace_within": _within,
    "whitespace_at_the_edges": lambda value, space: f"{space}{value}{space}",
}


def _walk(document: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:  # noqa: ANN401
    for holder, key in places(document):
        if holder is document:
            yield (*path, key), key, holder[key]
            yield from _walk(holder[key], (*path, key))
