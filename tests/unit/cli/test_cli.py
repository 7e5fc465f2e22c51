import json
import re
import subprocess
import sys
import time
from typing import Any

import pytest
import typer

from loyalty_stream.cli import app, main
from loyalty_stream.ops import releases
from loyalty_stream.simulate import SimulationOptions

NOBODY = "127.0.0.1:1"


ROOT = typer.main.get_command(app)


def commands(command: Any, name: str = "") -> dict[str, Any]:  # noqa: ANN401 - typer has a click of its own
    """Every command by its words, groups included."""
    found = {name.strip(): command}
    for word, each in getattr(command, "commands", {}).items():
        found |= commands(each, f"{name} {word}")
    return found


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    assert ended.value.code is None or isinstance(ended.value.code, int)
    return ended.value.code or 0, out, plain(err)


def plain(text: str) -> str:
    """A message as one line, without colours and frames."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", " ", text).split())


@pytest.mark.parametrize("words", commands(ROOT))
def test_every_command_has_help(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run([*words.split(), "--help"], capsys)
    assert code == 0
    assert "Usage" in out


def test_the_commands_are_those_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = {"demo", "worker", "topics apply", "topics check", "tail", "status", "state get", "simulate"}
    wanted |= {"dead-letters list", "dead-letters show", "dead-letters redrive"}
    wanted |= {"replay", "replay diff", "replay clean"}
    assert wanted | {"import open-loyalty", "schema check", "view", "view rebuild"} <= set(commands(ROOT))
    assert run(["explode"], capsys)[0] == 2


def test_help_loads_neither_faust_nor_kafka() -> None:
    script = (
        "import sys\nfrom loyalty_stream.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'faust', 'confluent_kafka', 'pydantic', 'fastavro', 'rocksdict'} & set(sys.modules), 'loaded'\n"
    )
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "command", ["worker", "status", "simulate", "topics check", "tail points", "state get v:o:c", "replay --app-id x"]
)
def test_a_wrong_setting_is_bad_usage_and_named(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOYALTY_PARTITIONS", "many")
    code, _, err = run(command.split(), capsys)
    assert code == 2
    assert err == "error: LOYALTY_PARTITIONS is 'many'; allowed: a whole number from 1 to 1024"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("state get capillary:71", "vendor:org_id:customer_id"),
        ("state get v:o:c --url worker-1", "give one as in http://"),
        ("simulate --events -1", "events is -1: it must be 0 or more"),
        ("simulate --keying name", "keying is 'name': it must be one of customer, mobile, none"),
        ("simulate --rate 0", "it must be above 0"),
        ("simulate --dialect nobody", "dialect is 'nobody': it must be one of capillary, voucherify"),
        ("simulate --dialect capillary --dialect capillary", "name each dialect once"),
        ("replay", "give the shadow an app id"),
        ("replay --app-id next --from yesterday", "'yesterday' is no instant: it must be 'earliest' or as in"),
        ("replay --app-id next --to 2026-11-22", "it must be 'now' or as in 2026-11-22T06:00:00Z"),
        ("replay --app-id next --from 2026-11-22T06:00Z --to 2026-11-22T06:00+01:00", "--to must be later than --from"),
        ("replay --app-id next --resume --to now", "leave out --from and --to"),
        ("replay diff --app-id next --domain parking", "'parking' is none of points, tiers"),
        ("tail", "Missing argument"),
        ("tail points --max 0", "greater than or equal to 1"),
        ("dead-letters list --reason nonsense", "There are: empty_value"),
        ("dead-letters list --since tomorrow", "'tomorrow' is no moment"),
        ("dead-letters show 17", "PARTITION:OFFSET"),
        ("dead-letters redrive", "say which: places, --reason"),
        ("dead-letters redrive --all --topic capillary", "or else --all"),
        ("dead-letters redrive --all --rate 0", "0.001"),
    ],
)
def test_wrong_arguments_are_bad_usage(command: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(command.split(), capsys)
    assert code == 2
    assert says in err


def test_the_schemas_are_checked_without_any_server(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["schema", "check"], capsys)
    assert code == 0
    assert "read what was written with 0.1.0" in out


def test_a_schema_that_cannot_read_a_release_is_a_problem(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "released", lambda: {"0.0.9": {"points": {"type": "string"}}})
    code, out, _ = run(["schema", "check"], capsys)
    assert code == 1
    assert "points: cannot read what 0.0.9 has written" in out
    code, out, _ = run(["schema", "check", "--json"], capsys)
    [problem] = json.loads(out)["problems"]
    assert (code, problem["topic"], problem["version"]) == (1, "points", "0.0.9")


def test_asking_a_registry_needs_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["schema", "check", "--registry"], capsys)
    assert code == 2
    assert "LOYALTY_SCHEMA_REGISTRY_URL is not set" in err


def test_a_worker_that_does_not_answer_is_a_problem_with_its_ways_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = run(["state", "get", "v:o:c", "--url", f"http://{NOBODY}"], capsys)
    assert code == 1
    assert f"no worker answers at http://{NOBODY}" in err
    assert "--from-changelog" in err


def test_every_default_of_simulate_is_shown_as_it_is() -> None:
    options = SimulationOptions()
    shown = {option.name: option.show_default for option in commands(ROOT)["simulate"].params}
    for name in SimulationOptions.__dataclass_fields__:
        assert name in shown
        if name != "start_ms":
            assert shown[name] == str(getattr(options, name)), name
