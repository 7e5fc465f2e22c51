"""What a reducer answers: rejections and duplicates are outcomes, not exceptions."""

from typing import Generic, TypeVar

from msgspec import Struct

from loyalty_stream.model.events import CanonicalEvent, DerivedBody
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason

S = TypeVar("S")


class Applied(Struct, Generic[S], frozen=True, gc=False):
    """The event took effect: the state after it, and what it causes, in order.

    `follow_ups` are events for other keys, or for this one, that it leads to.
    """

    state: S
    derived: tuple[DerivedBody, ...] = ()
    follow_ups: tuple[CanonicalEvent, ...] = ()


class Duplicate(Struct, frozen=True, gc=False):
    """The same fact was applied before; nothing changes."""


class Ignored(Struct, frozen=True, gc=False):
    """The record is well formed and has no effect."""

    reason: IgnoredReason


class Rejected(Struct, frozen=True, gc=False):
    """The record cannot be used; it becomes a dead letter. `detail` names no customer, code or amount's owner."""

    reason: DeadLetterReason
    detail: str = ""


Outcome = Applied[S] | Duplicate | Ignored | Rejected

DUPLICATE = Duplicate()
