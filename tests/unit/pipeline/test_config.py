from loyalty_stream.pipeline.config import PipelineConfig


def test_every_topic_has_the_prefix() -> None:
    config = PipelineConfig(topic_prefix="acme.")
    assert config.raw_topic("capillary") == "acme.raw.capillary"
    assert config.derived_topic("points") == "acme.derived.points"
    assert (config.canonical_topic, config.dead_letter_topic) == ("acme.canonical", "acme.dead_letters")


def test_a_topic_that_domains_share_is_named_once() -> None:
    config = PipelineConfig(topic_prefix="acme.")
    assert config.derived_topics.count("acme.derived.customers") == 1
    assert "acme.derived.cards" not in config.derived_topics
    assert config.outputs == [*config.derived_topics, "acme.dead_letters"]
