"""What the page of dead letters shows is what its reader gets: every command of it is run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.shell import Shell
from tests.kafka.client import Record, produce

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dead_letters.md").read_text()
LINES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
SECRET = b"somebody@example.com"
BAD = b'{"eventName": "pointsBlessed", "orgId": 9300, "data": {"email": "%b"}}' % SECRET


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


@pytest.fixture
def shell(broker: str, tmp_path: Path) -> Iterator[Shell]:
    running = Shell(broker, tmp_path)
    yield running
    running.stop()


@pytest.mark.long
def test_the_commands_of_the_page_do_what_they_say(shell: Shell, broker: str) -> None:
    count, each, show, dry_run, redrive = LINES
    assert shell.run("loyalty-stream topics apply").returncode == 0
    produce(broker, f"{shell.app_id}.raw.capillary", [Record(b"k", BAD, partition=0) for _ in range(8)])
    shell.start("loyalty-stream worker")
    assert "8 dead letters" in shell.until(count, "8 dead letters")

    listed = shell.run(each)
    assert len(listed.stdout.splitlines()) == 8
    assert all("unknown_event" in line for line in listed.stdout.splitlines())
    place = listed.stdout.split()[0]
    shown = shell.run(show.replace("0:0", place))
    assert (shown.returncode, SECRET.decode() in shown.stdout) == (0, True)
    assert "now: a dead letter again, unknown_event" in shown.stdout
    assert SECRET.decode() not in listed.stdout + shell.run(count).stdout

    assert "would send back 8 of 8" in shell.run(dry_run).stdout
    sent = shell.run(redrive)
    assert (sent.returncode, "sent back 8 of 8 dead letters" in sent.stdout) == (0, True)
    assert "16 dead letters" in shell.until(count, "16 dead letters")  # the cause was not mended
