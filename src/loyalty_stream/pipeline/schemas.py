"""The Avro schemas of everything published: one envelope for each derived topic, and the canonical record."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import DerivedEvent, EventConflictDetected
from loyalty_stream.pipeline.avro import NAMESPACE, AvroType, Schema, named_once, record, union_of_records
from loyalty_stream.pipeline.canonical import CanonicalRecord


def derived_type(topic: str, data: tuple[type[Struct], ...]) -> AvroType:
    """Return the envelope of a topic's derived events; a branch of `data`, once published, keeps its place."""
    envelope = record(DerivedEvent, data=union_of_records((EventConflictDetected, *data)))
    return AvroType(_top(envelope.schema, f"{topic.capitalize()}Event"), envelope.expression)


def records_by_topic(domains: Sequence[Domain[Any]]) -> dict[str, tuple[type[Struct], ...]]:
    """Return what each derived topic may hold: the records of all domains that write to it, in the domains' order."""
    records: dict[str, tuple[type[Struct], ...]] = {}
    for domain in domains:
        records[domain.topic_name] = (*records.get(domain.topic_name, ()), *domain.derived)
    return records


def _top(schema: Schema, name: str) -> Schema:
    named = named_once(schema)
    if not isinstance(named, dict):
        raise TypeError("an envelope is a record")
    return {**named, "name": name, "namespace": NAMESPACE}


_CANONICAL: Final = record(CanonicalRecord)

DERIVED_TYPES: Final = {topic: derived_type(topic, data) for topic, data in records_by_topic(DOMAINS).items()}
CANONICAL_TYPE: Final = AvroType(_top(_CANONICAL.schema, "CanonicalRecord"), _CANONICAL.expression)
SCHEMA_FILES: Final[dict[str, Schema]] = {
    **{f"avro/derived/{topic}.avsc": typed.schema for topic, typed in DERIVED_TYPES.items()},
    "avro/canonical.avsc": CANONICAL_TYPE.schema,
}
