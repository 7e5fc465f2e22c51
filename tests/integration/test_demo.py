"""The demo needs nothing but Python, ends by itself, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from loyalty_stream.simulate import SIMULATIONS
from tests.helpers.pages import Pages
from tests.kafka.client import admin_client, wait_until

FIGURES = r"consumed (\d+) = applied (\d+) \+ duplicates (\d+) \+ ignored (\d+) \+ dead-lettered (\d+)"
SECONDS_MAX = 110


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the demo with no program on its PATH, and `folder` for its temporary files."""
    env = os.environ | {"PATH": "", "TMPDIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "loyalty_stream", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        cwd=folder,
    )


def workers_of(folder: Path) -> list[str]:
    """The processes that have their working directory below a folder."""
    return [
        entry.name
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (entry / "cwd").is_symlink() and _cwd(entry).startswith(f"{folder}{os.sep}")
    ]


def _cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return ""


def assert_all_is_right(output: str) -> None:
    [line] = re.findall(FIGURES, output)
    consumed, *ended = map(int, line)
    assert consumed == sum(ended)
    for name, number in zip(("consumed", "applied", "duplicates", "ignored", "dead-lettered"), line, strict=True):
        assert f"✓ {name}: {number} (simulated: {number})" in output
    assert "✗" not in output


@pytest.mark.slow
def test_it_runs_the_main_job_without_java_docker_or_a_broker(tmp_path: Path) -> None:
    demo = start(tmp_path, "--events=8000", "--customers=300")
    output, _ = demo.communicate(timeout=SECONDS_MAX)
    assert demo.returncode == 0, output
    assert_all_is_right(output)
    assert "consumed 8000 = " in output
    assert output.count("demo --stay") == 1
    for domain in ("points", "tiers", "coupons", "streaks", "promotions"):
        assert re.search(rf"^  {domain} \w+ of capillary:\d+:\d+, seq \d+", output, re.MULTILINE)
        assert re.search(rf"^  {domain} \(seq \d+\)", output, re.MULTILINE)
    assert re.search(r"^  campaigns \w+ of talon_one:\w+:campaign/\d+, seq \d+", output, re.MULTILINE)
    assert re.search(r"^  executions \w+ of open_loyalty:\S+:execution/\S+, seq \d+", output, re.MULTILINE)
    shares = re.findall(r"✓ of each dialect: (.*)", output)
    assert [share.split()[0] for share in shares[0].split(", ")] == sorted(SIMULATIONS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_stays_where_that_is_asked_for_and_prints_where_its_console_is(tmp_path: Path) -> None:
    demo = start(tmp_path, "--events=3000", "--customers=200", "--stay")
    try:
        output = said_until(demo, "/#/customers/")
        assert_all_is_right(output)
        address, _, key = output.splitlines()[-1].strip().partition("/#/customers/")
        pages = Pages(int(address.rpartition(":")[2]))
        assert b"loyalty-stream" in pages.get("/").body
        assert pages.of(key)["key"] == key
        assert all(account["agrees"] for account in pages.of(key, "/explain")["accounts"])
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=30)
    assert demo.returncode == 0
    assert list(tmp_path.iterdir()) == []


def said_until(demo: subprocess.Popen[str], wanted: str) -> str:
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if wanted in line:
            break
    return said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "amid"),
    [
        (signal.SIGINT, "Starting a worker"),
        pytest.param(signal.SIGINT, "events", marks=pytest.mark.long),
        (signal.SIGTERM, "events"),
    ],
)
def test_when_it_is_ended_nothing_is_left(tmp_path: Path, number: signal.Signals, amid: str) -> None:
    demo = start(tmp_path, "--events=1000000")
    assert demo.stdout is not None
    assert any(amid in line for line in demo.stdout)
    assert wait_until(lambda: bool(workers_of(tmp_path)), SECONDS_MAX)
    demo.send_signal(number)
    output, _ = demo.communicate(timeout=SECONDS_MAX)
    assert demo.returncode == 130
    assert "Traceback" not in output
    assert wait_until(lambda: workers_of(tmp_path) == [], 10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.slow
def test_on_a_real_broker_it_has_topics_of_its_own_and_deletes_them(broker: str, tmp_path: Path) -> None:
    demo = start(tmp_path, "--events=3000", "--customers=200", f"--broker={broker}")
    output, _ = demo.communicate(timeout=SECONDS_MAX)
    assert demo.returncode == 0, output
    assert_all_is_right(output)
    admin = admin_client(broker)
    assert wait_until(lambda: not [name for name in admin.list_topics().topics if "loyalty-demo-" in name], 15)


def test_a_broker_that_is_not_there_is_named(tmp_path: Path) -> None:
    demo = start(tmp_path, "--broker=127.0.0.1:1")
    output, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert "no Kafka broker answers at '127.0.0.1:1'" in output
    assert "Traceback" not in output
