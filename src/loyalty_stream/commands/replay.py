"""`loyalty-stream replay`: rebuild state and derived events beside production, compare, delete."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from loyalty_stream.commands.output import JsonOption, print_error, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.replay.report import Report
    from loyalty_stream.ops.replay.run import Replayed

EARLIEST = "earliest"
NOW = "now"
EMPTY = (
    "The shadow begins with empty tables. Of older records, left out or gone, it knows nothing: the first total that "
    "the vendor tells of an account is taken as its balance (BalanceChanged, reason baselined); lots, tiers, coupons "
    "and streaks of before are missing, seq counts from 1, and what production knows as a duplicate may count. "
    "Balances then agree where the vendor's totals do; much else differs from production by nature."
)

app = typer.Typer()
AppId = Annotated[str, typer.Option("--app-id", metavar="NEW", help="The app id of the shadow.", show_default=False)]


@app.callback(invoke_without_command=True, epilog=EMPTY)
def replay(
    context: typer.Context,
    app_id: Annotated[
        str | None, typer.Option("--app-id", metavar="NEW", help="The app id of the shadow, which must be new.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="INSTANT", help=f"Begin with the first record at or after it, or '{EARLIEST}', as usual."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT", help=f"End before the first record at or after it, or '{NOW}', as usual: what there is."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many worker processes to run here.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a replay that was ended.")] = False,
    json: JsonOption = False,
) -> None:
    """Process raw events once more, into topics, tables and a group of a shadow beside production.

    Production's raw topics are read and nothing of production's is written: all topics of the shadow begin with
    LOYALTY_TOPIC_PREFIX + shadow.NEW., and are kept for a week. The range is fixed at the start. Settings are those of
    LOYALTY_*: change one to see what it would do. An INSTANT is as in 2026-11-22T06:00:00Z.
    """
    if context.invoked_subcommand is not None:
        return
    if app_id is None:
        raise typer.BadParameter("give the shadow an app id", param_hint="--app-id")
    if resume and (from_ or to):
        raise typer.BadParameter("the range was fixed when the replay began: leave out --from and --to")
    from loyalty_stream.ops.replay.run import Wanted
    from loyalty_stream.ops.replay.run import replay as run
    from loyalty_stream.runtime.settings import load_settings

    from_ms, to_ms = _instant(from_, EARLIEST, "--from"), _instant(to, NOW, "--to")
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise typer.BadParameter("--to must be later than --from")
    settings = load_settings()
    with _interruptible(app_id), _bar(json=json) as on_progress:
        done = run(settings, Wanted(app_id, from_ms, to_ms, workers, resume), on_progress)
    if json:
        print_json(_as_json(done))
    else:
        _tell(done)
    for fault in done.status.faults:
        print_error(f"the counts do not add up: {fault}")
    if done.status.faults:
        raise typer.Exit(1)


@app.command()
def diff(
    app_id: AppId,
    domain: Annotated[
        list[str] | None, typer.Option(help="Compare only these domains (again for another); dead letters are none's.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Compare only this key, as in vendor:org_id:customer_id.")] = None,
    show_keys: Annotated[
        bool, typer.Option("--show-keys", help="Show keys, which are customers' ids, and values that may hold some.")
    ] = False,
    max_: Annotated[int, typer.Option("--max", min=0, help="Show so many differences; all are counted.")] = 20,
    json: JsonOption = False,
) -> None:
    """Compare what a replay has told and keeps with production, and name the first difference of each key.

    Of each key the derived events of the replay's range are compared in their order, all of their fields, then the
    table rows. Production may go on meanwhile: a row that differs and that it has written since the range was fixed is
    counted and not compared. Exit code 1 where there are differences.
    """
    from loyalty_stream.domains import DOMAINS
    from loyalty_stream.ops.replay.diff import Asked
    from loyalty_stream.ops.replay.diff import diff as compare
    from loyalty_stream.runtime.settings import load_settings

    names = [each.name for each in DOMAINS]
    unknown = [name for name in domain or () if name not in names]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(names)}", param_hint="--domain")
    report = compare(load_settings(), Asked(app_id, tuple(domain or ()), key, max_, show_keys))
    if json:
        print_json(report.as_json())
    else:
        _show(report)
    if report.kinds:
        raise typer.Exit(1)


@app.command()
def clean(
    app_id: AppId, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, json: JsonOption = False
) -> None:
    """Delete a shadow: its topics, its group and its folder here."""
    from loyalty_stream.ops.replay.clean import clean as delete
    from loyalty_stream.ops.replay.clean import find
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    remains = find(settings, app_id)
    if not yes:
        typer.echo("\n".join((*remains.topics, f"group {remains.group}", f"folder {remains.folder}")), err=True)
        typer.confirm("Delete all of these?", abort=True, err=True)
    delete(settings, remains)
    if json:
        print_json({"group": remains.group, "topics": remains.topics, "folder": str(remains.folder)})
    else:
        typer.echo(f"Deleted {len(remains.topics)} topics, the group {remains.group} and {remains.folder}.")


@app.command(hidden=True)
def worker(app_id: AppId, number: Annotated[int, typer.Option(help="Which of the replay's workers this is.")]) -> None:
    """Run one worker of a replay; the replay itself starts it."""
    from loyalty_stream.ops.replay.worker import run
    from loyalty_stream.runtime.settings import load_settings

    raise typer.Exit(run(load_settings(), app_id, number))


def _instant(text: str | None, word: str, option: str) -> int | None:
    """Return an instant in milliseconds, None for the word that stands for none."""
    if text in {None, word}:
        return None
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise typer.BadParameter(
            f"{text!r} is no instant: it must be '{word}' or as in 2026-11-22T06:00:00Z", param_hint=option
        )
    return round(at.timestamp() * 1000)


@contextmanager
def _interruptible(app_id: str) -> Iterator[None]:
    """End in order at SIGTERM as at Ctrl-C, and say how to go on."""
    import signal

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        print_error(f"interrupted. Go on with: loyalty-stream replay --app-id {app_id} --resume")
        raise typer.Exit(1) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar(*, json: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar of the offsets where somebody looks on; yield what moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if json or not console.is_terminal:
        yield lambda *_: None
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("replay", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _as_json(done: "Replayed") -> dict[str, object]:
    import msgspec

    plan = msgspec.to_builtins(done.plan)
    return {
        "app_id": plan["app_id"],
        "production": plan["production"],
        "ranges": plan["ranges"],
        "whole": done.plan.whole,
        "seconds": round(done.seconds, 3),
        "records": done.records,
        "status": done.status.as_json(),
    }


def _tell(done: "Replayed") -> None:
    from loyalty_stream.ops.status import identity

    rate = done.records / done.seconds if done.seconds else 0
    typer.echo(f"{identity(done.status.total)}")
    typer.echo(f"replayed {done.records} offsets in {done.seconds:.1f} s ({rate:,.0f}/s) as {done.plan.app_id}")
    if not done.plan.whole:
        typer.echo(f"note: older records were left out or are gone. {EMPTY}")
    typer.echo(f"Compare it with production: loyalty-stream replay diff --app-id {done.plan.app_id}")


def _show(report: "Report") -> None:
    for each in report.differences:
        key = each.key if report.shows_keys else f"key {each.key[:12]}"
        typer.echo(f"{each.place} {key} {each.path}: production {each.production}, shadow {each.shadow}")
    different = report.kinds.total()
    if different > len(report.differences):
        typer.echo(f"… and {different - len(report.differences)} more (--max)")
    for kind, count in report.kinds.most_common():
        typer.echo(f"{count:>8,}  {kind}")
    typer.echo(
        f"compared {report.events:,} events of {report.keys:,} keys and {report.rows:,} rows: "
        + (f"{different:,} differ" if different else "no difference")
    )
    if report.rows_moved_on:
        typer.echo(f"not compared: {report.rows_moved_on:,} rows that production has written since, and that differ")
    if report.events_not_covered:
        typer.echo(f"not compared: {report.events_not_covered:,} events older than what production's topics still hold")
    if report.reordered:
        typer.echo(
            f"not compared: {len(report.reordered):,} keys whose re-keyed events came in another order, as they may, "
            f"and {report.rows_reordered:,} rows of theirs that differ"
        )
    if report.answers_early:
        typer.echo(
            f"not compared: {report.answers_early:,} rows in which one side asked a campaign for a tier's last day "
            "before it knew its rules, as may be"
        )
    for note in report.notes:
        typer.echo(f"note: {note}")
