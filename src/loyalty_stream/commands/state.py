"""`loyalty-stream state`."""

from typing import Annotated, Any

import typer

from loyalty_stream.commands.output import JsonOption, print_error, print_json

app = typer.Typer(no_args_is_help=True, help="Look at what is known of a customer.")


@app.callback()
def state() -> None:
    """Look at what is known of a customer."""


@app.command()
def get(
    key: Annotated[str, typer.Argument(help="The customer: vendor:org_id:customer_id.")],
    json: JsonOption = False,
    url: Annotated[
        str | None, typer.Option(help="The worker to ask; without it, the one of LOYALTY_HTTP_HOST and _PORT.")
    ] = None,
    from_changelog: Annotated[
        bool, typer.Option("--from-changelog", help="Ask no worker: read the newest rows from Kafka.")
    ] = False,
) -> None:
    """Show balances, tiers, coupons, streaks and promotions of a customer, as committed.

    Exit code 1 where nothing is known of the customer, or where it cannot be told.
    """
    from loyalty_stream.ops.state import WorkerClient, read_changelog, worker_url
    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.serving.customer import CustomerKey, MalformedKeyError
    from loyalty_stream.serving.readable import customer_lines

    try:
        parsed = CustomerKey.parse(key)
    except MalformedKeyError as error:
        raise typer.BadParameter(str(error), param_hint="KEY") from None
    settings = load_settings()
    picture: dict[str, Any] | None
    if from_changelog:
        picture = read_changelog(settings, parsed)
    else:
        try:
            client = WorkerClient(url or worker_url(settings), settings.http_token)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--url") from None
        picture = client.customer(parsed)
    if picture is None:
        print_error(f"nothing is known of {parsed}")
        raise typer.Exit(1)
    if json:
        print_json(picture)
    else:
        typer.echo("\n".join(customer_lines(picture)))
