"""`loyalty-stream demo`."""

from typing import Annotated

import typer


def demo(
    events: Annotated[int, typer.Option(min=1, help="How many events to simulate.")] = 20_000,
    customers: Annotated[int, typer.Option(min=2, help="Of how many customers.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same events.")] = 7,
    broker: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Use this Kafka instead of the embedded broker.")
    ] = None,
    stay: Annotated[
        bool, typer.Option("--stay", help="Keep the worker until Ctrl-C, and print the address of its console.")
    ] = False,
) -> None:
    """Run the whole thing: simulated events in, a real worker, exact balances and derived events out.

    Needs no server: a broker is embedded, and gone with all data at the end. On a real broker (--broker, with the
    security settings of LOYALTY_KAFKA_*) it makes topics of its own and deletes them. Exit code 0 when every count and
    every customer's state is what the simulation says, else 1.
    """
    from loyalty_stream.ops.demo.run import run

    raise typer.Exit(run(events=events, customers=customers, seed=seed, broker=broker, stay=stay))
