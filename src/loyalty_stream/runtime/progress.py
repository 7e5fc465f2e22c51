"""Know how far each source partition is, and refuse to skip anything."""

from collections.abc import Mapping

from faust.types import TP

from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.failure import PositionGapError


class Progress:
    """The position of each owned source partition: processed, committed, and counted."""

    def __init__(self, ends: Mapping[TP, int] | None = None) -> None:
        """Own nothing yet; `ends` gives the offsets that partitions are processed up to, where there are any."""
        self._ends = dict(ends or {})
        self.ended: frozenset[TP] = frozenset()  # read from the fetcher's thread: replaced, never changed
        self._positions: dict[TP, int] = {}
        self._tallies: dict[TP, Tally] = {}
        self._committed_tallies: dict[TP, str] = {}  # as committed: read only when somebody asks
        self.committed: dict[TP, int] = {}

    def start(self, positions: Mapping[TP, int], tallies: Mapping[TP, Tally]) -> None:
        """Take the only positions that the partitions may start from, and what is counted up to there."""
        self._positions = dict(positions)
        self._tallies = dict(tallies)
        self._committed_tallies = {tp: tally.dump() for tp, tally in tallies.items()}
        self.committed = dict(positions)
        self._note_ended()

    def forget(self) -> None:
        """Own nothing any more."""
        self._positions.clear()
        self._tallies.clear()
        self._committed_tallies.clear()
        self.committed.clear()
        self._note_ended()

    def begin(self, batch: Batch) -> Batch | None:
        """Return the part of a batch that is yet to be processed, or None.

        A batch must start where the last one ended. What overlaps is cut off, and what belongs to an earlier
        assignment is dropped: it will come again.

        Raises:
            PositionGapError: Records between the last batch and this one are missing.

        """
        position, end = self._positions.get(batch.tp), self._ends.get(batch.tp)
        if end is not None and batch.end > end:
            batch = batch.before(end)
        if position is None or batch.end <= position:
            return None
        if batch.start > position:
            raise PositionGapError(
                f"{batch.tp.topic}-{batch.tp.partition}: a batch starts at {batch.start}, the last one ended at "
                f"{position}"
            )
        return batch if batch.start == position else batch.after(position)

    def advance(self, batch: Batch, tally: Tally) -> str:
        """Note that a batch is processed; return the metadata that its offset is committed with."""
        self._positions[batch.tp] = batch.end
        if batch.end == self._ends.get(batch.tp):
            self._note_ended()
        total = self._tallies[batch.tp]
        total.add(tally)
        return total.dump()

    def note_committed(self, offsets: Mapping[TP, tuple[int, str]]) -> None:
        """Note the offsets that a transaction has committed."""
        for tp, (end, metadata) in offsets.items():
            if tp in self.committed:
                self.committed[tp] = end
                self._committed_tallies[tp] = metadata

    def committed_tally(self, tp: TP) -> Tally:
        """Return what is counted up to a partition's committed position."""
        return Tally.load(self._committed_tallies.get(tp))

    def _note_ended(self) -> None:
        self.ended = frozenset(tp for tp, end in self._ends.items() if self._positions.get(tp, -1) >= end)
