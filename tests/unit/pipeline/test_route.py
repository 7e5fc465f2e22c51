from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.route import ROUTES, partitioner


def test_every_fact_has_a_route_to_its_domain() -> None:
    assert {body: route.domain.name for body, route in ROUTES.items()} == {
        body: domain.name for domain in DOMAINS for body in domain.reducers
    }


def test_a_customers_partition_is_that_of_the_text_that_producers_key_by() -> None:
    usual, by_customer = partitioner("{vendor}:{org_id}:{customer_id}", 12), partitioner("{customer_id}", 12)
    assert usual("capillary", "9300", "5001") == partition_of(b"capillary:9300:5001", 12)
    assert by_customer("capillary", "9300", "5001") == partition_of(b"5001", 12)
