"""What docs/schemas.md shows is what a reader gets: its commands are run, on a real broker and registry."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from loyalty_stream.ops.releases import released
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from tests.docs.walk import Block, Reader
from tests.kafka.client import unique
from tests.kafka.settings import free_ports

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "schemas.md").read_text()
[WITH_A_REGISTRY, RELEASING] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def test_every_link_leads_to_a_file() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


@pytest.mark.long
def test_the_commands_with_a_registry_do_what_they_say(broker: str, registry: str, tmp_path: Path) -> None:
    app_id = unique("page")
    [port] = free_ports(1)
    settings = {"BOOTSTRAP_SERVERS": broker, "APP_ID": app_id, "TOPIC_PREFIX": f"{app_id}.", "HTTP_PORT": str(port)}
    settings["DATA_DIR"] = str(tmp_path / "data")
    environment = {f"LOYALTY_{name}": value for name, value in settings.items()}
    registered = [f"{app_id}.derived.{topic}-value: registered" for topic in DERIVED_TYPES]
    with Reader(tmp_path, environment, {"http://localhost:8081": registry}) as reader:
        shows = [
            *registered,
            "All subjects are as they should be.",
            f"All {len(DERIVED_TYPES)} schemas read what was written with",
        ]
        reader.follow(Block(WITH_A_REGISTRY, shows, again=False))
        reader.follow(Block("loyalty-stream simulate --events 200", [], again=False))
        tail = "loyalty-stream tail derived.points --from-beginning --no-follow"
        reader.follow(Block(tail, ["BalanceChanged"], again=True))


def test_the_commands_that_release_keep_this_versions_schemas(tmp_path: Path) -> None:
    check, *lines = RELEASING.splitlines()
    assert check == "loyalty-stream schema check"
    shutil.copytree(ROOT / "avro", tmp_path / "avro")
    for line in lines:
        subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True)
    schemas = {topic: typed.schema for topic, typed in DERIVED_TYPES.items()}
    assert released(tmp_path / "avro" / "released")["0.2.0"] == schemas
