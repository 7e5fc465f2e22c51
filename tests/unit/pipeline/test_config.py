from loyalty_stream.pipeline.config import PipelineConfig


def test_every_topic_has_the_prefix() -> None:
    config = PipelineConfig(topic_prefix="acme.")
    assert config.raw_topic("capillary") == "acme.raw.capillary"
    assert config.derived_topic("points") == "acme.derived.points"
    assert (config.canonical_topic, config.dead_letter_topic) == ("acme.canonical", "acme.dead_letters")
