"""Where a shadow lives: an app id, topics and a folder of its own, beside production's."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.topic_plan import Topic, load_topics
from loyalty_stream.runtime.settings import KAFKA_NAME, Settings, is_kafka_name

_DAY_MS: Final = 24 * 60 * 60 * 1000
RETENTION_MS: Final = 7 * _DAY_MS
"""How long at most a shadow's topics keep what they hold: it is to be compared, not to be kept."""
_RETENTION: Final = "retention.ms"
_OF_COMMANDS: Final = frozenset({"imports", "redrives"})
"""Topics that no worker knows."""


def shadow_of(settings: Settings, app_id: str) -> Settings:
    """Return the settings of a shadow: production's, but for all names under which something is written.

    Raises:
        ReplayError: The app id is production's own, or none.

    """
    if not is_kafka_name(app_id):
        raise ReplayError(f"{app_id!r} is no app id: it must be {KAFKA_NAME}")
    if app_id == settings.app_id:
        raise ReplayError(f"{app_id!r} is production's own app id (LOYALTY_APP_ID): a replay needs another one")
    return settings.model_copy(
        update={
            "app_id": app_id,
            "topic_prefix": f"{settings.topic_prefix}shadow.{app_id}.",
            "raw_topic_prefix": settings.raw_topic_prefix or settings.topic_prefix,
            "data_dir": folder_of(settings, app_id),
            "http_host": "127.0.0.1",
            "standby_replicas": 0,
            "schema_registry_url": None,  # a shadow's schemas are nobody's contract
        }
    )


def folder_of(settings: Settings, app_id: str) -> Path:
    """Return the folder of a shadow's workers, beside that of production's worker here."""
    folder = settings.data_dir.absolute()
    return folder.with_name(f"{folder.name}.shadow.{app_id}")


def plan_topic(shadow: Settings) -> str:
    """Return the topic that says what a shadow replays; whatever has one is a shadow and may be deleted."""
    return f"{shadow.topic_prefix}plan"


def shadow_topics(settings: Settings, shadow: Settings, partitions: Mapping[str, int]) -> list[Topic]:
    """Return a shadow's topics: production's own ones under other names, kept for a shorter time.

    `partitions` is what the broker has: each topic gets as many as its counterpart, so that a key is found at the same
    place in both.
    """
    ours, theirs = (
        load_topics(each.topic_prefix, each.app_id, each.partitions, shadow.raw_topic_prefix)
        for each in (shadow, settings)
    )
    return [
        _shorter(replace(topic, partitions=partitions.get(counterpart.name, topic.partitions)))
        for topic, counterpart in zip(ours, theirs, strict=True)
        if topic.name != counterpart.name and topic.name.removeprefix(shadow.topic_prefix) not in _OF_COMMANDS
    ]


def _shorter(topic: Topic) -> Topic:
    kept = topic.settings.get(_RETENTION)
    if kept is None:
        return topic
    retention = RETENTION_MS if int(kept) < 0 else min(int(kept), RETENTION_MS)
    return replace(topic, settings={**topic.settings, _RETENTION: str(retention)})
