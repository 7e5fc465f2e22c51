"""docs/commands.md is what the command line says of itself."""

import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_checked_in_page_is_that_of_the_command_line() -> None:
    command = [str(Path(sys.executable).with_name("typer")), "loyalty_stream.cli", "utils", "docs"]
    command += ["--name", "loyalty-stream", "--title", "Commands"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PAGE.parents[1]).stdout
    assert said.strip() == PAGE.read_text().strip(), "docs/commands.md is not what the commands say: run `make docs`"
