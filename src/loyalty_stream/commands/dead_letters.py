"""`loyalty-stream dead-letters`: look at records that could not be used, and send them back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from loyalty_stream.commands.output import JsonOption, print_error, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.dead_letters.redrive import Redriven
    from loyalty_stream.ops.dead_letters.selection import Asked, Selection
    from loyalty_stream.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Look at records that could not be used, and send them back.")

_AGO = "ISO 8601, UTC where no zone is given, or how long ago: 90s, 30m, 2h, 7d, 1w."
Reason = Annotated[str | None, typer.Option(help="Only letters of this reason; docs/events.md has them all.")]
Topic = Annotated[str | None, typer.Option(help="Only records of this raw topic: whole, or short as capillary.")]
Key = Annotated[str | None, typer.Option(help="Only records with this key, as their producer wrote it.")]
Since = Annotated[str | None, typer.Option(help=f"Only what became a dead letter then or later. {_AGO}")]
Until = Annotated[str | None, typer.Option(help="Only what became a dead letter before. Written likewise.")]
PLACE = "PARTITION:OFFSET of the dead letter, or TOPIC:PARTITION:OFFSET of its raw record."


@app.callback()
def dead_letters() -> None:
    """Look at records that could not be used, and send them back."""


@app.command("list")
def list_(
    reason: Reason = None,
    topic: Topic = None,
    key: Key = None,
    since: Since = None,
    until: Until = None,
    each: Annotated[bool, typer.Option("--each", help="A line for each letter instead of a count.")] = False,
    json: JsonOption = False,
) -> None:
    """Count dead letters by reason and raw topic. No key and no value is shown."""
    from loyalty_stream.ops.dead_letters.selection import Asked
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    selection = _selection(Asked(reason, topic, key, since, until), settings)
    if each:
        _list_each(settings, selection, json=json)
    else:
        _list_groups(settings, selection, json=json)


@app.command()
def show(place: Annotated[str, typer.Argument(help=PLACE)], json: JsonOption = False) -> None:
    """Show a dead letter whole, and what would come of its record now. THIS SHOWS DATA OF CUSTOMERS.

    Key, headers and value are shown as they are, as hex where they are not UTF-8; only the queries of links are hidden,
    since those may be signed. What a customer's state would say to the record is not told. Exit code 1 where there is
    no such letter.
    """
    from loyalty_stream.ops.dead_letters.ledger import EVER, read_sets
    from loyalty_stream.ops.dead_letters.picture import picture, picture_lines
    from loyalty_stream.ops.dead_letters.reading import LetterReader
    from loyalty_stream.ops.dead_letters.selection import Asked
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    reader = LetterReader(settings, _selection(Asked(places=(place,)), settings))
    [redriven] = read_sets(settings, EVER, settled=True)
    found = False
    for letter in (letter for read in reader.read() for letter in read.letters):
        found = True
        told = picture(letter, settings.raw_topic(""), redriven=letter.raw in redriven)
        if json:
            print_json(told)
        else:
            typer.echo("\n".join(picture_lines(told)))
    if not found:
        print_error(f"there is no dead letter {place}. List those there are: loyalty-stream dead-letters list --each")
        raise typer.Exit(1)


@app.command()
def redrive(
    places: Annotated[list[str] | None, typer.Argument(metavar="PLACE", help=PLACE)] = None,
    reason: Reason = None,
    topic: Topic = None,
    key: Key = None,
    since: Since = None,
    until: Until = None,
    all_: Annotated[bool, typer.Option("--all", help="Every dead letter there is.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and change nothing.")] = False,
    rate: Annotated[float | None, typer.Option(min=0.001, help="Records a second at most.")] = None,
    max_replays: Annotated[
        int, typer.Option(min=1, help="Leave a record that was sent back so often and failed each time.")
    ] = 3,
    again: Annotated[bool, typer.Option("--again", help="Send back once more what was sent back before.")] = False,
    json: JsonOption = False,
) -> None:
    """Send records back to their raw topics and partitions, each exactly once, as they were.

    Ended by whatever, it goes on when it is started again with the same words. Exit code 1 where a letter was left that
    was not sent back before, or where a place has no letter.
    """
    from loyalty_stream.ops.dead_letters.redrive import Options
    from loyalty_stream.ops.dead_letters.redrive import redrive as send_back
    from loyalty_stream.ops.dead_letters.selection import Asked
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    asked = Asked(reason, topic, key, since, until, tuple(places or ()))
    if asked.is_empty != all_:
        raise typer.BadParameter("say which: places, --reason, --topic, --key, --since, --until, or else --all")
    _selection(asked, settings)
    options = Options(dry_run=dry_run, again=again, rate=rate, max_replays=max_replays)
    with _bar(json=json) as on_read:
        done = send_back(settings, asked, options, on_read)
    if json:
        print_json(done.as_json())
    else:
        _tell(done)
    if done.found_problem:
        raise typer.Exit(1)


def _selection(asked: "Asked", settings: "Settings") -> "Selection":
    try:
        return asked.selection(settings, round(time.time() * 1000))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _list_groups(settings: "Settings", selection: "Selection", *, json: bool) -> None:
    import msgspec
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from loyalty_stream.ops.dead_letters.ledger import EVER, read_sets
    from loyalty_stream.ops.dead_letters.listing import Group, Listing
    from loyalty_stream.ops.dead_letters.reading import LetterReader

    reader = LetterReader(settings, selection)
    listing = Listing(read_sets(settings, EVER, settled=True)[0], settings.raw_topic(""))
    strange = 0
    for read in reader.read():
        strange += read.strange
        for letter in read.letters:
            listing.add(letter)
    groups = list(listing.groups())
    letters = sum(group.letters for group in groups)
    if json:
        print_json({"letters": letters, "strange": strange, "groups": [msgspec.to_builtins(each) for each in groups]})
        return
    if groups:
        table = Table(box=None, header_style="bold")
        names = [name for name in Group.__struct_fields__ if name != "dialect"]
        for name in names:
            table.add_column(name.replace("_", " "), justify="right" if name in {"letters", "redriven"} else "left")
        for group in groups:
            table.add_row(*(Text(str(getattr(group, name))) for name in names))
        console = Console()
        console.width = max(console.width, console.measure(table).maximum)  # a narrow terminal wraps; nothing is cut
        console.print(table)
    typer.echo(f"{letters} dead letters" + (f"; {strange} other records on the topic" if strange else ""))


def _list_each(settings: "Settings", selection: "Selection", *, json: bool) -> None:
    import msgspec

    from loyalty_stream.ops.dead_letters.ledger import EVER, read_sets
    from loyalty_stream.ops.dead_letters.listing import line_of
    from loyalty_stream.ops.dead_letters.reading import LetterReader

    reader = LetterReader(settings, selection)
    [redriven] = read_sets(settings, EVER, settled=True)
    for letter in (letter for read in reader.read() for letter in read.letters):
        line = line_of(letter, redriven)
        if json:
            print_json(msgspec.to_builtins(line))
        else:
            typer.echo(str(line))


@contextmanager
def _bar(*, json: bool) -> "Iterator[Callable[[int, int], None]]":
    """Show how far the topic is read where somebody looks on; yield what moves the bar."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if json or not console.is_terminal:
        yield lambda *_: None
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("dead letters", total=None)
        yield lambda read, total: progress.update(task, completed=read, total=total)


def _tell(done: "Redriven") -> None:
    sent = done.sent.total()
    rate = f" in {done.seconds:.1f} s" if not done.dry_run else ""
    typer.echo(f"{'would send' if done.dry_run else 'sent'} back {sent} of {done.selected} dead letters{rate}")
    for (reason, topic), count in done.sent.most_common():
        typer.echo(f"  {count} {reason} to {topic}")
    for why, count in done.left.most_common():
        typer.echo(f"  left {count}: {why} ({why.meaning})")
    for place in done.unknown_places:
        print_error(f"there is no dead letter {place}")
