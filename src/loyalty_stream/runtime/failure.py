"""End the process: what has failed must neither commit nor linger.

Faust restarts an agent that raised, having acknowledged its batch, and may leave a crashed worker running without work
for minutes. Here a failure ends the process instead; the next start recovers from the last committed transaction.
"""

import logging
import os
import sys
from typing import Final, NoReturn

from confluent_kafka import KafkaError, KafkaException

from loyalty_stream.pipeline.limit import DeadLetterLimitError
from loyalty_stream.pipeline.table import RowVersionError

EXIT_STOPPED: Final = 1
"""Something that an operator can set right."""
EXIT_FENCED: Final = 3
"""Another worker owns the partitions now; starting again is right."""
EXIT_BUG: Final = 70
"""A broken invariant or an unexpected exception, with a traceback."""

_FENCED: Final = {
    KafkaError._FENCED,  # noqa: SLF001 - librdkafka's local error codes are named so
    KafkaError.PRODUCER_FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
    KafkaError.FENCED_INSTANCE_ID,
}

logger = logging.getLogger(__name__)


class WorkerStopped(Exception):  # noqa: N818 - not an error of the program
    """Stop the worker for a reason that an operator can set right; the text says how."""


class PositionGapError(Exception):
    """A batch does not start where the last one ended: records would be skipped."""


def exit_code_of(error: BaseException) -> int:
    """Return the exit code that tells what kind of failure this is."""
    if is_fenced(error):
        return EXIT_FENCED
    if isinstance(error, WorkerStopped | DeadLetterLimitError | RowVersionError):
        return EXIT_STOPPED
    return EXIT_BUG


def is_fenced(error: BaseException) -> bool:
    """Tell whether the broker refused because a newer owner has taken over."""
    return (
        isinstance(error, KafkaException) and isinstance(error.args[0], KafkaError) and error.args[0].code() in _FENCED
    )


def end_process(error: BaseException, where: str) -> NoReturn:
    """Log one line (and the traceback of a bug), flush the logs and end the process at once."""
    code = exit_code_of(error)
    if code == EXIT_FENCED:
        logger.critical(
            "%s: another worker has taken over this partition (this one was stalled for longer than its session). "
            "Nothing was committed twice. Ending; start again to rejoin",
            where,
        )
    elif code == EXIT_STOPPED:
        logger.critical("%s: %s", where, error)
    else:
        logger.critical("%s: %r. Ending; the next start recovers", where, error, exc_info=error)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
