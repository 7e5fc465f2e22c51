"""What docs/tracing.md shows is what a reader gets: its commands are run, and the spans that it names arrive."""

import re
from pathlib import Path

from loyalty_stream.pipeline.effects import Tally
from tests.docs.walk import Block, Reader
from tests.helpers.otlp import Receiver, attributes
from tests.kafka.client import unique, wait_until
from tests.kafka.settings import free_ports

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tracing.md").read_text()
[INSTALL, START] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def test_the_extra_that_is_installed_is_that_of_the_project() -> None:
    [extra] = re.findall(r"loyalty-stream\[(\w+)\]", INSTALL)
    assert f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text()


def test_the_commands_export_the_spans_of_the_table(broker: str, tmp_path: Path) -> None:
    app_id = unique("page")
    [port] = free_ports(1)
    settings = {"BOOTSTRAP_SERVERS": broker, "APP_ID": app_id, "TOPIC_PREFIX": f"{app_id}.", "HTTP_PORT": str(port)}
    settings["DATA_DIR"] = str(tmp_path / "data")
    environment = {f"LOYALTY_{name}": value for name, value in settings.items()}
    with Receiver() as receiver, Reader(tmp_path, environment, {"http://localhost:4318": receiver.url}) as reader:
        reader.follow(Block(START, [], again=False))
        wanted = f"process {app_id}.raw.capillary"
        assert wait_until(lambda: bool(receiver.spans("transaction") and receiver.spans(wanted)), 60)
        told = attributes(receiver.spans(wanted)[0])
        assert receiver.resource()["service.name"] == "loyalty"
    assert {name for name in told if name.startswith("loyalty.records.")} == {
        f"loyalty.records.{outcome}" for outcome in Tally.__struct_fields__
    }
    assert all(f"`.{outcome}`" in PAGE or f"records.{outcome}`" in PAGE for outcome in Tally.__struct_fields__)
