"""Gather what one Lua call applies. Pure: what is read goes in, bytes come out."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from loyalty_stream.model.secrets import id_hash
from loyalty_stream.pipeline.internal import ERASED
from loyalty_stream.serving.view.names import GenerationNames, Place, RowName, place_text
from loyalty_stream.serving.view.picture import VIEWED, Fields, entry_fields, row_fields
from loyalty_stream.serving.view.totals import TOTALLED, field_name, field_text, organisation_of, totals_fields

_ERASURE: Final = "CustomerErased"
_encode: Final = msgspec.msgpack.Encoder().encode


class RowWrite(NamedTuple):
    """The newest row of a key in a batch; `fields` None deletes it. Totals are nobody's: they have no journal."""

    place: Place
    offset: int
    recorded_at: int
    fields: Fields | None
    journal: str = ""
    key_hash: str = ""


class Batch:
    """What changes one generation; `rows` by where they lie in Redis."""

    def __init__(self, names: GenerationNames, begins: Mapping[Place, int]) -> None:
        """Start empty; `begins` is where the view believes the generation to be."""
        self.rows: dict[RowName, RowWrite] = {}
        self.nexts: dict[Place, int] = {}
        self.complete_until = 0
        self.recorded_at = 0
        self._names = names
        self._begins = begins
        self._erased: list[str] = []
        self._organisations: set[str] = set()
        self._entries: list[tuple[Place, int, str, str, Fields | None]] = []

    def add_row(self, place: Place, offset: int, recorded_at: int, row_key: bytes, value: bytes | None) -> None:
        """Take a record of the changelog; of one key the newest counts."""
        domain, _, key = row_key.decode().partition("|")
        self.recorded_at = max(self.recorded_at, recorded_at)
        if domain == ERASED:
            self._erased.append(key)
        names, at = self._names, (place[1], offset, recorded_at)
        if domain in VIEWED:
            fields = None if value is None else row_fields(row_key, value, *at)
            write = RowWrite(place, offset, recorded_at, fields, names.journal(key), _hash(key))
            self.rows[RowName(names.row(key, domain))] = write
        elif domain in TOTALLED:
            fields = None if value is None else totals_fields(row_key, value, *at)
            organisation = organisation_of(key)
            name = RowName(names.totals(organisation, domain), field_name(place[1], key))
            self.rows[name] = RowWrite(place, offset, recorded_at, fields)
            self._organisations.add(organisation)

    def add_event(self, place: Place, offset: int, domain: str, event: dict[str, Any]) -> None:
        """Take a derived event, as JSON has it; an erasure ends its customer's journal."""
        key: str = event["key"]
        fields = None if event["type"] == _ERASURE else entry_fields(domain, event)
        self._entries.append((place, offset, self._names.journal(key), _hash(key), fields))

    def advance(self, place: Place, offset: int) -> None:
        """Note the next offset of a place."""
        self.nexts[place] = offset

    def pack(self, generation: str, journal_entries: int, written_at: int) -> bytes:
        """Return the batch as apply.lua unpacks it; places are named by their number in its list, from 1."""
        places = {place: number for number, place in enumerate(self.nexts, 1)}
        moments = {"recorded_at": self.recorded_at, "complete_until": self.complete_until}
        return _encode(
            {
                "generation": generation,
                "journal_entries": journal_entries,
                "places": [
                    [place_text(place), self._begins.get(place, 0), offset] for place, offset in self.nexts.items()
                ],
                "rows": [
                    [
                        places[row.place],
                        row.place[1],
                        row.offset,
                        name.key,
                        *_flat(row.fields),
                        row.journal,
                        row.key_hash,
                    ]
                    for name, row in self.rows.items()
                    if name.field is None
                ],
                "totals": [
                    [places[row.place], row.offset, *name, False if row.fields is None else field_text(row.fields)]
                    for name, row in self.rows.items()
                    if name.field is not None
                ],
                "organisations": sorted(self._organisations),
                "erased": self._erased,
                "entries": [
                    [places[place], offset, journal, key_hash, *_flat(fields)]
                    for place, offset, journal, key_hash, fields in self._entries
                ],
                "age": {"written_at": written_at, **{name: at for name, at in moments.items() if at}},
            }
        )


def _flat(fields: Fields | None) -> list[object]:
    """Return one element: the names and values in turn, or False."""
    return [False] if fields is None else [[str(part) for pair in fields.items() for part in pair]]


def _hash(key: str) -> str:
    """Return what the tables keep of an erased customer; of a key that is no customer's it matches nothing."""
    vendor, org_id, entity_id = key.split(":", 2)
    return id_hash(vendor, org_id, entity_id)
