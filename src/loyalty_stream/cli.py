"""The command line `loyalty-stream`: a table of the commands, and how errors end."""

import io
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from loyalty_stream.commands import dead_letters, import_, replay, schema, state, topics, view
from loyalty_stream.commands.demo import demo
from loyalty_stream.commands.doctor import doctor
from loyalty_stream.commands.output import print_error
from loyalty_stream.commands.simulate import simulate
from loyalty_stream.commands.status import status
from loyalty_stream.commands.tail import tail
from loyalty_stream.commands.worker import worker
from loyalty_stream.errors import ExplainedError

app = typer.Typer(
    name="loyalty-stream",
    help="A Kafka stream processor for loyalty programmes: vendors' events in, exact balances and derived events out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(worker)
app.add_typer(topics.app, name="topics")
app.add_typer(schema.app, name="schema")
app.command()(tail)
app.command()(status)
app.command()(doctor)
app.add_typer(state.app, name="state")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(view.app, name="view")
app.command()(simulate)
app.add_typer(import_.app, name="import")
app.add_typer(replay.app, name="replay")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process: 0 for success, 1 for a problem found, 2 for bad usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows a question mark
    try:
        app(args=arguments, prog_name="loyalty-stream")
    except ExplainedError as error:
        _end(str(error), error.exit_code)
    except Exception as error:
        said = _said_by_kafka(error)
        if said is None:
            raise
        _end(f"the broker says: {said}", ExplainedError.exit_code)


def _end(text: str, exit_code: int) -> NoReturn:
    print_error(text)
    sys.exit(exit_code)


def _said_by_kafka(error: Exception) -> str | None:
    """Return what the broker or its client says, or None where the error is not theirs."""
    from confluent_kafka import KafkaException

    return error.args[0].str() if isinstance(error, KafkaException) else None
