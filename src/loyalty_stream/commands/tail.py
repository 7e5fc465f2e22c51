"""`loyalty-stream tail`."""

from typing import TYPE_CHECKING, Annotated

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.records import TailRecord


def tail(
    topics: Annotated[
        list[str], typer.Argument(help="Whole names, or short ones: derived.points, dead_letters, changelog.")
    ],
    json: JsonOption = False,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="Start with the oldest record.")] = False,
    max_records: Annotated[int | None, typer.Option("--max", min=1, help="End after so many records.")] = None,
    follow: Annotated[bool, typer.Option(help="Wait for more records; else end where the topics end now.")] = True,
) -> None:
    """Show records of any of our topics, decoded: derived events, dead letters, canonical events, table rows.

    Only committed records are shown. Without --from-beginning it starts with the next record, or with the last ten of
    each partition where it does not follow.
    """
    from loyalty_stream.ops.tail import tail as read
    from loyalty_stream.runtime.settings import load_settings

    records = read(load_settings(), topics, from_beginning=from_beginning, follow=follow, records_max=max_records)
    try:
        for record in records:
            _show(record, json=json)
    except KeyboardInterrupt:
        return


def _show(record: "TailRecord", *, json: bool) -> None:
    import msgspec

    from loyalty_stream.ops.records import record_line

    if json:
        print_json(msgspec.to_builtins(record))
    else:
        typer.echo(record_line(record))
