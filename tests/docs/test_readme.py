"""What the README shows is what a reader gets: its commands are run, its links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.shell import Shell

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
[SHELL_BLOCK] = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", README))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named <= targets


@pytest.fixture
def shell(broker: str, tmp_path: Path) -> Iterator[Shell]:
    running = Shell(broker, tmp_path)
    yield running
    running.stop()


def test_the_commands_for_a_kafka_of_ones_own_do_what_they_say(shell: Shell) -> None:
    lines = [line for line in SHELL_BLOCK.splitlines() if line.startswith("loyalty-stream")]
    apply, worker, simulate, status, tail, state = lines
    assert shell.run(apply).returncode == 0
    shell.start(worker)
    assert shell.run(simulate).returncode == 0
    assert "consumed 1000 = applied" in shell.until(status, "consumed 1000 =")
    assert len(shell.run(f"{tail} --no-follow").stdout.splitlines()) == 5
    assert "points" in shell.run(state).stdout
