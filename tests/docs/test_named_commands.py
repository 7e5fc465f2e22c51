"""Every command that a page, an alert or a message names exists, with the options that stand there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from loyalty_stream.cli import app

ROOT: Final = Path(__file__).parents[2]
TEXTS: Final = sorted(
    [
        *ROOT.glob("*.md"),
        *(page for page in (ROOT / "docs").rglob("*.md") if page.name != "commands.md"),  # which the code writes
        *(ROOT / "deploy").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.yml"),
        *(ROOT / "deploy").rglob("*.yaml"),
        *(ROOT / "src").rglob("*.py"),
    ]
)
NAMED: Final = re.compile(r"(?<![\w./-])loyalty-stream (?=[a-z])([^`\n|>&;#()…]*)")
COMMANDS: Final = typer.main.get_command(app)


def named(text: str) -> Iterator[str]:
    """The words behind the program's name, where a command is shown: in a span or a block of code."""
    for span in re.findall(r"`([^`\n]*)`", text):
        yield from NAMED.findall(span)
    for line in re.findall(r"^(?: {4}|[$] )?((?:LOYALTY_\S+ )*loyalty-stream .*)$", text, re.MULTILINE):
        yield from NAMED.findall(line)


def wrong(words: list[str]) -> str | None:
    """Return what of a command does not exist, or None."""
    command: Any = COMMANDS
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    if words and hasattr(command, "commands") and not words[0].startswith("-") and not command.params:
        return words[0]
    if command is COMMANDS and words:
        return words[0]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    return next(iter(given - known), None)


def found() -> dict[str, list[str]]:
    """Each command that is named anywhere, and where."""
    places: dict[str, list[str]] = {}
    for file in TEXTS:
        for command in named(file.read_text()):
            places.setdefault(command.strip(), []).append(str(file.relative_to(ROOT)))
    return places


@pytest.mark.parametrize("command", found())
def test_a_command_that_is_named_exists_with_its_options(command: str) -> None:
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    assert wrong(words) is None, found()[command]


def test_commands_are_found_wherever_they_are_named() -> None:
    kinds = {Path(place).suffix for places in found().values() for place in places}
    assert kinds >= {".md", ".py", ".yml"}
    assert len(found()) > 40


@pytest.mark.parametrize("command", ["explode", "dead-letters explode", "status --explode", "topics apply --dry=1"])
def test_what_does_not_exist_would_be_seen(command: str) -> None:
    assert wrong(command.split()) is not None
