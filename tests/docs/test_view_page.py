"""What docs/view.md shows is what its reader gets: its commands and its snippet are run, on a real broker and Redis."""

import json
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.shell import Shell
from tests.kafka.client import Record, produce, wait_until
from tests.redis.local import LocalRedis

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "view.md").read_text()
[[VIEW], LOOKS, [REBUILD]] = [block.splitlines() for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)]
[SNIPPET] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
KEY = "capillary:710001:4100000"


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


@pytest.fixture
def shells(broker: str, redis: LocalRedis, tmp_path: Path) -> Iterator[tuple[Shell, Shell]]:
    """Where the worker runs, and where the view does."""
    worker = Shell(broker, tmp_path)
    view = Shell(broker, tmp_path, APP_ID=worker.app_id, TOPIC_PREFIX=f"{worker.app_id}.", REDIS_URL=redis.url)
    yield worker, view
    worker.stop()
    view.stop()


def cli(redis: LocalRedis, line: str) -> str:
    name, *words = shlex.split(line)
    assert name == "redis-cli"
    command = [str(redis.programs.client), "-p", str(redis.port), *words]
    done = subprocess.run(command, env=redis.programs.env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commands_and_the_snippet_do_what_they_say(
    shells: tuple[Shell, Shell], broker: str, redis: LocalRedis
) -> None:
    worker, view = shells
    assert worker.run("loyalty-stream topics apply").returncode == 0
    customer = {"customerId": 4100000, "instore": {"mobile": "447700900100"}}
    event = {"eventName": "pointsIssued", "eventId": "i-1", "orgId": 710001, "createdAt": int(time.time() * 1000)}
    data = {"customerIdentifiers": customer, "loyaltyProgramId": 41, "totalPointsIssued": 60.25}
    record = Record(KEY.encode(), json.dumps({**event, "data": data}).encode())
    produce(broker, f"{worker.app_id}.raw.capillary", [record])
    worker.start("loyalty-stream worker")
    view.start(VIEW)
    current, points, journal, age = LOOKS
    assert wait_until(lambda: cli(redis, current) == "1" and cli(redis, points) != "", 60)
    assert json.loads(cli(redis, points))["accounts"][0]["active"] == "60.25"
    assert wait_until(lambda: "BalanceChanged" in cli(redis, journal), 20)
    assert abs(time.time() * 1000 - int(cli(redis, age))) < 30_000

    names: dict[str, Any] = {}
    exec(SNIPPET.replace("redis://localhost:6379/0", redis.url), names)  # noqa: S102 - the page's own
    picture, seconds_behind = names["points_of"](KEY)
    assert picture["accounts"][0]["active"] == "60.25"
    assert 0 <= seconds_behind < 30

    done = view.run(REBUILD)
    assert (done.returncode, "readers use generation 2" in done.stdout) == (0, True), done.stderr
    assert cli(redis, current) == "2"
    assert names["points_of"](KEY)[0] == picture
