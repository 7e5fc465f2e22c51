"""Ask a broker again while it refuses for a reason that passes by itself, as a leader that is not ready yet."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from confluent_kafka import KafkaError, KafkaException

Answer = TypeVar("Answer")

COMMIT_SECONDS_MAX: Final = 60.0
"""For so long a commit is repeated while the broker may still answer (it restarts, or its coordinator moves)."""
_PAUSE_SECONDS: Final = 0.1


def patiently(ask: Callable[[], Answer], passes: Callable[[KafkaError], bool], seconds_max: float) -> Answer:
    """Return what is answered, asking again while what is refused passes by itself.

    Raises:
        KafkaException: It does not pass, or not within that time.

    """
    deadline = time.monotonic() + seconds_max
    while True:
        try:
            return ask()
        except KafkaException as refusal:
            if not passes(refusal.args[0]) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)


def insist(call: Callable[[], object]) -> None:
    """Repeat a transactional call while the broker says that it may be repeated."""
    patiently(call, lambda error: error.retriable() and not error.fatal(), COMMIT_SECONDS_MAX)
