"""What docs/schemas.md shows is what a reader gets: its commands are run, on a real broker and registry."""

import re
import shutil
import subprocess
from pathlib import Path

from loyalty_stream.ops.releases import released
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from tests.docs.shell import Shell

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "schemas.md").read_text()
[WITH_A_REGISTRY, RELEASING] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def test_every_link_leads_to_a_file() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_commands_with_a_registry_do_what_they_say(broker: str, registry: str, tmp_path: Path) -> None:
    export, *lines = WITH_A_REGISTRY.splitlines()
    assert export.startswith("export LOYALTY_SCHEMA_REGISTRY_URL=")
    apply, check, asked, worker, tail = lines
    shell = Shell(broker, tmp_path, schema_registry_url=registry)
    try:
        assert shell.run(apply).stdout.count("-value: registered") == len(DERIVED_TYPES)
        assert shell.run(check).returncode == 0
        assert shell.run(asked).returncode == 0
        shell.start(worker)
        assert shell.run("loyalty-stream simulate --events 200").returncode == 0
        assert len(shell.run(tail).stdout.splitlines()) == 5
    finally:
        shell.stop()


def test_the_commands_that_release_keep_this_versions_schemas(tmp_path: Path) -> None:
    check, *lines = RELEASING.splitlines()
    assert check == "loyalty-stream schema check"
    shutil.copytree(ROOT / "avro", tmp_path / "avro")
    for line in lines:
        subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True)
    schemas = {topic: typed.schema for topic, typed in DERIVED_TYPES.items()}
    assert released(tmp_path / "avro" / "released")["0.2.0"] == schemas
