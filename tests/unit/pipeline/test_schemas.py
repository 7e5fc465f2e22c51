from typing import Any

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import DerivedBody
from loyalty_stream.pipeline.schemas import DERIVED_TYPES, SCHEMA_FILES, records_by_topic


class A(DerivedBody, frozen=True, gc=False):
    """One record."""


class B(DerivedBody, frozen=True, gc=False):
    """Another record."""


def domain(name: str, *derived: type[DerivedBody], topic: str | None = None) -> Domain[Any]:
    return Domain(name, int, 0, {}, derived, topic)


def test_a_topic_holds_the_records_of_all_domains_that_write_to_it_in_their_order() -> None:
    domains = [domain("people", A), domain("other", A), domain("cards", B, topic="people")]
    assert records_by_topic(domains) == {"people": (A, B), "other": (A,)}


def test_a_domain_of_another_ones_topic_has_no_schema_of_its_own() -> None:
    assert set(DERIVED_TYPES) == {domain.topic_name for domain in DOMAINS}
    assert "avro/derived/cards.avsc" not in SCHEMA_FILES


def test_no_two_records_of_one_topic_have_the_same_name() -> None:
    for records in records_by_topic(DOMAINS).values():
        names = [record.__name__ for record in records]
        assert len(set(names)) == len(names)
