"""The app knows from the group which other worker owns a partition, and where that one answers."""

from pathlib import Path
from typing import Any, Final

import pytest

from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.runtime.app import StreamApp, build_app
from loyalty_stream.runtime.settings import Settings

MINE: Final = "http://worker-0:6066"


@pytest.fixture
def app(tmp_path: Path) -> StreamApp:
    settings = Settings(data_dir=tmp_path, http_advertised_url=f"{MINE}/")
    return build_app(settings, Processor(PipelineConfig()), dialects=["capillary"])


def hear(app: StreamApp, distribution: dict[str, list[int]]) -> None:
    """Let the app hear from the group who owns which partitions of the changelog."""
    assignor: Any = app.assignor  # its interface does not tell
    assignor.changelog_distribution = {
        url: {"loyalty-state-changelog": partitions} for url, partitions in distribution.items()
    }


def test_the_group_is_told_the_address_for_other_workers(app: StreamApp) -> None:
    assignor: Any = app.assignor
    told = assignor.metadata({"loyalty.raw.capillary"})
    assert f'"url":"{MINE}"' in told.user_data.decode().replace(" ", "")


def test_the_owner_of_a_partition_is_who_the_group_says_unless_that_is_this_worker(app: StreamApp) -> None:
    hear(app, {MINE: [0], "http://worker-1:6066": [1, 2]})
    assert [app.owner(partition) for partition in range(4)] == [
        None,
        "http://worker-1:6066",
        "http://worker-1:6066",
        None,
    ]


@pytest.mark.parametrize("url", ["http://0.0.0.0:6066", "http://[::]:6066", "unix:///tmp/socket", "http://a:b", ""])
def test_an_address_that_cannot_be_called_is_nobodys(app: StreamApp, url: str) -> None:
    hear(app, {url: [0]})
    assert app.owner(0) is None


def test_before_the_group_has_met_nobody_owns_anything(app: StreamApp) -> None:
    assert app.owner(0) is None
