"""What comes of looking a customer up: where they were found, or what keeps the answer from being given."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.serving.customer import Json

WAIT_SECONDS_MAX: Final = 2.0
"""For how long a seq that is asked for is waited for."""


class Served(Struct, frozen=True):
    """Where a picture is from: the changelog's partition and offset, and how old it may be at most.

    `table` is of this worker, `worker` of the one that owns the partition, which was asked.
    """

    by: Literal["table", "worker", "view"]
    partition: int
    offset: int | None
    age_seconds: float


class Found(NamedTuple):
    """A customer of whom something is known."""

    picture: Json
    served: Served


def unknown(partition: int) -> Answer:
    """Return that there is no such customer."""
    title, detail = "Unknown customer", "Nothing is known of this key."
    return Answer.problem(HTTPStatus.NOT_FOUND, title, detail, partition=partition)


def restoring(partition: int) -> Answer:
    """Return that this worker cannot tell yet."""
    return Answer.problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Tables are being restored",
        "This worker does not serve rows yet. Try again when /readyz answers 200.",
        partition=partition,
    )


def elsewhere(partition: int) -> Answer:
    """Return that this worker cannot tell, and nobody else is known who can."""
    return Answer.problem(
        HTTPStatus.MISDIRECTED_REQUEST,
        "Partition of another worker",
        f"The key lies on partition {partition}, which this worker does not own. Ask the other workers.",
        partition=partition,
    )


def away(partition: int, reason: str) -> Answer:
    """Return that the owner of a partition cannot tell now; the reason continues "the worker"."""
    return Answer.problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Owner does not tell",
        f"The key lies on partition {partition}, and the worker that owns it {reason}. Try again: another worker takes "
        "over from one that is gone, after LOYALTY_SESSION_TIMEOUT_SECONDS.",
        partition=partition,
    )


def late(reached: Mapping[str, int]) -> Answer:
    """Return that a seq did not come in time, with the seqs that have come."""
    return Answer.problem(
        HTTPStatus.GATEWAY_TIMEOUT,
        "Not there yet",
        f"What was asked for did not come within {WAIT_SECONDS_MAX:g} seconds. Try again.",
        reached=reached,
    )
