"""The command line `loyalty-stream`: a table of the commands, and how errors end."""

import io
import sys
from collections.abc import Sequence
from typing import Final

import typer

from loyalty_stream.commands import dead_letters, import_, replay, schema, state, topics, view
from loyalty_stream.commands.demo import demo
from loyalty_stream.commands.doctor import doctor
from loyalty_stream.commands.output import print_error
from loyalty_stream.commands.simulate import simulate
from loyalty_stream.commands.status import status
from loyalty_stream.commands.tail import tail
from loyalty_stream.commands.worker import worker

EXIT_PROBLEM: Final = 1
EXIT_USAGE: Final = 2

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
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        print_error(_text(error))
        sys.exit(code)


def _text(error: Exception) -> str:
    """Return what an error says; Kafka's own holds what it says in an argument."""
    from confluent_kafka import KafkaError

    cause = error.args[0] if error.args else None
    return f"the broker says: {cause.str()}" if isinstance(cause, KafkaError) else str(error)


def _exit_code(error: Exception) -> int | None:
    """Return how an error that explains itself ends the process, or None for a bug."""
    from confluent_kafka import KafkaException

    from loyalty_stream.ops.dead_letters.reading import DeadLettersError
    from loyalty_stream.ops.demo.stage import DemoError
    from loyalty_stream.ops.embedded import EmbeddedBrokerError
    from loyalty_stream.ops.group import UnknownGroupError
    from loyalty_stream.ops.history.topics import TopicsUnreadableError
    from loyalty_stream.ops.imports.errors import ImportFailedError
    from loyalty_stream.ops.replay.errors import ReplayError
    from loyalty_stream.ops.spans import UnsettledTopicError
    from loyalty_stream.ops.state import StateError
    from loyalty_stream.ops.tail import TailError
    from loyalty_stream.ops.topic_plan import TopicsError
    from loyalty_stream.ops.topics import BrokerUnreachableError
    from loyalty_stream.ops.transactions import TransactionsError
    from loyalty_stream.runtime.registry import RegistryError
    from loyalty_stream.runtime.settings import SettingsError
    from loyalty_stream.serving.view.errors import ViewError
    from loyalty_stream.simulate import OptionsError
    from loyalty_stream.simulate.publish import PublishError

    usage = (SettingsError, OptionsError)
    problems = (
        BrokerUnreachableError,
        DeadLettersError,
        DemoError,
        EmbeddedBrokerError,
        ImportFailedError,
        KafkaException,
        PublishError,
        RegistryError,
        ReplayError,
        StateError,
        TailError,
        TopicsError,
        TopicsUnreadableError,
        TransactionsError,
        UnknownGroupError,
        UnsettledTopicError,
        ViewError,
    )
    if isinstance(error, usage):
        return EXIT_USAGE
    return EXIT_PROBLEM if isinstance(error, problems) else None
