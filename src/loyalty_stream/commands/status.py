"""`loyalty-stream status`."""

from typing import TYPE_CHECKING

import typer

from loyalty_stream.commands.output import JsonOption, print_error, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.status import Status

_WIDTH_MIN = 110


def status(json: JsonOption = False) -> None:
    """Show how far the workers are and how every raw record ended, as committed.

    Exit code 1 where the counts do not add up, or where nothing is committed under LOYALTY_APP_ID.
    """
    from loyalty_stream.ops.group import read_status
    from loyalty_stream.runtime.settings import load_settings

    found = read_status(load_settings())
    if json:
        print_json(found.as_json())
    else:
        _show(found)
    if found.faults:
        raise typer.Exit(1)


def _show(found: "Status") -> None:
    from rich.console import Console
    from rich.table import Table

    from loyalty_stream.ops.status import identity

    table = Table(title=f"group {found.group}", title_justify="left", box=None, header_style="bold")
    table.add_column("topic")
    columns = ("lag", "consumed", "applied", "duplicate", "ignored", "dead_lettered", "forwarded")
    for name in ("partitions", *columns):
        table.add_column(name.replace("_", "-"), justify="right")
    for topic in found.topics:
        numbers = [topic.lag, *(getattr(topic.tally, name) for name in columns[1:])]
        table.add_row(topic.topic, str(topic.partitions), *(f"{number:,}" for number in numbers))
    console = Console()
    console.width = max(console.width, _WIDTH_MIN)  # a narrow terminal wraps; nothing is cut
    console.print(table)
    typer.echo(f"\n{identity(found.total)}")
    for fault in found.faults:
        print_error(f"the counts do not add up: {fault}")
