"""Keys that stand twice in one object: the typed decoders would quietly take the last one."""

import json

from loyalty_stream.sources.wire import NotCleanError


def check_keys(value: bytes) -> None:
    """Raise NotCleanError where any object of a JSON document has the same key twice.

    For dialects of few and small records: it reads the whole document once more.
    """
    json.loads(value, object_pairs_hook=_once, parse_int=str, parse_float=str)


def _once(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise NotCleanError
