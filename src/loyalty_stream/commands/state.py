"""`loyalty-stream state`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyalty_stream.commands.output import JsonOption, print_error, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.state import WorkerClient
    from loyalty_stream.runtime.settings import Settings
    from loyalty_stream.serving.customer import CustomerKey

app = typer.Typer(no_args_is_help=True, help="Look at what is known of a customer.")
KeyArgument = Annotated[str, typer.Argument(help="The customer: vendor:org_id:customer_id.")]
UrlOption = Annotated[
    str | None, typer.Option(help="The worker to ask; without it, the one of LOYALTY_HTTP_HOST and _PORT.")
]


@app.callback()
def state() -> None:
    """Look at what is known of a customer."""


@app.command()
def get(
    key: KeyArgument,
    json: JsonOption = False,
    url: UrlOption = None,
    from_changelog: Annotated[
        bool, typer.Option("--from-changelog", help="Ask no worker: read the newest rows from Kafka.")
    ] = False,
) -> None:
    """Show balances, tiers, coupons, streaks and promotions of a customer, as committed.

    Exit code 1 where nothing is known of the customer, or where it cannot be told.
    """
    from loyalty_stream.ops.state import read_changelog
    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.serving.readable import customer_lines

    parsed, settings = _parsed(key), load_settings()
    picture = read_changelog(settings, parsed) if from_changelog else _client(settings, url).customer(parsed)
    if picture is None:
        print_error(f"nothing is known of {parsed}")
        raise typer.Exit(1)
    if json:
        print_json(picture)
    else:
        typer.echo("\n".join(customer_lines(picture)))


@app.command()
def explain(
    key: KeyArgument,
    program: Annotated[str | None, typer.Option(help="Accounts of this programme alone.")] = None,
    currency: Annotated[str | None, typer.Option(help="Accounts in this currency alone.")] = None,
    json: JsonOption = False,
    url: UrlOption = None,
    from_topics: Annotated[
        bool, typer.Option("--from-topics", help="Ask no worker: read the events and the newest rows from Kafka.")
    ] = False,
) -> None:
    """Show how a customer came to their points: each account step by step, from its opening balance to now.

    Each step names the vendor's record that caused it (topic, partition, offset) and what it did to which lots. Where
    no worker answers that owns the customer, and none is named, Kafka is read. Of a merged customer the survivor
    follows. Exit code 1 where nothing is known of the customer, where it cannot be told, or where the steps do not
    lead to the balance of the table.
    """
    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.serving.customer import CustomerKey
    from loyalty_stream.serving.history.readable import explanation_lines

    parsed, settings = _parsed(key), load_settings()
    client = None if from_topics else _client(settings, url)
    told = _explanation(settings, client, parsed, (program, currency), may_read=url is None)
    if json:
        print_json(told)
    else:
        typer.echo("\n".join(explanation_lines(told)))
    agrees = all(account["agrees"] for account in told["accounts"])
    while not json and told["merged_into"] is not None:
        survivor = CustomerKey.parse(told["merged_into"])
        told = _explanation(settings, client, survivor, (program, currency), may_read=url is None)
        typer.echo("\n".join(["", *explanation_lines(told)]))
        agrees = agrees and all(account["agrees"] for account in told["accounts"])
    raise typer.Exit(0 if agrees else 1)


def _explanation(
    settings: "Settings",
    client: "WorkerClient | None",
    key: "CustomerKey",
    chosen: tuple[str | None, str | None],
    *,
    may_read: bool,
) -> dict[str, Any]:
    """Return what a worker tells, or what Kafka does; end where nothing is known."""
    from loyalty_stream.ops.history.source import explanation_from_topics
    from loyalty_stream.ops.state import NotHereError

    told: dict[str, Any] | None
    program_id, currency = chosen
    try:
        if client is None:
            told = explanation_from_topics(settings, key, program_id, currency)
        else:
            told = client.explanation(key, program_id=program_id, currency=currency)
    except NotHereError as error:
        if not may_read:
            raise
        typer.echo(f"reading Kafka, since {error.reason}", err=True)
        told = explanation_from_topics(settings, key, program_id, currency)
    if told is None:
        print_error(f"nothing is known of {key}")
        raise typer.Exit(1)
    return told


def _parsed(key: str) -> "CustomerKey":
    from loyalty_stream.serving.customer import CustomerKey, MalformedKeyError

    try:
        return CustomerKey.parse(key)
    except MalformedKeyError as error:
        raise typer.BadParameter(str(error), param_hint="KEY") from None


def _client(settings: "Settings", url: str | None) -> "WorkerClient":
    from loyalty_stream.ops.state import WorkerClient, worker_url

    try:
        return WorkerClient(url or worker_url(settings), settings.http_token)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--url") from None
