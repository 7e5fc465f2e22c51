"""`loyalty-stream topics`: make topics and subjects as they should be, or compare them with that."""

from typing import TYPE_CHECKING

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient

    from loyalty_stream.ops.subjects import SubjectDifference
    from loyalty_stream.ops.topic_plan import Difference, Topic
    from loyalty_stream.runtime.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Make the topics as deploy/kafka/topics.yaml says, or compare them.")


@app.command()
def apply(json: JsonOption = False) -> None:
    """Create missing topics and set what is set otherwise; LOYALTY_PARTITIONS says how many partitions.

    With LOYALTY_SCHEMA_REGISTRY_URL it also registers the schemas of the derived topics.
    """
    from loyalty_stream.ops import topics

    settings, admin, wanted = _connect()
    changed = topics.apply(admin, wanted)
    registered = _subjects(settings, make=True)
    if json:
        print_json({"changed": [_as_json(each) for each in changed], **_registry_json("registered", registered)})
        return
    if not changed:
        typer.echo(f"All {len(wanted)} topics are as they should be.")
    if registered == []:
        typer.echo("All subjects are as they should be.")
    for line in (*map(_done, changed), *(each.done for each in registered or ())):
        typer.echo(line)


@app.command()
def check(json: JsonOption = False) -> None:
    """Compare the topics with the list, and a registry's subjects with the schemas; exit code 1 where they differ."""
    from loyalty_stream.ops import topics

    settings, admin, wanted = _connect()
    found = topics.plan(admin, wanted)
    subjects = _subjects(settings, make=False)
    if json:
        print_json({"differences": [_as_json(each) for each in found], **_registry_json("subjects", subjects)})
    else:
        if not found:
            typer.echo(f"All {len(wanted)} topics are as they should be.")
        if subjects == []:
            typer.echo("All subjects are as they should be.")
        for each in (*found, *(subjects or ())):
            typer.echo(str(each))
    if found or subjects:
        raise typer.Exit(1)


def _subjects(settings: "Settings", *, make: bool) -> "list[SubjectDifference] | None":
    """Return how the registry's subjects differ, or what was changed; None where no registry is used."""
    if not settings.uses_registry:
        return None
    from loyalty_stream.ops import subjects
    from loyalty_stream.runtime.registry import Registry
    from loyalty_stream.runtime.registry import subjects as wanted

    act = subjects.apply if make else subjects.plan
    return act(Registry(settings), wanted(settings))


def _connect() -> "tuple[Settings, AdminClient, list[Topic]]":
    from loyalty_stream.ops import topic_plan, topics
    from loyalty_stream.runtime.clients import client_config
    from loyalty_stream.runtime.settings import load_settings

    settings = load_settings()
    wanted = topic_plan.load_topics(
        settings.topic_prefix, settings.app_id, settings.partitions, settings.raw_topic_prefix
    )
    return settings, topics.connect(client_config(settings)), wanted


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


def _registry_json(name: str, differences: "list[SubjectDifference] | None") -> dict[str, object]:
    from loyalty_stream.ops.subjects import Unregistered

    if differences is None:
        return {}
    problems = [
        {"subject": each.subject, "problem": "unregistered"}
        if isinstance(each, Unregistered)
        else {"subject": each.subject, "problem": "wrong_compatibility", "found": each.found}
        for each in differences
    ]
    return {name: problems}
