from loyalty_stream.model.domain import Domain


def test_a_domain_writes_to_the_topic_of_its_name_or_to_the_one_that_it_says() -> None:
    assert Domain("tiers", int, 0, {}, ()).topic_name == "tiers"
    assert Domain("cards", int, 0, {}, (), topic="customers").topic_name == "customers"
