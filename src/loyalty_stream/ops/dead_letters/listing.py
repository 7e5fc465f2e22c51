"""Tell of dead letters without what is in them: how many for which reason, or a line for each. Pure."""

from collections.abc import Iterator

from msgspec import Struct

from loyalty_stream.ops.dead_letters.ledger import PlaceSet
from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.times import shown_moment
from loyalty_stream.ops.records import shown_bytes


class Group(Struct, frozen=True):
    """The letters of one reason from one raw topic; `redriven` of them were sent back. The newest is the example."""

    reason: str
    dialect: str
    topic: str
    letters: int
    redriven: int
    first_at: str
    last_at: str
    example: str
    example_raw: str


class Listing:
    """Count letters as they come; it keeps no more than a few numbers for each reason and topic."""

    def __init__(self, redriven: PlaceSet, raw_prefix: str) -> None:
        """Begin with no letter; `raw_prefix` is what the names of raw topics begin with."""
        self._redriven = redriven
        self._prefix = raw_prefix
        self._counted: dict[tuple[str, str], _Counted] = {}

    def add(self, letter: Letter) -> None:
        """Count a letter."""
        counted = self._counted.get((letter.reason, letter.topic))
        if counted is None:
            counted = self._counted[letter.reason, letter.topic] = _Counted(letter.written_at)
        counted.letters += 1
        counted.redriven += letter.raw in self._redriven
        counted.first_at = min(counted.first_at, letter.written_at)
        if letter.written_at >= counted.last_at:
            counted.last_at = letter.written_at
            counted.example, counted.example_raw = str(letter.place), str(letter.raw)

    def groups(self) -> Iterator[Group]:
        """Yield what is counted, the most first."""
        ordered = sorted(self._counted.items(), key=lambda item: (-item[1].letters, item[0]))
        for (reason, topic), counted in ordered:
            yield Group(
                reason,
                topic.removeprefix(self._prefix),
                topic,
                counted.letters,
                counted.redriven,
                shown_moment(counted.first_at),
                shown_moment(counted.last_at),
                counted.example,
                counted.example_raw,
            )


class _Counted(Struct):
    """What is kept of a group while letters come."""

    first_at: int
    last_at: int = 0
    example: str = ""
    example_raw: str = ""
    letters: int = 0
    redriven: int = 0


class Line(Struct, frozen=True):
    """One letter as a list shows it: nothing of its key, value or headers."""

    place: str
    at: str
    reason: str
    detail: str
    raw: str
    raw_at: str
    bytes: int
    redrives: int
    redriven: bool

    def __str__(self) -> str:
        again = f", sent back {self.redrives} times before" if self.redrives else ""
        gone = ", sent back" if self.redriven else ""
        line = f"{self.place} {self.at} {self.reason}: {self.detail} (from {self.raw}{again}{gone})"
        return shown_bytes(line.encode()) or ""


def line_of(letter: Letter, redriven: PlaceSet) -> Line:
    """Return the line of a letter."""
    return Line(
        str(letter.place),
        shown_moment(letter.written_at),
        letter.reason,
        letter.detail,
        str(letter.raw),
        shown_moment(letter.record.timestamp),
        len(letter.record.value or b""),
        letter.redrives,
        letter.raw in redriven,
    )
