"""Keep the log readable while the broker is away."""

import logging
import time
from typing import Final

REPEAT_SECONDS: Final = 10.0
_CHATTY: Final = ("aiokafka", "aiokafka.consumer.group_coordinator", "aiokafka.consumer.fetcher")


class OncePer(logging.Filter):
    """Let the same message of a logger pass once in so many seconds."""

    def __init__(self, seconds: float) -> None:
        """Start with nothing heard."""
        super().__init__()
        self._seconds = seconds
        self._heard: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to log it; what differs only in its arguments is the same message."""
        now = time.monotonic()
        message = str(record.msg)
        if now - self._heard.get(message, -self._seconds) < self._seconds:
            return False
        self._heard[message] = now
        return True


def calm_clients() -> None:
    """Have aiokafka say the same thing seldom: without a broker it tries, and logs, thousands of times a second."""
    for name in _CHATTY:
        logging.getLogger(name).addFilter(OncePer(REPEAT_SECONDS))
