"""What the page of upgrades shows is what its reader gets: every command of it is run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.shell import Shell

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "upgrading.md").read_text()
LINES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", PAGE)) <= targets


@pytest.fixture
def shell(broker: str, tmp_path: Path) -> Iterator[Shell]:
    running = Shell(broker, tmp_path)
    yield running
    running.stop()


@pytest.mark.long
def test_the_commands_of_the_page_do_what_they_say(shell: Shell) -> None:
    replay, diff, clean, apply, check, status = LINES
    assert shell.run(apply).returncode == 0
    assert "as they should be" in shell.run(check).stdout
    shell.start("loyalty-stream worker")
    # Of customers who are brought together not even the same code tells the same (ADR 8).
    apart = "--group-share 0 --transfer-share 0 --merge-share 0 --bad-merge-share 0"
    assert shell.run(f"loyalty-stream simulate --events 1000 {apart}").returncode == 0
    assert "consumed 1000 = applied" in shell.until(status, "consumed 1000 =")
    replayed = shell.run(replay)
    assert "consumed 1000 = applied" in replayed.stdout, replayed.stderr
    compared = shell.run(diff)
    assert (compared.returncode, "no difference" in compared.stdout) == (0, True), compared
    cleaned = shell.run(clean)
    assert "the group next" in cleaned.stdout, cleaned.stderr
