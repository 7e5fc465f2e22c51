from pathlib import Path

import pytest

from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.shadow import RETENTION_MS, plan_topic, shadow_of, shadow_topics
from loyalty_stream.runtime.settings import Settings

SETTINGS = Settings(app_id="loyalty", topic_prefix="acme.", data_dir=Path("/var/loyalty"), http_host="0.0.0.0")  # noqa: S104
SHADOW = shadow_of(SETTINGS, "next")


def test_a_shadow_reads_productions_raw_topics_and_writes_none_of_its_topics() -> None:
    assert SHADOW.raw_topic("capillary") == SETTINGS.raw_topic("capillary") == "acme.raw.capillary"
    theirs = {topic.name for topic in shadow_topics(SETTINGS, SETTINGS.model_copy(update={"app_id": "x"}), {})}
    ours = [topic.name for topic in shadow_topics(SETTINGS, SHADOW, {})]
    assert not theirs & set(ours)
    assert {SHADOW.canonical_topic, SHADOW.changelog_topic, "acme.shadow.next.derived.points"} <= set(ours)
    assert all(name.startswith("acme.shadow.next.") for name in (*ours[:-1], plan_topic(SHADOW)))
    assert not [name for name in ours if ".raw." in name or name.endswith(("imports", "redrives"))]


def test_a_shadow_has_a_folder_of_its_own_and_listens_on_this_machine_only() -> None:
    assert SHADOW.data_dir == Path("/var/loyalty.shadow.next")
    assert SHADOW.http_host == "127.0.0.1"


def test_a_shadows_topics_are_kept_for_a_week_and_have_as_many_partitions_as_productions() -> None:
    topics = {topic.name: topic for topic in shadow_topics(SETTINGS, SHADOW, {"acme.derived.points": 9})}
    kept = {int(topic.settings["retention.ms"]) for topic in topics.values() if "retention.ms" in topic.settings}
    assert kept == {RETENTION_MS}
    assert topics["acme.shadow.next.derived.points"].partitions == 9
    assert topics["acme.shadow.next.derived.tiers"].partitions == SETTINGS.partitions


@pytest.mark.parametrize("app_id", ["loyalty", "a b", "", "x/../y"])
def test_productions_app_id_and_what_is_none_are_refused(app_id: str) -> None:
    with pytest.raises(ReplayError, match="app id"):
        shadow_of(SETTINGS, app_id)


def test_of_a_shadow_of_another_name_that_begins_alike_nothing_is_ones_own() -> None:
    longer = shadow_of(SETTINGS, "next.2")
    ours = {topic.name for topic in shadow_topics(SETTINGS, SHADOW, {})}
    assert not ours & {topic.name for topic in shadow_topics(SETTINGS, longer, {})}
