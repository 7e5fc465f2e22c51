import pytest

from loyalty_stream.ops.topic_plan import (
    Found,
    Missing,
    Topic,
    WrongPartitions,
    WrongSetting,
    differences,
    load_topics,
)

RAW = Topic("loyalty.raw.capillary", 4, -1, {"retention.ms": "1000"}, copartitioned=True)
DERIVED = Topic("loyalty.derived.points", 4, -1)


def test_the_list_names_every_topic_of_the_design() -> None:
    derived = "points tiers coupons streaks promotions customers rewards partners requests campaigns"
    names = [
        *(f"x.raw.{dialect}" for dialect in ("capillary", "voucherify", "talon_one", "open_loyalty")),
        "x.canonical",
        *(f"x.derived.{domain}" for domain in derived.split()),
        "x.imports",
        "x.dead_letters",
        "x.redrives",
        "app-state-changelog",
    ]
    assert [topic.name for topic in load_topics("x.", "app")] == names


def test_the_list_gives_four_partitions_unless_told_otherwise() -> None:
    assert {topic.partitions for topic in load_topics("", "app")} == {4}
    assert {topic.partitions for topic in load_topics("", "app", 12)} == {12}


def test_whatever_must_share_partition_numbers_is_copartitioned() -> None:
    copartitioned = {topic.name for topic in load_topics("", "app") if topic.copartitioned}
    raw = {"raw.capillary", "raw.voucherify", "raw.talon_one", "raw.open_loyalty"}
    assert copartitioned == raw | {"canonical", "app-state-changelog"}


def test_the_changelog_the_imports_and_the_redrives_are_compacted_and_nothing_else_is() -> None:
    compacted = [topic.name for topic in load_topics("", "app") if topic.settings["cleanup.policy"] == "compact"]
    assert compacted == ["imports", "redrives", "app-state-changelog"]


def test_a_dead_letter_may_be_larger_than_the_raw_record_in_it() -> None:
    largest = {topic.name: int(topic.settings.get("max.message.bytes", 0)) for topic in load_topics("", "app")}
    assert largest["raw.capillary"] == 16 * 1024 * 1024
    assert largest["dead_letters"] == 20 * 1024 * 1024


def test_every_topic_has_an_owner() -> None:
    assert all(topic.owner for topic in load_topics("", "app"))


def test_a_topic_as_wanted_gives_no_difference() -> None:
    assert differences([RAW], {RAW.name: Found(4, {"retention.ms": "1000", "unnamed.setting": "any"})}) == []


def test_a_topic_that_does_not_exist_is_missing() -> None:
    assert differences([RAW, DERIVED], {RAW.name: Found(4, RAW.settings)}) == [Missing(DERIVED)]


def test_a_topic_that_nobody_listed_is_left_alone() -> None:
    assert differences([], {"orders": Found(1)}) == []


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_copartitioned_topic_needs_exactly_its_partitions(count: int) -> None:
    assert differences([RAW], {RAW.name: Found(count, RAW.settings)}) == [WrongPartitions(RAW, count)]


def test_any_other_topic_may_have_its_own_number_of_partitions() -> None:
    assert differences([DERIVED], {DERIVED.name: Found(12)}) == []


@pytest.mark.parametrize(("settings", "found"), [({"retention.ms": "5"}, "5"), ({}, None)])
def test_a_setting_of_the_list_must_have_its_value(settings: dict[str, str], found: str | None) -> None:
    wrong = WrongSetting(RAW, "retention.ms", "1000", found)
    assert differences([RAW], {RAW.name: Found(4, settings)}) == [wrong]


def test_each_difference_names_topic_value_and_command() -> None:
    assert str(Missing(RAW)) == ("topic loyalty.raw.capillary does not exist. Create it: loyalty-stream topics apply")
    assert str(WrongSetting(RAW, "retention.ms", "1000", "5")) == (
        "topic loyalty.raw.capillary has retention.ms=5 where the list says 1000. Set it: loyalty-stream topics apply"
    )
    partitions = str(WrongPartitions(RAW, 6))
    assert "loyalty.raw.capillary has 6 partitions where 4 are needed" in partitions
    assert "LOYALTY_PARTITIONS=6" in partitions
    assert "kafka-topics.sh --bootstrap-server $LOYALTY_BOOTSTRAP_SERVERS --delete --topic loyalty.raw." in partitions
