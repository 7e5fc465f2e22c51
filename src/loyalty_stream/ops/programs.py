"""Name programmes for a metric label, few and never a card, and tell what each owes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from loyalty_stream.domains.points.merge import POINTS
from loyalty_stream.model.amounts import ZERO, add_exactly, multiply_exactly
from loyalty_stream.pipeline.totals import OTHER_PROGRAM, PROGRAM_PREFIXES, Program
from loyalty_stream.serving.liability import EncodedRow, totals_of


class Programs:
    """Give the first programmes a name of their own, and one name to all others."""

    def __init__(self, named_max: int) -> None:
        """Know none yet."""
        self._named_max = named_max
        self._named: dict[tuple[str, str, str], str] = {}
        self._other_shown = False

    def label(self, vendor: str, org_id: str, program_id: str) -> tuple[str, bool]:
        """Return the label of a programme, and whether that label is new."""
        key = (vendor, org_id, program_id)
        label = self._named.get(key)
        if label is not None:
            return label, False
        if len(self._named) < self._named_max and program_id.startswith(PROGRAM_PREFIXES.get(vendor, "")):
            label = self._named[key] = ":".join(key)
            return label, True
        is_new, self._other_shown = not self._other_shown, True
        return OTHER_PROGRAM, is_new


class Owed:
    """What one programme owes; points are of the currency `points` only, accounts of all currencies."""

    def __init__(self) -> None:
        """Know of nothing."""
        self.active = self.pending = ZERO
        self.accounts = self.drifting = 0
        self.ratio: tuple[int, Decimal] | None = None

    @property
    def value(self) -> Decimal | None:
        """What the active points are worth in money, None where the vendor has not said what a point is worth."""
        return None if self.ratio is None else multiply_exactly(self.active, self.ratio[1])


def owed_of(rows: Iterable[EncodedRow]) -> Mapping[Program, Owed]:
    """Return what programmes owe by rows of totals, of any partitions."""
    programs: defaultdict[Program, Owed] = defaultdict(Owed)
    for program, state in totals_of(rows):
        owed = programs[program]
        owed.accounts += state.accounts
        owed.drifting += state.drifting
        if state.currency == POINTS:
            owed.active = add_exactly(owed.active, state.active)
            owed.pending = add_exactly(owed.pending, state.pending)
        if state.ratio is not None:
            stated = (state.ratio_at, state.ratio)
            owed.ratio = stated if owed.ratio is None else max(owed.ratio, stated)
    return programs
