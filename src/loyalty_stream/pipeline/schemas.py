"""The Avro schemas of everything published: one envelope for each domain's topic, and the canonical record."""

from typing import Final

from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.events import DerivedEvent, EventConflictDetected
from loyalty_stream.pipeline.avro import NAMESPACE, AvroType, Schema, named_once, record, union_of_records
from loyalty_stream.pipeline.canonical import CanonicalRecord


def derived_type(domain: str, data: tuple[type[Struct], ...]) -> AvroType:
    """Return the envelope of a domain's derived events; a branch of `data`, once published, keeps its place."""
    envelope = record(DerivedEvent, data=union_of_records((EventConflictDetected, *data)))
    return AvroType(_top(envelope.schema, f"{domain.capitalize()}Event"), envelope.expression)


def _top(schema: Schema, name: str) -> Schema:
    named = named_once(schema)
    if not isinstance(named, dict):
        raise TypeError("an envelope is a record")
    return {**named, "name": name, "namespace": NAMESPACE}


_CANONICAL: Final = record(CanonicalRecord)

DERIVED_TYPES: Final = {domain.name: derived_type(domain.name, domain.derived) for domain in DOMAINS}
CANONICAL_TYPE: Final = AvroType(_top(_CANONICAL.schema, "CanonicalRecord"), _CANONICAL.expression)
SCHEMA_FILES: Final[dict[str, Schema]] = {
    **{f"avro/derived/{domain}.avsc": typed.schema for domain, typed in DERIVED_TYPES.items()},
    "avro/canonical.avsc": CANONICAL_TYPE.schema,
}
