"""The demo from beginning to end: run, show, compare."""

import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from types import FrameType
from typing import Any, Final

from rich.console import Console

from loyalty_stream.ops.demo.board import Board
from loyalty_stream.ops.demo.check import Check
from loyalty_stream.ops.demo.figures import Figures, read_figures
from loyalty_stream.ops.demo.listener import Listener
from loyalty_stream.ops.demo.producer import EventProducer
from loyalty_stream.ops.demo.stage import DemoError, DemoWorker, stage
from loyalty_stream.ops.group import read_status
from loyalty_stream.ops.state import WorkerClient
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.customer import CustomerKey
from loyalty_stream.serving.readable import customer_lines, derived_text
from loyalty_stream.simulate import SimulationOptions, Traffic, mixed

_LOOK_SECONDS: Final = 0.1
_STALL_SECONDS_MAX: Final = 30.0
_SETTLE_SECONDS_MAX: Final = 10.0
_SAMPLES_OF_DOMAIN: Final = 2


def run(*, events: int, customers: int, seed: int, broker: str | None, stay: bool = False) -> int:
    """Run the demo, print it, and return 0 where all is as the simulation says, else 1.

    With `stay` the worker goes on until Ctrl-C, so that its console can be looked at.

    Raises:
        DemoError: It cannot go on.

    """
    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(highlight=False)
    options = SimulationOptions(events=events, customers=customers, seed=seed, bulk="others")
    if broker is not None:  # keeps records for some time from their own timestamps on
        options = replace(options, start_ms=int(time.time() * 1000) - mixed(options).span_ms_max)
    traffic = mixed(options)
    started = time.monotonic()
    with stage(broker) as settings:
        where = "the embedded broker" if broker is None else broker
        console.print(f"Starting a worker on {where} ...")
        with DemoWorker(settings) as worker, Listener(settings) as listener:
            _process(console, traffic, settings, worker, listener)
            check = Check(traffic.answer, worker.client(), listener)
            pictures = check.pictures()
            typical = check.typical(pictures)
            _show_samples(console, listener)
            _show_customer(console, typical)
            figures = _figures(worker.client())
            tally = figures.tally(map(settings.raw_topic, traffic.dialects))
            if broker is not None:
                tally = read_status(settings).total
            made = {each.dialect: each.events for each in traffic.options}
            is_right = check.report(console, tally, figures, pictures, made)
            if stay:
                _stay(console, worker, typical)
    if not stay:
        console.print("To look around in the console of the worker: loyalty-stream demo --stay")
    console.print(f"Done in {time.monotonic() - started:.0f} s.")
    return 0 if is_right else 1


def _stay(console: Console, worker: DemoWorker, picture: dict[str, Any] | None) -> None:
    """Say where the console is, by a customer's page if there is any, and return at Ctrl-C."""
    page = "" if picture is None else f"#/customers/{picture['key']}"
    console.print("\n[bold]The worker stays[/bold] until Ctrl-C. Its console:")
    console.print(f"  {worker.client().url}/{page}", markup=False, soft_wrap=True)
    with suppress(KeyboardInterrupt):
        while True:
            worker.check()
            time.sleep(_LOOK_SECONDS)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as with Ctrl-C, so that everything is cleaned up."""
    raise KeyboardInterrupt


def _process(console: Console, traffic: Traffic, settings: Settings, worker: DemoWorker, listener: Listener) -> None:
    """Let the worker process all events, and return when everything has come out."""
    events = traffic.events
    client = worker.client()
    moved_at, settled = time.monotonic(), 0
    with EventProducer(traffic, settings) as producer, Board(console, events) as board:
        while settled < events:
            worker.check()
            for failure in (producer.failure, listener.failure):
                if failure is not None:
                    raise DemoError(str(failure)) from failure
            figures = _figures(client)
            if figures.settled > settled:
                moved_at, settled = time.monotonic(), figures.settled
            producer.settled = settled
            board.show(figures, producer.made, last=settled >= events)
            if time.monotonic() - moved_at > _STALL_SECONDS_MAX:
                raise DemoError(f"nothing moves any more: {settled} of {producer.made} events are processed")
            time.sleep(_LOOK_SECONDS)
        _wait_published(client, listener, [settings.raw_topic(dialect) for dialect in traffic.dialects], events)
    client.close()


def _wait_published(client: WorkerClient, listener: Listener, raw_topics: Sequence[str], events: int) -> None:
    """Wait until the listener has what the worker says to have published; what never comes is reported later.

    The worker tells of its positions every second.
    """
    deadline = time.monotonic() + _SETTLE_SECONDS_MAX
    while time.monotonic() < deadline:
        figures = _figures(client)
        published = figures.derived.total() + figures.dead_letters.total()
        consumed = figures.tally(raw_topics).consumed
        if listener.received + listener.dead_letters >= published and consumed >= events:
            return
        time.sleep(_LOOK_SECONDS)


def _figures(client: WorkerClient) -> Figures:
    return read_figures(client.get("/metrics")[1].decode())


def _show_samples(console: Console, listener: Listener) -> None:
    console.print("\n[bold]Derived events, as any service can read them[/bold]")
    for domain, records in listener.samples().items():
        for record in records[:_SAMPLES_OF_DOMAIN]:
            console.print(f"  [cyan]{domain}[/cyan] ", end="")
            console.print(derived_text(record.value), markup=False, soft_wrap=True)


def _show_customer(console: Console, picture: dict[str, Any] | None) -> None:
    if picture is None:
        return
    console.print(
        f"\n[bold]One customer's whole picture[/bold] (GET /v1/customers/{CustomerKey.parse(picture['key'])})"
    )
    for line in customer_lines(picture):
        console.print(f"  {line}", markup=False, soft_wrap=True)
