"""Tell an answer that was asked for too early from one that is wrong.

A customer's tier asks its campaign for how long it lasts, and a campaign that has not heard of its rules yet has no
answer (ADR 11). Which comes first is nobody's where they come from two partitions (ADR 8). So an answer that only one
side has is a difference, unless the other side has answers of the same campaign too: there it knew its rules later on.
"""

from typing import Any, Final

from loyalty_stream.ops.replay.compare import Document, Entries, Found, first_difference
from loyalty_stream.ops.replay.report import Report
from loyalty_stream.ops.replay.spill import LIVE, SHADOW

_ANSWERED: Final = {"tiers": ("programs", "computed_expires_on")}
"""By table: in which map, and in which field of its entries, an answer of what the entry's key names stands."""
_HOW: Final = frozenset({"window", "events_seen"})
"""What tells how a row came about: an answer leaves its trace there."""


class Answers:
    """The answers of both sides, and the rows that differ in nothing but one that only one side has."""

    def __init__(self) -> None:
        """Know of none."""
        self._given: dict[int, set[tuple[str, str]]] = {LIVE: set(), SHADOW: set()}
        self._lacking: dict[tuple[int, str, str], list[tuple[str, Found]]] = {}

    @staticmethod
    def may_be_in(kind: str) -> bool:
        """Tell whether rows of a table may hold answers."""
        return kind in _ANSWERED

    def note(self, kind: str, side: int, document: Document | None) -> None:
        """Note the answers that one side has in a row."""
        if kind in _ANSWERED and document is not None:
            entries, answer = _ANSWERED[kind]
            given = document["state"][entries].items()
            self._given[side].update((kind, name) for name, entry in given if entry[answer] is not None)

    def is_lacking(self, kind: str, entity: str, live: Document | None, shadow: Document | None) -> bool:
        """Tell whether two rows differ in nothing but an answer that one of them lacks, and keep that for `settle`."""
        if kind not in _ANSWERED or live is None or shadow is None:
            return False
        found = first_difference(live["state"], shadow["state"])
        entries, answer = _ANSWERED[kind]
        if found is None or (found.path[0], found.path[-1]) != (entries, answer):
            return False
        if None not in {found.live, found.shadow}:
            return False
        if first_difference(_without(live, answer), _without(shadow, answer)) is not None:
            return False
        side = LIVE if found.live is None else SHADOW
        of_campaign = self._lacking.setdefault((side, kind, str(found.path[1])), [])
        of_campaign.append((entity, Found(("state", *found.path), found.live, found.shadow)))
        return True

    def settle(self, report: Report) -> None:
        """Count the rows that lack an answer, once all rows are noted: as asked too early, or as differences."""
        for (side, kind, name), rows in self._lacking.items():
            if (kind, name) in self._given[side]:
                report.answers_early += len(rows)
                continue
            for entity, found in rows:
                report.add(f"table {kind}", entity, found)


def _without(document: Document, answer: str) -> Any:  # noqa: ANN401 - a JSON document
    kept = {name: value for name, value in document.items() if name not in _HOW}
    return _pruned(kept, answer)


def _pruned(value: Any, answer: str) -> Any:  # noqa: ANN401 - a JSON document
    if isinstance(value, Entries):
        return Entries((name, _pruned(each, answer)) for name, each in value.items())
    if isinstance(value, dict):
        return {name: _pruned(each, answer) for name, each in value.items() if name != answer}
    return value
