"""What a batch of records causes, ready for one transaction."""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field


class Message(NamedTuple):
    """A message to produce; `partition` None leaves the choice to Kafka's default partitioner of the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]] | None = None
    partition: int | None = None


class Tally(Struct):
    """How the raw records of one source partition ended; kept exactly, in the metadata of the committed offset.

    `consumed = applied + duplicate + ignored + dead_lettered + forwarded` on a raw topic. A forwarded record is counted
    once more, as consumed and by its outcome, on the partition of `loyalty.canonical` that it went to.
    """

    consumed: int = 0
    applied: int = 0
    duplicate: int = 0
    ignored: int = 0
    dead_lettered: int = 0
    forwarded: int = 0

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.consumed += other.consumed
        self.applied += other.applied
        self.duplicate += other.duplicate
        self.ignored += other.ignored
        self.dead_lettered += other.dead_lettered
        self.forwarded += other.forwarded

    def dump(self) -> str:
        """Return the tally as the text that a committed offset carries."""
        numbers = (self.consumed, self.applied, self.duplicate, self.ignored, self.dead_lettered, self.forwarded)
        return "tally/1 " + " ".join(map(str, numbers))

    @classmethod
    def load(cls, text: str | None) -> "Tally":
        """Return the tally that `dump` wrote, or an empty one where an offset carries none."""
        words = (text or "").rstrip("\0").split()  # some clients leave the C string's end on it
        if len(words) < 7 or words[0] != "tally/1":  # noqa: PLR2004 - the version, six numbers, and what is added later
            return cls()
        return cls(*map(int, words[1:7]))


class EventCount(NamedTuple):
    """The labels of one counted outcome."""

    dialect: str
    event: str
    outcome: str  # applied, duplicate, ignored, dead_lettered, forwarded
    reason: str  # of an ignored or dead-lettered record, else empty


class DerivedCount(NamedTuple):
    """The labels of one counted derived event."""

    domain: str
    type: str
    word: str  # of a closed list: why, which way or to which state; empty where the event has none


class PointsCount(NamedTuple):
    """What an amount of points is added up by."""

    vendor: str
    org_id: str
    program_id: str
    currency: str
    reason: str
    credit: bool


class Effects(Struct):
    """All that one batch causes besides table rows: messages in order, the tally, and counts for the metrics.

    `left` records at the end of the batch are not taken yet: they must be given again, once this is in a transaction.
    """

    left: int = 0
    messages: list[Message] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    events: Counter[EventCount] = field(default_factory=Counter)
    repairs: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # dialect, event, kind
    derived: Counter[DerivedCount] = field(default_factory=Counter)
    points: dict[PointsCount, Decimal] = field(default_factory=dict)  # what active balances changed by, above 0
    ratios: dict[tuple[str, str, str], tuple[int, Decimal]] = field(default_factory=dict)  # see note_ratio
    dead_letter_share: float = 0.0  # among the last records, after this batch
    processed_at: float = 0.0  # seconds since the epoch; noted by the runtime, since the pipeline knows no clock
    traces: dict[bytes, None] = field(default_factory=dict)  # each sampled `traceparent` once, at most TRACES_MAX
