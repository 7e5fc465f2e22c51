"""The log stays readable while the broker is away."""

import logging

import pytest

from loyalty_stream.runtime.logs import OncePer


def test_the_same_message_passes_once_in_a_while(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("chatty")
    chatty = OncePer(60)
    logger.addFilter(chatty)
    try:
        for number in range(100):
            logger.error("cannot connect to %s", number)
        logger.error("something else")
    finally:
        logger.removeFilter(chatty)
    assert caplog.messages == ["cannot connect to 0", "something else"]
