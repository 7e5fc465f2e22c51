"""Topics must exist and share one number of partitions."""

import pytest

from loyalty_stream.runtime.failure import WorkerStopped
from loyalty_stream.runtime.preflight import check_topics
from loyalty_stream.runtime.settings import Settings

GOOD = {"loyalty.raw.capillary": 4, "loyalty.canonical": 4, "loyalty-state-changelog": 4, "other": 9}


def test_all_there() -> None:
    check_topics(Settings(), ["capillary"], GOOD)


@pytest.mark.parametrize("topic", ["loyalty.raw.capillary", "loyalty.canonical", "loyalty-state-changelog"])
def test_a_missing_topic_is_named_with_the_command(topic: str) -> None:
    with pytest.raises(WorkerStopped, match=rf"missing on .*: {topic}\. Run: loyalty-stream topics apply"):
        check_topics(Settings(), ["capillary"], {name: count for name, count in GOOD.items() if name != topic})


@pytest.mark.parametrize("topic", ["loyalty.raw.capillary", "loyalty.canonical", "loyalty-state-changelog"])
def test_another_count_is_named_with_the_fix(topic: str) -> None:
    with pytest.raises(WorkerStopped, match=rf"{topic} has 8; LOYALTY_PARTITIONS is 4"):
        check_topics(Settings(), ["capillary"], GOOD | {topic: 8})
