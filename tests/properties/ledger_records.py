"""A vendor's records of points, merges and erasures, as JSON."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from tests.properties.ledger_model import Books, Part
from tests.unit.sources.capillary.vendor import CREATED_AT, wrapped

ORG = 9300
Event = dict[str, Any]
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Scribe:
    """Writes the vendor's records; each is later than the one before, for every customer."""

    def __init__(self) -> None:
        self.written = 0

    def about(
        self, name: str, customer: str | None, data: Event, *, transfer: str | None = None, named: bool = True
    ) -> Event:
        """Return an event; `named` is whether it has an id, which some of the vendor's have not."""
        self.written += 1
        whose = {} if customer is None else {"customerIdentifiers": {"customerId": int(customer)}}
        event: Event = {
            "eventName": name,
            "eventId": f"e-{self.written}" if named else None,
            "orgId": ORG,
            "apiRequestId": f"r-{self.written}",
            "loyaltyEventId": transfer,
            "createdAt": CREATED_AT + self.written * 1000,
            "data": {**whose, **data},
        }
        return {key: value for key, value in event.items() if value is not None}


def bytes_of(event: Event) -> bytes:
    """Return an event as the vendor sends it: every other one is wrapped, and so it is whenever it is sent."""
    if event["createdAt"] // 1000 % 2:
        return _encode(event)
    return _encode(wrapped(dict(event), eventType=f"{ORG}_{event['eventName']}"))


def again(event: Event, delivery: int) -> Event:
    """Return an event that is delivered again, with what the vendor says of the delivery."""
    return {**event, "eventLogId": delivery, "traceAttributes": {"attempt": delivery}}


def altered(value: Any) -> Any:  # noqa: ANN401 - any part of an event
    """Return an event with the same id that says something else: every amount is another."""
    if isinstance(value, Decimal):
        return value + 1
    if isinstance(value, dict):
        return {key: altered(item) for key, item in value.items()}
    return [altered(item) for item in value] if isinstance(value, list) else value


def totals(books: Books, customer: str, program: str, *, told: bool, lifetime: bool = True) -> Event:
    """Return what an event says of the account after it, or nothing."""
    held = books.held[customer][program]
    if not told:
        return {}
    said = {"programCurrentPoints": held.active}
    return {**said, "programLifetimePoints": held.lifetime} if lifetime else said


def activity(name: str, value: str | None) -> Event:
    """Return what set an event off, where that has an id."""
    return {} if value is None else {"triggeringActivity": {"identifiers": [{"key": name, "value": value}]}}


def taken(books: Books, customer: str, parts: Sequence[Part], *, told: bool) -> list[Event]:
    """Return what each earning programme gave."""
    return [
        {
            "programId": int(program),
            "pointsRedeemed": amount,
            **totals(books, customer, program, told=told, lifetime=False),
        }
        for program, amount in parts
    ]


def given_back(books: Books, customer: str, parts: Sequence[Part], expired: Decimal, *, told: bool) -> list[Event]:
    """Return what a reversed redemption gives back; `expired` more has run out meanwhile."""
    return [
        {
            "programId": int(program),
            "redeemedPointsReversed": amount + expired,
            "redeemedPointsReversedDetails": {"available": amount, "expired": expired},
            **totals(books, customer, program, told=told, lifetime=False),
        }
        for program, amount in parts
    ]


def summary(books: Books, survivor: str, programs: Sequence[str], fields: frozenset[str]) -> list[Event]:
    """Return the vendor's summary of a survivor in some programmes, with some of its fields."""
    return [
        {
            "loyaltyProgramId": int(program),
            **{
                name: number
                for name, number in zip(SUMMARY_FIELDS, books.held[survivor][program].numbers, strict=True)
                if name in fields
            },
        }
        for program in programs
    ]


SUMMARY_FIELDS = ("currentPoints", "promisedPoints", "lifetimePoints")


def merge_data(survivor: str, victim: str, summaries: list[Event]) -> Event:
    """Return the data of a merge."""
    return {
        "survivorCustomerIdentifiers": {"customerId": int(survivor)},
        "victimCustomerIdentifiers": {"customerId": int(victim)},
        "survivorCustomerLoyaltySummary": summaries,
    }


def erasure_data(customer: str, request: int) -> Event:
    """Return the data of a deletion that is approved."""
    return {
        "requestTrackingId": f"{request}",
        "requestType": "CUSTOMER",
        "requestBaseType": "DELETE",
        "status": "APPROVED",
        "customerId": int(customer),
    }
