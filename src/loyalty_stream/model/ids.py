"""Deterministic ids: the same source gives the same id, on any worker and in any replay."""

from xxhash import xxh3_64_hexdigest, xxh3_128_hexdigest


def fingerprint(text: str) -> str:
    """Return 16 hex digits that stand for a text."""
    return xxh3_64_hexdigest(text.encode())


def derived_id(source_key: str, key: str, kind: str, ordinal: int) -> str:
    """Return the id of a derived event: of its source event, the key it is about, its type and its place among them."""
    return xxh3_128_hexdigest(f"{source_key}\n{key}\n{kind}\n{ordinal}".encode())
