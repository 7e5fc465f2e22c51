"""What a comparison found: totals by kind, and the first difference of each key."""

from collections import Counter
from typing import Any, Final

from msgspec import Struct, field

from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.secrets import id_hash
from loyalty_stream.ops.replay.compare import Found, Path, kind_of, path_text

_IDS: Final = ("_id", "_ids", "_to", "key", "merged", "value", "reference")
"""How the names of fields end that may hold the id of a customer, or more."""
HIDDEN: Final = "(hidden)"


class Difference(Struct, frozen=True):
    """The first difference of one key: `place` is a topic without its prefix or a table, `path` the field within."""

    place: str
    key: str
    path: str
    production: Any
    shadow: Any


class Report(Struct, kw_only=True):
    """What was compared, and what differs; `kinds` counts each key once, by the place and kind of its first difference.

    `rows_moved_on` were written by production behind the replay's range and are not compared, `events_not_covered` are
    events of the shadow from a time of which production's topic holds no events any more. `reordered` are keys, by
    topic, whose re-keyed events came in another order, as they may (ADR 8); their `rows_reordered` that differ are no
    difference. Nor are `answers_early`, rows that lack on one side what a campaign answers once it knows its rules.
    """

    events: int = 0
    keys: int = 0
    rows: int = 0
    rows_moved_on: int = 0
    events_not_covered: int = 0
    reordered: set[tuple[str, str]] = field(default_factory=set)
    rows_reordered: int = 0
    answers_early: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    differences_max: int = 20
    shows_keys: bool = False

    def add(self, place: str, key: str, found: Found) -> None:
        """Count the first difference of a key, and keep it where there is room."""
        self.kinds[f"{place}: {kind_of(found.path)}"] += 1
        if len(self.differences) < self.differences_max:
            shown = self.shows_keys
            self.differences.append(
                Difference(
                    place,
                    key if shown else key_hash(key),
                    path_text(found.path, keys=shown),
                    found.live if shown else _shown(found.path, found.live),
                    found.shadow if shown else _shown(found.path, found.shadow),
                )
            )

    def as_json(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        return {
            "same": not self.kinds,
            "compared": {"events": self.events, "keys": self.keys, "rows": self.rows},
            "not_compared": {
                "rows_moved_on": self.rows_moved_on,
                "events_not_covered": self.events_not_covered,
                "keys_reordered": len(self.reordered),
                "rows_reordered": self.rows_reordered,
                "answers_early": self.answers_early,
            },
            "kinds": dict(self.kinds.most_common()),
            "differences": [
                {
                    "place": each.place,
                    "key" if self.shows_keys else "key_hash": each.key,
                    "path": each.path,
                    "production": each.production,
                    "shadow": each.shadow,
                }
                for each in self.differences
            ],
            "notes": self.notes,
        }


def key_hash(key: str) -> str:
    """Return what stands for a key: of a customer the hash that stands for them once they are erased."""
    parts = key.split(":", 2)
    return id_hash(*parts) if len(parts) == 3 else fingerprint(key)  # noqa: PLR2004 - vendor, org and id


def _shown(path: Path, value: object) -> object:
    """Return a value unless it may hold an id: one field's that is no id's."""
    names = [step for step in path if isinstance(step, str)]
    is_id = bool(names) and names[-1].endswith(_IDS)
    return HIDDEN if is_id or isinstance(value, (dict, list)) else value
