"""Hold schemas to the released ones: each must read what any release has written (BACKWARD_TRANSITIVE).

Whether one schema reads another is for Apache Avro's own library to say. It knows nothing of logical types, nor do the
registries, whose checks are Avro's too; what a decimal or a moment means is compared here.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from avro.compatibility import (
    ReaderWriterCompatibilityChecker,
    SchemaCompatibilityResult,
    SchemaCompatibilityType,
)
from avro.schema import ArraySchema, RecordSchema, UnionSchema, make_avsc_object
from avro.schema import Schema as AvroSchema

from loyalty_stream.pipeline.avro import Schema

_MEANING: Final = ("logicalType", "precision", "scale")


class Problem(NamedTuple):
    """Why a topic's schema cannot read what a release has written."""

    topic: str
    version: str
    text: str


def problems(ours: Mapping[str, Schema], releases: Mapping[str, Mapping[str, Schema]]) -> list[Problem]:
    """Return what is not compatible; both are by the topics' short names, the releases by version before."""
    return [
        Problem(topic, version, text)
        for version, schemas in releases.items()
        for topic, written in schemas.items()
        for text in (unreadable(ours[topic], written) if topic in ours else ["the topic has no schema any more"])
    ]


def unreadable(reader: Schema, written: Schema) -> list[str]:
    """Return why one schema cannot read exactly what was written with another; empty where it can."""
    ours, theirs = make_avsc_object(reader), make_avsc_object(written)
    kept = _meanings(reader)
    return [
        *_reasons(ours, theirs),
        *(
            f"{field}: was {', '.join(sorted(lost))}"
            for field, meanings in _meanings(written).items()
            if field in kept and (lost := meanings - kept[field])
        ),
    ]


def _reasons(reader: AvroSchema, written: AvroSchema) -> list[str]:
    """Return what does not resolve, record by record: of a union the library says only that a branch has no match."""
    if _verdict(reader, written).compatibility is SchemaCompatibilityType.compatible:
        return []
    ours, theirs = dict(_records(reader)), dict(_records(written))
    reasons = [f"{name}: is gone" for name in theirs if name not in ours]
    for name in ours.keys() & theirs.keys():
        verdict = _verdict(ours[name], theirs[name])
        kinds = sorted({kind.value.replace("_", " ") for kind in verdict.incompatibilities})
        if kinds:
            reasons.append(f"{name}: {', '.join(kinds)}: {'; '.join(sorted(verdict.messages))}")
    return sorted(reasons) or ["a type does not resolve"]


def _verdict(reader: AvroSchema, written: AvroSchema) -> SchemaCompatibilityResult:
    return ReaderWriterCompatibilityChecker().get_compatibility(reader, written)


def _records(schema: AvroSchema) -> Iterator[tuple[str, RecordSchema]]:
    """Yield each record within a schema by its name; ours are not recursive."""
    if isinstance(schema, RecordSchema):
        yield schema.name, schema
        for field in schema.fields:
            yield from _records(field.type)
    elif isinstance(schema, ArraySchema):
        yield from _records(schema.items)
    elif isinstance(schema, UnionSchema):
        for branch in schema.schemas:
            yield from _records(branch)


def _meanings(schema: Schema, place: str = "") -> dict[str, set[str]]:
    """Return the logical types of each record's fields, by `Record.field`."""
    found: dict[str, set[str]] = {}
    parts: list[tuple[str, Schema]] = []
    if isinstance(schema, list):
        parts = [(place, branch) for branch in schema]
    elif isinstance(schema, dict):
        parts = [(f"{schema['name']}.{field['name']}", field["type"]) for field in schema.get("fields", ())]
        parts += [(place, schema["items"])] if "items" in schema else []
        if "logicalType" in schema:
            found[place] = {" ".join(str(schema[key]) for key in _MEANING if key in schema)}
    for where, part in parts:
        found.setdefault(where, set())
        for field, meanings in _meanings(part, where).items():
            found[field] = found.get(field, set()) | meanings
    return found
