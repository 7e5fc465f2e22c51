"""What stands before a value says which schema it was written with."""

from io import BytesIO
from typing import Any

import fastavro
import pytest

from loyalty_stream.pipeline.framing import registry_header, registry_id, resolver


def event(*branches: str, **fields: str) -> dict[str, Any]:
    """A schema whose `data` is a union of records, with further fields of text, each with its default."""
    data = [{"type": "record", "name": name, "fields": [{"name": "amount", "type": "long"}]} for name in branches]
    more = [{"name": name, "type": "string", "default": default} for name, default in fields.items()]
    return {"type": "record", "name": "Event", "fields": [{"name": "data", "type": data}, *more]}


def written(schema: dict[str, Any], branch: str) -> bytes:
    out = BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(schema), {"data": (branch, {"amount": 5}), "note": "paid"})
    return out.getvalue()


def test_the_id_of_a_schema_takes_four_bytes_after_a_zero() -> None:
    assert registry_header(258) == b"\0\0\0\1\2"
    assert registry_id(registry_header(258) + b"value") == 258


@pytest.mark.parametrize("framed", [b"", b"\0\0\0\1", b"\xc3\x01345678"])
def test_a_value_without_an_id_is_refused(framed: bytes) -> None:
    with pytest.raises(ValueError, match="not framed with the id"):
        registry_id(framed)


def test_a_value_is_read_as_the_wanted_schema_has_it() -> None:
    old, new = event("Spent", note=""), event("Earned", "Spent", note="", shop="none")
    assert resolver(old, new)(written(old, "Spent")) == {"data": {"amount": 5}, "note": "paid", "shop": "none"}
    assert resolver(new, old)(written(new, "Spent")) == {"data": {"amount": 5}, "note": "paid"}


def test_a_record_that_came_later_is_refused() -> None:
    old, new = event("Spent"), event("Spent", "Earned")
    assert resolver(new, old)(written(new, "Spent")) == {"data": {"amount": 5}}
    with pytest.raises(ValueError, match="a newer version"):
        resolver(new, old)(written(new, "Earned"))


@pytest.mark.parametrize("foreign", [{"type": "object"}, {"type": "record"}, {"$schema": "draft-07"}, "Elsewhere"])
def test_what_is_no_avro_schema_by_itself_is_refused(foreign: Any) -> None:  # noqa: ANN401 - any JSON document
    with pytest.raises(ValueError, match="no Avro schema by itself"):
        resolver(foreign, event("Spent"))
