"""The exit code tells what kind of failure ended the process."""

import logging
import os

import pytest
from confluent_kafka import KafkaError, KafkaException

from loyalty_stream.pipeline.limit import DeadLetterLimitError
from loyalty_stream.runtime.failure import PositionGapError, WorkerStopped, end_process, exit_code_of


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WorkerStopped("set it right"), 1),
        (DeadLetterLimitError(0.5, "malformed_json"), 1),
        (KafkaException(KafkaError(KafkaError._FENCED)), 3),
        (KafkaException(KafkaError(KafkaError.PRODUCER_FENCED)), 3),
        (KafkaException(KafkaError(KafkaError.INVALID_PRODUCER_EPOCH)), 3),
        (KafkaException(KafkaError(KafkaError._TIMED_OUT)), 70),
        (PositionGapError("a gap"), 70),
        (ValueError("a bug"), 70),
    ],
)
def test_the_exit_code(error: BaseException, code: int) -> None:
    assert exit_code_of(error) == code


class Ended(BaseException):
    """Stands for the end of the process."""


def end(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: BaseException) -> logging.LogRecord:
    def leave(code: int) -> None:
        raise Ended(code)

    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr(logging, "shutdown", lambda: None)
    with pytest.raises(Ended):
        end_process(error, "partition 3")
    [record] = caplog.records
    return record


def test_what_an_operator_can_set_right_is_said_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record = end(monkeypatch, caplog, WorkerStopped("do this"))
    assert record.getMessage() == "partition 3: do this"
    assert record.exc_info is None


def test_a_bug_is_logged_with_its_traceback(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    record = end(monkeypatch, caplog, ValueError("broken"))
    assert record.exc_info is not None


def test_fencing_says_who_took_over(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    record = end(monkeypatch, caplog, KafkaException(KafkaError(KafkaError._FENCED)))
    assert "another worker has taken over" in record.getMessage()
    assert record.exc_info is None
