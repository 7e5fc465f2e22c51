"""Read the golden cases from their folders, run them, and say what came out as a JSON document.

A case is a folder `<vendor>/<event>.<case>/` with `input.json` (the record's value, byte for byte; it need not be
JSON), or `input.repeat.json` for a value too large to keep, `before/*.json` (records processed first, in the order of
their names), `case.json` (what it is about, settings where they are not the usual ones, and headers that each of its
records has), and `expected.json`.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from loyalty_stream.pipeline.config import OutputFormat, PipelineConfig
from loyalty_stream.pipeline.dedup import ENTRY_BYTES
from loyalty_stream.pipeline.table import AnyRow
from loyalty_stream.sources import DIALECTS
from tests.helpers.flow import Flow, dead_letters_of, derived_of, header, outcome_of, readable

HERE = Path(__file__).parent
Document = dict[str, Any]


class Case(NamedTuple):
    """One golden case."""

    folder: Path
    about: str
    partitions: int
    before: tuple[bytes, ...]
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def dialect(self) -> str:
        """The vendor whose words these are."""
        return self.folder.parent.name

    @property
    def name(self) -> str:
        """`capillary/pointsIssued.sample`."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def event(self) -> str:
        """The event's name as the folder has it: one of the dialect's, which may have dots, else what is before one."""
        dialect, name = DIALECTS[self.dialect], self.folder.name
        known = [event for event in (*dialect.makes, *dialect.ignores) if name.startswith(f"{event}.")]
        return max(known, key=len, default=name.partition(".")[0])

    @property
    def expected(self) -> Document:
        """What must come out."""
        document: Document = json.loads((self.folder / "expected.json").read_text())
        return document

    def config(self, output_format: OutputFormat = "json") -> PipelineConfig:
        """Return the settings under which the case runs."""
        return PipelineConfig(partitions=self.partitions, output_format=output_format, dead_letter_limit=1)


class Ran(NamedTuple):
    """A case that ran: all of its traffic, and the part that its own input caused."""

    flow: Flow
    first_message: int
    document: Document


def all_cases() -> list[Case]:
    """Return every golden case, in the order of their names."""
    return [_case(folder) for dialect in DIALECTS for folder in sorted(HERE.glob(f"{dialect}/*")) if folder.is_dir()]


def run(case: Case, output_format: OutputFormat = "json") -> Ran:
    """Process what comes before, then the case's own input; say what the latter caused."""
    flow = Flow(case.config(output_format))
    for value in case.before:
        effects = flow.raw(value, dialect=case.dialect, headers=case.headers)
        assert not effects.tally.dead_lettered, f"{case.name}: what comes before must be used"
    rows, first = flow.rows(), len(flow.messages)
    flow.repairs.clear()
    effects = flow.raw(case.value, dialect=case.dialect, headers=case.headers)
    caused = flow.messages[first:]
    (count,) = effects.events
    dead = [
        {"reason": header(letter, "loyalty_reason"), "detail": header(letter, "__connect.errors.exception.message")}
        for letter in dead_letters_of(caused)
    ]
    document = {
        "event": count.event,
        "outcome": outcome_of(effects.tally),
        "reason": str(count.reason) or None,
        "repairs": flow.repairs,
        "derived": [json.loads(m.value or b"") for m in derived_of(caused)] if output_format == "json" else [],
        "rows": {key: _row(row) for key, row in flow.rows().items() if rows.get(key) != row},
        "dead_letters": dead,
    }
    deleted = sorted(rows.keys() - flow.rows().keys())
    if deleted:
        document["deleted_rows"] = deleted
    return Ran(flow, first, document)


def _row(row: AnyRow) -> Document:
    """Return a row as far as it says something."""
    moved = {"moved_to": row.moved_to} if row.moved_to is not None else {}
    seen = len(row.window) // ENTRY_BYTES
    return {"seq": row.seq, "events_seen": seen, **moved, "state": readable(row.state)}


def _case(folder: Path) -> Case:
    settings = folder / "case.json"
    given = json.loads(settings.read_text()) if settings.exists() else {}
    before = tuple(path.read_bytes() for path in sorted(folder.glob("before/*.json")))
    headers = tuple((name, text.encode()) for name, text in given.get("headers", {}).items())
    return Case(folder, given.get("about", ""), given.get("partitions", 1), before, _value(folder), headers)


def _value(folder: Path) -> bytes:
    repeat = folder / "input.repeat.json"
    if not repeat.exists():
        return (folder / "input.json").read_bytes()
    given = json.loads(repeat.read_text())
    return str(given["start"] + given["repeat"] * given["times"] + given["end"]).encode()


def dumped(document: Document) -> str:
    """Return a document as `expected.json` holds it."""
    return msgspec.json.format(json.dumps(document, ensure_ascii=False), indent=2) + "\n"
