"""Keep how this version writes rows, for later versions to be held to: `make fixtures`, once for each release.

`tests/fixtures/state/<version>/<kind>.json` has, for one kind of row, the version of its state, the shape of its
structs, and rows of the golden cases: key, bytes (Base64) and what they say. Run again, it writes the version of
pyproject.toml anew, which is right only while that is not released; of earlier ones it writes what their rows say as
this version reads them, for review where a state has been upgraded.
"""

import base64
import json
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from loyalty_stream.domains import DOMAINS
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.internal import (
    CLOCK,
    DUE,
    DUE_DATES,
    INTERNAL_STATES,
    WAITING,
    HeldState,
    WaitingEvent,
    internal_row,
)
from loyalty_stream.pipeline.table import STATE_VERSIONS, AnyRow, decode_row, encode_row
from tests.golden.cases import Document, all_cases, run
from tests.helpers.flow import Flow, readable

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "fixtures" / "state"
STATES: Mapping[str, type[Struct]] = {domain.name: domain.state_type for domain in DOMAINS} | INTERNAL_STATES
ROWS_MAX = 6
Steps = tuple[str, ...]


def shape(state: type[Struct]) -> Document:
    """Return the fields of a struct and of all that it is made of, in order, with their types."""
    shapes: Document = {}

    def text(kind: Any) -> str:  # noqa: ANN401 - any annotation
        if isinstance(kind, type) and issubclass(kind, Struct):
            if kind.__name__ not in shapes:
                shapes[kind.__name__] = {}
                shapes[kind.__name__] |= {each.name: text(each.type) for each in fields(kind)}
            return kind.__name__
        if isinstance(kind, type) and issubclass(kind, Enum):
            return " | ".join(repr(member.value) for member in kind)
        origin, parts = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            return " | ".join(map(text, parts))
        if origin is Literal:
            return " | ".join(map(repr, parts))
        if origin is not None:
            return f"{origin.__name__}[{', '.join(map(text, parts))}]"
        return "None" if kind is NoneType else getattr(kind, "__name__", str(kind))

    text(state)
    return shapes


def golden_rows() -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the kind, key and bytes of every row that the golden cases leave."""
    for case in all_cases():
        for table in run(case).flow.tables:
            for key, row in sorted(table.items()):
                yield key.decode().partition("|")[0], key, row
    held, waiting = internal_row("held", HeldState(1)), internal_row(WAITING, WaitingEvent(b"as it came"))
    yield "held", b"held|capillary:710001:4100000", encode_row(held)
    yield WAITING, b"waiting|capillary:710001:4100000|0", encode_row(waiting)
    flow = Flow(PipelineConfig(partitions=1, due_dates="all"))
    for case in all_cases():
        flow.raw(case.value, dialect=case.dialect, headers=case.headers)
    for key, row in sorted(flow.tables[0].items()):
        kind = key.decode().partition("|")[0]
        if kind in {CLOCK, DUE, DUE_DATES}:
            yield kind, key, row


def chosen(rows: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return few rows that together have a value in every field that any of them has."""
    said = [set(_said(row_document(key, encoded))) for key, encoded in rows]
    picked: list[int] = []
    missing: set[Steps] = set().union(*said)
    while missing and len(picked) < ROWS_MAX:
        best = max(range(len(rows)), key=lambda at: (len(said[at] & missing), -len(rows[at][1])))
        picked.append(best)
        missing -= said[best]
    return [rows[at] for at in picked]


def _said(value: Any, path: Steps = ()) -> Iterator[Steps]:  # noqa: ANN401 - a JSON document
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _said(part, (*path, "" if any(letter.isdigit() for letter in name) else name))
    elif isinstance(value, list):
        for part in value:
            yield from _said(part, (*path, ""))
    elif value not in {None, False, "0", ""}:
        yield path


def row_document(key: bytes, encoded: bytes) -> Document:
    """Return what a row says."""
    row: AnyRow = decode_row(key, encoded)
    return {
        "seq": row.seq,
        "window": row.window.hex(),
        "moved_to": row.moved_to,
        "waits": row.waits,
        "state": _json_able(readable(row.state)),
    }


def _json_able(value: Any) -> Any:  # noqa: ANN401 - a JSON document, with bytes in it
    document: Any = msgspec.json.decode(msgspec.json.encode(value))
    return document


def fixtures() -> Document:
    """Return the document of each kind of row, by the kind."""
    rows: dict[str, dict[bytes, bytes]] = {kind: {} for kind in STATES}
    for kind, key, encoded in golden_rows():
        rows[kind].setdefault(key, encoded)
    return {
        kind: {
            "version": STATE_VERSIONS[kind],
            "shape": shape(state),
            "rows": [
                {"key": key.decode(), "row": base64.b64encode(row).decode(), "says": row_document(key, row)}
                for key, row in chosen(list(rows[kind].items()))
            ],
        }
        for kind, state in STATES.items()
    }


def main() -> None:
    """Write the fixtures of the version in pyproject.toml."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    (FOLDER / version).mkdir(parents=True, exist_ok=True)
    for kind, document in fixtures().items():
        _write(FOLDER / version / f"{kind}.json", document)
    for path in FOLDER.glob("*/*.json"):
        document = json.loads(path.read_text())
        for row in document["rows"]:
            row["says"] = row_document(row["key"].encode(), base64.b64decode(row["row"]))
        _write(path, document)


def _write(path: Path, document: Document) -> None:
    path.write_text(msgspec.json.format(json.dumps(document, ensure_ascii=False), indent=2) + "\n")


if __name__ == "__main__":
    main()
