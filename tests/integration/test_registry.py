"""A real Schema Registry: subjects are made once, and it judges changes of schemas as `schema check` does."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loyalty_stream.ops.subjects import COMPATIBILITY, Unregistered, WrongCompatibility, apply, plan
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from loyalty_stream.runtime.registry import Registry, RegistryError, schema_ids, subjects
from loyalty_stream.runtime.settings import Settings
from tests.helpers.schema_changes import BEFORE, CHANGES, Change
from tests.kafka.client import unique

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def settings(registry: str) -> Settings:
    return Settings.model_construct(schema_registry_url=registry, topic_prefix=f"{unique('registry')}.")


@pytest.fixture
def client(settings: Settings) -> Registry:
    return Registry(settings)


@pytest.fixture
def run(broker: str, settings: Settings, tmp_path: Path) -> Run:
    """Return a function that runs a command with the settings of an application of its own."""
    environment = {
        "LOYALTY_BOOTSTRAP_SERVERS": broker,
        "LOYALTY_APP_ID": settings.topic_prefix.rstrip("."),
        "LOYALTY_TOPIC_PREFIX": settings.topic_prefix,
        "LOYALTY_SCHEMA_REGISTRY_URL": str(settings.schema_registry_url),
    }

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        given = {f"LOYALTY_{name.upper()}": value for name, value in more.items()}
        return subprocess.run(
            [sys.executable, "-m", "loyalty_stream", *arguments],
            env=os.environ | environment | given,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_what_is_applied_is_found_and_applied_once(settings: Settings, client: Registry) -> None:
    wanted = subjects(settings)
    changed = apply(client, wanted)
    assert {each.subject for each in changed if isinstance(each, Unregistered)} == set(wanted)
    assert plan(client, wanted) == apply(client, wanted) == []
    assert {client.compatibility(subject) for subject in wanted} == {COMPATIBILITY}
    ids = schema_ids(settings)
    assert {topic: client.schema(schema_id) for topic, schema_id in ids.items()} == {
        topic: typed.schema for topic, typed in DERIVED_TYPES.items()
    }


def test_another_compatibility_is_set_back(client: Registry) -> None:
    subject = unique("subject")
    apply(client, {subject: BEFORE})
    client.set_compatibility(subject, "FORWARD")
    assert plan(client, {subject: BEFORE}) == [WrongCompatibility(subject, "FORWARD")]
    apply(client, {subject: BEFORE})
    assert client.compatibility(subject) == COMPATIBILITY


def test_ids_of_what_is_not_registered_are_refused_with_the_command(settings: Settings, client: Registry) -> None:
    wanted = subjects(settings)
    subject = f"{settings.topic_prefix}derived.tiers-value"
    apply(client, {name: schema for name, schema in wanted.items() if name != subject})
    with pytest.raises(RegistryError, match=rf"schemas of {subject}\. Run: loyalty-stream topics apply"):
        schema_ids(settings)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_the_registry_judges_a_change_as_the_table_says(client: Registry, change: Change) -> None:
    subject = unique("subject")
    apply(client, {subject: BEFORE})
    assert client.accepts(subject, change.after) == change.registry


def test_a_subject_takes_nothing_that_cannot_read_any_earlier_version(client: Registry) -> None:
    subject = unique("subject")
    client.register(subject, BEFORE)  # as it may have been before ours: no compatibility of its own
    bad = next(change.after for change in CHANGES if change.name == "field added without a default")
    with pytest.raises(RegistryError, match=r"answers 409.*schema check --registry"):
        apply(client, {subject: bad})
    fewer = next(change.after for change in CHANGES if change.name == "field removed")
    apply(client, {subject: fewer})
    fields = [*fewer["fields"], {"name": "count", "type": "string", "default": ""}]
    assert client.accepts(subject, {**fewer, "fields": fields}) is False  # the first version's was a number


def test_the_commands_register_compare_and_check(run: Run) -> None:
    count = len(DERIVED_TYPES)
    found = json.loads(run("topics", "check", "--json").stdout)
    assert [each["problem"] for each in found["subjects"]].count("unregistered") == count
    made = run("topics", "apply")
    assert made.stdout.count("-value: registered") == count
    assert "All subjects are as they should be." in run("topics", "apply").stdout
    checked = run("topics", "check")
    assert (checked.returncode, "All subjects are as they should be." in checked.stdout) == (0, True)
    assert run("schema", "check", "--registry").returncode == 0


def test_what_the_registry_refuses_is_a_problem_by_subject(run: Run, settings: Settings, client: Registry) -> None:
    subject = f"{settings.topic_prefix}derived.points-value"
    ours: Any = DERIVED_TYPES["points"].schema
    apply(client, {subject: {**ours, "name": "AnotherName"}})
    done = run("schema", "check", "--registry")
    assert (done.returncode, done.stdout) == (1, f"{subject}: the registry refuses it\n")
    assert json.loads(run("schema", "check", "--registry", "--json").stdout)["refused"] == [subject]


def test_json_needs_no_registry(run: Run) -> None:
    away = {"output_format": "json", "schema_registry_url": "http://127.0.0.1:1"}
    assert run("topics", "apply", **away).returncode == 0


def test_a_registry_that_is_away_is_said_and_nothing_else(run: Run) -> None:
    done = run("schema", "check", "--registry", schema_registry_url="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "no Schema Registry answers at http://127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr
