"""Read a dead letter's record anew, with the code of today: what would come of it now. Pure."""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from loyalty_stream.model.outcome import Rejected
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.pipeline.emit import DeadRecord
from loyalty_stream.sources import DIALECTS

if TYPE_CHECKING:
    from loyalty_stream.model.problem import Repairs


class Attempt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What reading a record gives now: `outcome` is events, ignored or dead_letter.

    What the customer's state says to the events, such as a conflict, shows only when it is processed.
    """

    outcome: str
    event_name: str | None = None
    events: list[dict[str, Any]] = []
    repairs: list[str] = []
    reason: str | None = None
    meaning: str | None = None
    detail: str | None = None


def attempt(dialect: str, record: DeadRecord) -> Attempt:
    """Return what a record would come to, as far as its bytes decide that."""
    repairs: Repairs = []
    reading = decode(DIALECTS[dialect], record, repairs)
    if isinstance(reading, Rejected):
        reason = reading.reason
        return Attempt(outcome="dead_letter", reason=str(reason), meaning=reason.meaning, detail=reading.detail)
    mended = [str(kind) for kind in repairs]
    if reading.ignored is not None:
        return Attempt(
            outcome="ignored",
            event_name=reading.event_name,
            reason=str(reading.ignored),
            meaning=reading.ignored.meaning,
            repairs=mended,
        )
    events = [
        {
            "type": type(event.body).__name__,
            "key": event.key,
            "occurred_at": event.occurred_at,
            "body": msgspec.json.decode(msgspec.json.encode(event.body)),
        }
        for event in reading.events
    ]
    return Attempt(outcome="events", event_name=reading.event_name, events=events, repairs=mended)
