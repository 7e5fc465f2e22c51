"""`loyalty-stream topics`: make the broker's topics as the one list says, or compare them with it."""

from typing import TYPE_CHECKING

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient

    from loyalty_stream.ops.topic_plan import Difference, Topic

app = typer.Typer(no_args_is_help=True, help="Make the topics as deploy/kafka/topics.yaml says, or compare them.")


@app.command()
def apply(json: JsonOption = False) -> None:
    """Create missing topics and set what is set otherwise; LOYALTY_PARTITIONS says how many partitions."""
    from loyalty_stream.ops import topics

    admin, wanted = _connect()
    changed = topics.apply(admin, wanted)
    if json:
        print_json({"changed": [_as_json(each) for each in changed]})
    elif not changed:
        typer.echo(f"All {len(wanted)} topics are as they should be.")
    for each in () if json else changed:
        typer.echo(_done(each))


@app.command()
def check(json: JsonOption = False) -> None:
    """Compare the broker's topics with the list; exit code 1 where they differ."""
    from loyalty_stream.ops import topics

    admin, wanted = _connect()
    found = topics.plan(admin, wanted)
    if json:
        print_json({"differences": [_as_json(each) for each in found]})
    elif not found:
        typer.echo(f"All {len(wanted)} topics are as they should be.")
    for each in () if json else found:
        typer.echo(str(each))
    if found:
        raise typer.Exit(1)


def _connect() -> "tuple[AdminClient, list[Topic]]":
    from loyalty_stream.ops import topic_plan, topics
    from loyalty_stream.runtime.clients import client_config
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    wanted = topic_plan.load_topics(settings.topic_prefix, settings.app_id, settings.partitions)
    return topics.connect(client_config(settings)), wanted


def _done(difference: "Difference") -> str:
    from loyalty_stream.ops.topic_plan import WrongSetting

    topic = difference.topic
    if isinstance(difference, WrongSetting):
        return f"{topic.name}: set {difference.setting}={difference.wanted} (was {difference.found})"
    return f"{topic.name}: created with {topic.partitions} partitions"


def _as_json(difference: "Difference") -> dict[str, object]:
    from loyalty_stream.ops.topic_plan import Missing, WrongPartitions

    topic = difference.topic
    if isinstance(difference, Missing):
        return {"topic": topic.name, "problem": "missing", "partitions": topic.partitions}
    if isinstance(difference, WrongPartitions):
        counts = {"wanted": topic.partitions, "found": difference.found}
        return {"topic": topic.name, "problem": "wrong_partitions", **counts, "fix": str(difference)}
    values = {"setting": difference.setting, "wanted": difference.wanted, "found": difference.found}
    return {"topic": topic.name, "problem": "wrong_setting", **values}
