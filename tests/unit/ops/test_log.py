import json
import os
import subprocess
import sys

import pytest

from loyalty_stream.ops.log import LogSettings, load_log_settings
from loyalty_stream.runtime.settings import SettingsError

PROGRAM = """
import logging, structlog
from loyalty_stream.ops.log import load_log_settings, set_up
set_up(load_log_settings())
structlog.stdlib.get_logger("ours").info("processing", partitions=2)
logging.getLogger("loyalty_stream.runtime.app").info("[^-StreamApp]: Starting...")
logging.getLogger("loyalty_stream.runtime.app").info("plain %s", "text")
logging.getLogger("faust.worker").info("chatter")
logging.getLogger("faust.worker").warning("trouble")
logging.getLogger("aiokafka.conn").debug("Response from broker: member@example.com")
def fail():
    record = "".join(("member", "@", "example.com"))
    return len(record) / 0
try:
    fail()
except ZeroDivisionError as error:
    logging.getLogger("loyalty_stream").critical("failed", exc_info=error)
"""


def run(**environment: str) -> str:
    env = {"PYTHONPATH": os.environ.get("PYTHONPATH", ""), **environment}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == ""
    return done.stderr


def test_json_has_one_document_a_line_with_time_level_and_logger() -> None:
    entries = [json.loads(line) for line in run(LOYALTY_LOG_FORMAT="json").splitlines()]
    assert [entry["event"] for entry in entries] == ["processing", "plain text", "trouble", "failed"]
    first = entries[0]
    assert (first["level"], first["logger"], first["partitions"]) == ("info", "ours", 2)
    assert first["timestamp"].endswith("Z")
    assert entries[-1]["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_lines_for_people_show_ours_and_the_libraries_warnings() -> None:
    text = run()
    assert "partitions=2" in text
    assert "trouble" in text
    assert "ZeroDivisionError" in text
    assert "chatter" not in text
    assert "Starting..." not in text


def test_debug_shows_all() -> None:
    assert "chatter" in run(LOYALTY_LOG_LEVEL="DEBUG")
    assert "Starting..." in run(LOYALTY_LOG_LEVEL="DEBUG")


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_neither_a_traceback_nor_a_client_shows_a_record_however_talkative(log_format: str) -> None:
    said = run(LOYALTY_LOG_LEVEL="DEBUG", LOYALTY_LOG_FORMAT=log_format)
    assert "fail" in said
    assert "member@example.com" not in said


def test_the_defaults_are_lines_from_info_on() -> None:
    assert load_log_settings() == LogSettings(log_format="console", log_level="INFO")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [("LOYALTY_LOG_FORMAT", "xml", "console, json"), ("LOYALTY_LOG_LEVEL", "loud", "DEBUG, INFO, WARNING, ERROR")],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load_log_settings()
    assert str(error.value) == f"{name} is {value!r}; allowed: {allowed}"
