"""All that can be said of one dead letter, its record and its customer's data included. Pure."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.ops.dead_letters.attempt import attempt
from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.shown import shown
from loyalty_stream.ops.dead_letters.times import shown_moment
from loyalty_stream.ops.records import shown_bytes
from loyalty_stream.serving.readable import fields_text
from loyalty_stream.sources import DIALECTS

_MEANINGS: Final = {str(reason): reason.meaning for reason in DeadLetterReason}


def picture(letter: Letter, raw_prefix: str, *, redriven: bool) -> dict[str, Any]:
    """Return a letter ready for JSON; `raw_prefix` is what the names of raw topics begin with."""
    record = letter.record
    dialect = letter.topic.removeprefix(raw_prefix)
    now = attempt(dialect, record) if letter.is_whole and dialect in DIALECTS else None
    return {
        "place": str(letter.place),
        "at": shown_moment(letter.written_at),
        "reason": letter.reason,
        "meaning": _MEANINGS.get(letter.reason),
        "detail": letter.detail,
        "app_id": letter.app_id,
        "raw": str(letter.raw),
        "raw_at": shown_moment(record.timestamp),
        "redrives": letter.redrives,
        "redriven": redriven,
        "whole": letter.is_whole,
        "key": shown(record.key),
        "headers": [{"name": name, "value": shown(value)} for name, value in record.headers],
        "bytes": len(record.value or b""),
        "value": shown(record.value),
        "now": None if now is None else msgspec.to_builtins(now),
    }


def picture_lines(picture: dict[str, Any]) -> Iterator[str]:
    """Yield a picture for people; what is long is cut, and what a terminal could take for a command is escaped."""
    yield f"dead letter {picture['place']}, written {picture['at']} by {picture['app_id']}"
    yield f"  reason: {picture['reason']} ({picture['meaning'] or 'not known to this version'})"
    yield f"  detail: {_line(picture['detail'])}"
    yield f"  raw record: {picture['raw']}, {picture['raw_at']}, {picture['bytes']} bytes"
    if picture["redrives"]:
        yield f"  sent back before it came to this: {picture['redrives']} times"
    if picture["redriven"]:
        yield "  sent back since: yes"
    yield f"  key: {_part(picture['key'])}"
    yield from (f"  header {_line(header['name'])}: {_part(header['value'])}" for header in picture["headers"])
    yield f"  value: {_part(picture['value'])}"
    yield from (f"  {line}" for line in _now_lines(picture))


def _now_lines(picture: dict[str, Any]) -> Iterator[str]:
    now = picture["now"]
    if now is None:
        yield "now: cannot be told, for the letter holds but an event of its raw record; look at that where it stands"
        return
    if now["outcome"] == "dead_letter":
        yield f"now: a dead letter again, {now['reason']} ({now['meaning']}): {_line(now['detail'])}"
        return
    mended = f", mended: {', '.join(now['repairs'])}" if now.get("repairs") else ""
    if now["outcome"] == "ignored":
        yield f"now: {_line(now['event_name'])} is ignored, {now['reason']} ({now['meaning']}){mended}"
        return
    yield f"now: {_line(now['event_name'])} reads as {len(now.get('events', ()))} events{mended}"
    for event in now.get("events", ()):
        yield _line(
            f"  {event['type']} of {event['key']}, {shown_moment(event['occurred_at'])}: {fields_text(event['body'])}"
        )


def _part(part: dict[str, str] | None) -> str:
    if part is None:
        return "(none)"
    return _line(part["text"]) if "text" in part else f"0x{_line(part['hex'])}"


def _line(text: str) -> str:
    return shown_bytes(text.encode("utf-8", "backslashreplace")) or ""
