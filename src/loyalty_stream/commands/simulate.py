"""`loyalty-stream simulate`."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from loyalty_stream.simulate import Answer, SimulatedRecord, Traffic
    from loyalty_stream.simulate.publish import Progress


def _share(text: str, default: str) -> Any:  # noqa: ANN401 - what typer makes of it
    return typer.Option(help=f"Share {text}, 0 to 1.", show_default=default)


# Every default stands once, in SimulationOptions; here it is only shown, and a test holds the two together.
def simulate(
    events: Annotated[int | None, typer.Option(help="How many records.", show_default="10000")] = None,
    customers: Annotated[int | None, typer.Option(help="Of how many customers.", show_default="1000")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.", show_default="1")] = None,
    orgs: Annotated[int | None, typer.Option(help="How many organisations.", show_default="2")] = None,
    dialect: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose: capillary, voucherify, talon_one, open_loyalty; several by naming each, or all.",
            show_default="capillary",
        ),
    ] = None,
    dirt_share: Annotated[float | None, _share("of good records with dirt that must be mended", "0.03")] = None,
    duplicate_share: Annotated[float | None, _share("of records that came before", "0.02")] = None,
    conflict_share: Annotated[float | None, _share("of records that contradict an earlier one", "0.005")] = None,
    unknown_share: Annotated[float | None, _share("of records with an unknown event name", "0.005")] = None,
    bad_bytes_share: Annotated[float | None, _share("of records that nobody can use", "0.01")] = None,
    not_yet_supported_share: Annotated[float | None, _share("of documented events without effect", "0.05")] = None,
    casing_share: Annotated[float | None, _share("of good records with another casing of the name", "0.03")] = None,
    fractional_share: Annotated[float | None, _share("of amounts with decimals", "0.3")] = None,
    opening_share: Annotated[float | None, _share("of customers with points from before", "0.15")] = None,
    drift_share: Annotated[float | None, _share("of customers whose totals drift for a while", "0.03")] = None,
    group_share: Annotated[float | None, _share("of customers whom a group contributes to", "0.05")] = None,
    transfer_share: Annotated[float | None, _share("of good records that begin a transfer", "0.02")] = None,
    merge_share: Annotated[float | None, _share("of good records that merge two customers", "0.004")] = None,
    bad_merge_share: Annotated[float | None, _share("of good records that merge who cannot be merged", "0.0")] = None,
    erasure_share: Annotated[float | None, _share("of good records that erase a customer", "0.0005")] = None,
    keying: Annotated[
        str | None, typer.Option(help="Key of the records: customer, mobile or none.", show_default="customer")
    ] = None,
    bulk: Annotated[
        str | None, typer.Option(help="Bulk coupons are the customer's own, or others'.", show_default="own")
    ] = None,
    skew: Annotated[
        float | None, typer.Option(help="1: all customers are equally busy; more: a few are.", show_default="2.0")
    ] = None,
    start_ms: Annotated[
        int | None,
        typer.Option(help="First record's time in ms since 1970.", show_default="so that the last one is of now"),
    ] = None,
    interval_ms: Annotated[
        int | None, typer.Option(help="Time between records on average, in ms.", show_default="200")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Records per second.", show_default="as fast as the broker takes them")
    ] = None,
    answer: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what tables and counters must hold, as JSON.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write realistic traffic of loyalty programmes onto the raw topics, and know the right answer.

    All events, all envelopes, with a share of dirt, duplicates, conflicts, unknown names and bad bytes. Several
    dialects share the records among them, in the order of their times.
    """
    options = dict(locals())
    for name in ("rate", "answer", "json"):
        del options[name]
    traffic, progress, notes = _publish(options, rate)
    if answer is not None:
        _write_answer(traffic.answer, answer)
    _summarise(traffic.answer, progress, notes, json=json)


def _publish(given: dict[str, Any], rate: float | None) -> "tuple[Traffic, Progress, Counter[str]]":
    from collections import Counter

    from loyalty_stream.runtime.clients import client_config
    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.simulate.publish import PublishOptions, publish

    if rate is not None and rate <= 0:
        raise typer.BadParameter(f"{rate:g}: it must be above 0", param_hint="--rate")
    settings = load_settings()
    traffic = _traffic(given)
    topics = {dialect: settings.raw_topic(dialect) for dialect in traffic.dialects}
    notes: Counter[str] = Counter()

    def noted() -> "Iterator[tuple[str, SimulatedRecord]]":
        for dialect, record in traffic.records():
            notes[record.note.partition(":")[0]] += 1
            yield topics[dialect], record

    where = PublishOptions(
        bootstrap_servers=settings.bootstrap_servers,
        topics=tuple(topics.values()),
        rate=rate,
        client_config=client_config(settings),
    )
    return traffic, publish(noted(), where), notes


def _traffic(given: dict[str, Any]) -> "Traffic":
    from loyalty_stream.simulate import SIMULATIONS, SimulationOptions, mixed

    values = {name: value for name, value in given.items() if value is not None and name != "dialect"}
    dialects = given["dialect"] or [SimulationOptions().dialect]
    if "all" in dialects:
        dialects = list(SIMULATIONS)
    draft = SimulationOptions(**values, dialect=dialects[0])
    if given["start_ms"] is None:
        draft = replace(draft, start_ms=int(time.time() * 1000) - mixed(draft, dialects).span_ms_max)
    return mixed(draft, dialects)


def _write_answer(answer: "Answer", file: Path) -> None:
    import json

    try:
        file.write_text(json.dumps(answer.dump(), indent=1) + "\n")
    except OSError as failure:
        raise typer.BadParameter(f"cannot write {file}: {failure.strerror}", param_hint="--answer") from None


def _summarise(answer: "Answer", progress: "Progress", notes: "Counter[str]", *, json: bool) -> None:
    right = answer.dump()["tally"]
    if json:
        print_json({"sent": progress.delivered, "per_second": round(progress.per_second), "made": notes, **right})
        return
    made = ", ".join(f"{note.replace('_', ' ')} {count}" for note, count in notes.most_common())
    typer.echo(
        f"wrote {progress.delivered} records in {progress.elapsed_s:.1f} s ({progress.per_second:,.0f}/s): {made}"
    )
    typer.echo(
        f"the right answer: consumed {right['consumed']} = applied {right['applied']} + duplicates "
        f"{right['duplicate']} + ignored {right['ignored']} + dead-lettered {right['dead_lettered']}"
    )
