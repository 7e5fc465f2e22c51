"""Delete a shadow: its topics, its group and its folder."""

import shutil
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from msgspec import Struct

from loyalty_stream.ops import topics
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.shadow import plan_topic, shadow_of, shadow_topics
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.settings import Settings

_TIMEOUT_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.1
_GONE: Final = {KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.GROUP_ID_NOT_FOUND}


class Remains(Struct, frozen=True):
    """All that there is of a shadow; its plan's topic, which makes it one, stands last."""

    group: str
    topics: tuple[str, ...]
    folder: Path


def find(settings: Settings, app_id: str) -> Remains:
    """Return what there is of a shadow.

    Raises:
        ReplayError: The app id is production's, or of no replay.

    """
    shadow = shadow_of(settings, app_id)
    known = topics.connect(client_config(settings)).list_topics(timeout=_TIMEOUT_SECONDS).topics
    plan = plan_topic(shadow)
    if plan not in known:
        raise ReplayError(f"there is no replay of the app id {app_id!r} on {settings.bootstrap_servers}")
    own = [topic.name for topic in shadow_topics(settings, shadow, {}) if topic.name in known]
    return Remains(app_id, (*own, plan), shadow.data_dir)


def clean(settings: Settings, remains: Remains) -> None:
    """Delete a shadow; ended amid it, by whatever, it can be told to again.

    Raises:
        ReplayError: The replay still runs.

    """
    admin = topics.connect(client_config(settings))
    try:
        _delete_group(admin, remains.group)
    except KafkaException as failure:
        if failure.args[0].code() != KafkaError.NON_EMPTY_GROUP:
            raise
        raise ReplayError(
            f"the replay {remains.group!r} still runs, or its workers have just been killed and the broker waits for "
            "them. End it, or try again in a moment"
        ) from failure
    _delete_topics(admin, remains.topics[:-1])
    if remains.folder.exists():
        shutil.rmtree(remains.folder)
    _delete_topics(admin, remains.topics[-1:])


def _delete_group(admin: AdminClient, group: str) -> None:
    [answer] = admin.delete_consumer_groups([group], request_timeout=_TIMEOUT_SECONDS).values()
    _settle(answer)


def _delete_topics(admin: AdminClient, names: tuple[str, ...]) -> None:
    if names:
        for answer in admin.delete_topics(list(names), operation_timeout=_TIMEOUT_SECONDS).values():
            _settle(answer)
    deadline = time.monotonic() + _TIMEOUT_SECONDS  # brokers hear of it a moment after the controller
    while time.monotonic() < deadline and set(names) & admin.list_topics(timeout=_TIMEOUT_SECONDS).topics.keys():
        time.sleep(_LOOK_SECONDS)


def _settle(answer: Future[None]) -> None:
    try:
        answer.result(_TIMEOUT_SECONDS)
    except KafkaException as failure:
        if failure.args[0].code() not in _GONE:
            raise
