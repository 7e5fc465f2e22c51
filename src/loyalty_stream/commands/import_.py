"""`loyalty-stream import`: rows of files that vendors export, onto their raw topics."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.imports.run import Imported

app = typer.Typer(no_args_is_help=True, help="Publish the rows of files that vendors export, each exactly once.")


@app.callback()
def vendor() -> None:
    """Publish the rows of files that vendors export, each exactly once."""


@app.command()
def open_loyalty(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, readable=True, help="CSV, plain or gzip."),
    ],
    again: Annotated[
        bool, typer.Option("--again", help="Import a file once more that was imported to its end.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Publish campaign executions of Open Loyalty's S3 export onto the raw topic, each row exactly once.

    Ended amid a file, by whatever, it goes on where it was when it is started again. A row that is not well-formed is
    published as it is, and so becomes a dead letter; one too large for the topic is left out. Exit code 1 where there
    were such rows.
    """
    from loyalty_stream.ops.imports.run import import_file
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    done = []
    for file in files:
        with _bar(file, json=json) as on_read:
            done.append(import_file(settings, file, again=again, on_read=on_read))
        if not json:
            _tell(done[-1])
    if json:
        import msgspec

        print_json({"files": [msgspec.to_builtins(each) for each in done]})
    if any(each.malformed or each.too_large for each in done):
        raise typer.Exit(1)


@contextmanager
def _bar(file: Path, *, json: bool) -> "Iterator[Callable[[int, int], None]]":
    """Show a bar of a file's bytes where somebody looks on; yield what moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    console = Console(stderr=True)
    if json or not console.is_terminal:
        yield lambda *_: None
        return
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(file.name, total=file.stat().st_size)
        yield lambda read, total: progress.update(task, completed=read, total=total)


def _tell(done: "Imported") -> None:
    if done.done_before:
        typer.echo(
            f"{done.file}: imported before, all {done.whole.rows} rows of it; nothing was published (--again does)"
        )
        return
    before = done.whole.rows - done.rows
    went_on = f", behind {before} of an earlier import" if before else ""
    published, rate = done.rows - done.too_large, done.rows / done.seconds if done.seconds else 0
    typer.echo(f"{done.file}: published {published} rows in {done.seconds:.1f} s ({rate:,.0f}/s){went_on}")
    if done.dropped_columns:
        typer.echo(
            f"  warning: {len(done.dropped_columns)} unknown columns left out: {', '.join(done.dropped_columns)}"
        )
    if done.malformed or done.too_large:
        typer.echo(
            f"  warning: {done.malformed} rows are not well-formed (published as they are), {done.too_large} too large "
            f"(left out): line {', '.join(map(str, done.lines))}"
        )
