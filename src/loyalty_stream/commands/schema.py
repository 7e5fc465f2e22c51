"""`loyalty-stream schema`: hold the schemas of derived events to those that were released."""

from typing import TYPE_CHECKING, Annotated

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.compatibility import Problem

app = typer.Typer(no_args_is_help=True, help="Hold the Avro schemas of derived events to those that were released.")


@app.callback()
def schema() -> None:
    """Hold the Avro schemas of derived events to those that were released."""


@app.command()
def check(
    registry: Annotated[
        bool, typer.Option("--registry", help="Also ask the registry of LOYALTY_SCHEMA_REGISTRY_URL.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Check that this version's schemas read whatever any release has written; exit code 1 where they do not.

    It needs neither a broker nor, without --registry, a Schema Registry.
    """
    from loyalty_stream.ops.compatibility import problems
    from loyalty_stream.ops.releases import released
    from loyalty_stream.pipeline.schemas import DERIVED_TYPES

    releases = released()
    found = problems({topic: typed.schema for topic, typed in DERIVED_TYPES.items()}, releases)
    refused = _refused() if registry else []
    if json:
        print_json({"problems": [each._asdict() for each in found], "refused": refused})
    for line in () if json else (*map(_line, found), *(f"{subject}: the registry refuses it" for subject in refused)):
        typer.echo(line)
    if found or refused:
        raise typer.Exit(1)
    if not json:
        typer.echo(f"All {len(DERIVED_TYPES)} schemas read what was written with {', '.join(releases)}.")


def _refused() -> list[str]:
    from loyalty_stream.runtime.registry import Registry, subjects
    from loyalty_stream.runtime.settings import SettingsError, load_settings

    settings = load_settings()
    if settings.schema_registry_url is None:
        raise SettingsError("LOYALTY_SCHEMA_REGISTRY_URL is not set; --registry needs it")
    registry = Registry(settings)
    return [subject for subject, schema in subjects(settings).items() if registry.accepts(subject, schema) is False]


def _line(problem: "Problem") -> str:
    return f"{problem.topic}: cannot read what {problem.version} has written: {problem.text}"
