"""Fields that are only compared: two versions of a document say what changed, and nothing of the values is kept.

Dirt is no change: whitespace anywhere, and numbers or null written as text, compare as what they stand for.
"""

import json
import re
from collections.abc import Iterable
from typing import Final

import msgspec

from loyalty_stream.model.ids import fingerprint

_WHOLE_FLOAT: Final = re.compile(r"(-?\d+)\.0+")


def digest_of(value: object) -> str | None:
    """Return 16 hex digits that stand for a decoded value of any kind, raw JSON included, or None for null."""
    plain = _plain(json.loads(msgspec.json.encode(value), parse_int=str, parse_float=str))
    return None if plain is None else fingerprint(json.dumps(plain, sort_keys=True))


def changed_fields(before: msgspec.Struct, after: msgspec.Struct, names: Iterable[str]) -> tuple[str, ...]:
    """Return which fields of two structs of one type differ; null and absent are the same."""
    return tuple(name for name in names if _differ(getattr(before, name), getattr(after, name)))


def _differ(before: object, after: object) -> bool:
    """Return whether two values differ in more than how they are written; most are written alike."""
    return before != after and digest_of(before) != digest_of(after)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {"".join(key.split()): _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, str):
        return value
    text = "".join(value.split())
    if text == "null":
        return None
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole[1] if whole else text
