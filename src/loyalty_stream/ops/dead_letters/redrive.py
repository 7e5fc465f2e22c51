"""Send dead letters back to their raw topics, each raw record once, whatever is killed."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Final

from msgspec import Struct

from loyalty_stream.ops.dead_letters.ledger import EVER, PlaceSet, messages_of, read_sets, redrives_topic
from loyalty_stream.ops.dead_letters.letter import REDRIVES_HEADER, Letter
from loyalty_stream.ops.dead_letters.reading import LetterReader, Read
from loyalty_stream.ops.dead_letters.refusals import Left, read_raw_topics, refusal, size_bytes
from loyalty_stream.ops.dead_letters.selection import Asked, Selection
from loyalty_stream.ops.transactions import Transactions
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime.settings import Settings

TRANSACTION_BYTES_MAX: Final = 8 * 1024 * 1024
TRANSACTION_SECONDS_MAX: Final = 0.5
"""What a transaction holds at most, beside LOYALTY_TRANSACTION_RECORDS_MAX; so long workers wait for what is behind."""
_PAUSE_SECONDS_MIN: Final = 0.05
"""No transaction stays open over a longer pause between two records."""

OnRead = Callable[[int, int], None]


class Options(Struct, frozen=True, kw_only=True):
    """How letters are sent back: `rate` is in records a second, None for as fast as it goes."""

    dry_run: bool = False
    again: bool = False
    rate: float | None = None
    max_replays: int = 3


class Redriven(Struct, kw_only=True):
    """What came of a selection: so many letters of it were sent back or left; with `dry_run`, would be.

    `unknown_places` are those asked for at which there is no dead letter.
    """

    dry_run: bool
    selected: int = 0
    sent: Counter[tuple[str, str]]  # reason, raw topic
    left: Counter[Left]
    unknown_places: list[str]
    seconds: float = 0

    @property
    def found_problem(self) -> bool:
        """Tell whether something that was asked for is not on its raw topic."""
        return bool(self.unknown_places or self.left.keys() - {Left.ALREADY_REDRIVEN})

    def as_json(self) -> dict[str, object]:
        """Return everything ready for JSON."""
        return {
            "dry_run": self.dry_run,
            "selected": self.selected,
            "sent": self.sent.total(),
            "left": self.left.total(),
            "sent_by": [{"reason": reason, "topic": topic, "count": n} for (reason, topic), n in self.sent.items()],
            "left_by": [{"why": str(why), "meaning": why.meaning, "count": n} for why, n in self.left.items()],
            "unknown_places": self.unknown_places,
            "seconds": round(self.seconds, 3),
        }


def redrive(settings: Settings, asked: Asked, options: Options, on_read: OnRead = lambda *_: None) -> Redriven:
    """Send back what is asked for and return what came of it; `on_read` hears how many offsets of how many are read.

    What was sent back before is left, unless `again` says so. Ended by whatever, it goes on when it is called again.

    Raises:
        DeadLettersError: A topic is missing.
        TransactionsError: The broker takes no more, or another redrive has begun; what is committed stays.
        ValueError: What is asked for is nothing there can be.

    """
    started = time.monotonic()
    selection = asked.selection(settings, round(time.time() * 1000))
    names = [EVER, f"again-{asked.identity}"] if options.again else [EVER]
    work = _Work(settings, selection, options)
    if options.dry_run:
        work.run(read_sets(settings, *names, settled=True), None, on_read)
    else:
        # The id is the ledger's, not the application's: whoever shares the ledger takes turns.
        with closing(Transactions(settings, redrives_topic(settings), "redrive")) as transactions:
            # Read only now, when no earlier redrive commits any more.
            work.run(read_sets(settings, *names, settled=False), transactions, on_read)
    work.result.seconds = time.monotonic() - started
    return work.result


class _Work:
    """What is done for each letter, and what came of it."""

    def __init__(self, settings: Settings, selection: Selection, options: Options) -> None:
        self.result = Redriven(dry_run=options.dry_run, sent=Counter(), left=Counter(), unknown_places=[])
        self._options = options
        self._topics = read_raw_topics(settings)
        self._reader = LetterReader(settings, selection)
        self._redrives = redrives_topic(settings)
        self._unseen = set(selection.places)
        self._pace = _Pace(options.rate)
        self._records_max = settings.transaction_records_max
        self._records = self._bytes = 0
        self._begun_at = 0.0
        self._sets: list[PlaceSet] = []
        self._transactions: Transactions | None = None

    def run(self, sets: list[PlaceSet], transactions: Transactions | None, on_read: OnRead) -> None:
        """Take every letter, one transaction after the other; the last set tells what is not to be sent again."""
        self._sets, self._transactions = sets, transactions
        for read in self._reader.read():
            self._take_all(read)
            on_read(read.offsets, self._reader.offsets)
        self._commit()
        on_read(self._reader.offsets, self._reader.offsets)
        if self._options.again and transactions is not None:
            for message in messages_of(self._redrives, sets[-1].take_all()):
                transactions.publish(message)
            transactions.commit()
        self.result.unknown_places = [str(place) for place in sorted(self._unseen, key=str)]

    def _take_all(self, read: Read) -> None:
        for letter in read.letters:
            self._take(letter)
            if self._is_full():
                self._commit()
        if self._is_full():
            self._commit()

    def _take(self, letter: Letter) -> None:
        self.result.selected += 1
        self._unseen -= {letter.place, letter.raw}
        why = self._why_left(letter)
        if why is not None:
            self.result.left[why] += 1
            return
        self.result.sent[letter.reason, letter.topic] += 1
        if self._transactions is not None:
            self._send(letter, self._transactions)
        for places in self._sets:
            places.add(letter.raw)

    def _why_left(self, letter: Letter) -> Left | None:
        why = refusal(letter, self._topics)
        if why is not Left.NOT_WHOLE and letter.raw in self._sets[-1]:
            return Left.ALREADY_REDRIVEN
        if why is None and letter.redrives >= self._options.max_replays:
            return Left.BEYOND_MAX_REPLAYS
        return why

    def _send(self, letter: Letter, transactions: Transactions) -> None:
        pause_seconds = self._pace.pause_seconds()
        if pause_seconds > _PAUSE_SECONDS_MIN:
            self._commit()
        time.sleep(pause_seconds)
        if not self._records:
            self._begun_at = time.monotonic()
        self._records += 1
        self._bytes += size_bytes(letter)
        transactions.publish(raw_message(letter), letter.record.timestamp)

    def _is_full(self) -> bool:
        return self._records > 0 and (
            self._records >= self._records_max
            or self._bytes >= TRANSACTION_BYTES_MAX
            or time.monotonic() - self._begun_at > TRANSACTION_SECONDS_MAX
        )

    def _commit(self) -> None:
        """Commit what was sent, and in the same transaction that it was."""
        if self._transactions is None or not self._records:
            return
        for places in self._sets:
            for message in messages_of(self._redrives, places.take_changed()):
                self._transactions.publish(message)
        self._transactions.commit()
        self._records = self._bytes = 0


class _Pace:
    """So many records a second and no more; what was missed is not made up for."""

    def __init__(self, rate: float | None) -> None:
        self._seconds_each = 0.0 if rate is None else 1 / rate
        self._next_at = 0.0

    def pause_seconds(self) -> float:
        """Return how long to wait before the next record, which counts as sent then."""
        now = time.monotonic()
        at = max(now, self._next_at)
        self._next_at = at + self._seconds_each
        return at - now


def raw_message(letter: Letter) -> Message:
    """Return the raw record of a letter as it was, for the same partition, with how often it was sent back."""
    record = letter.record
    headers = [(name, value) for name, value in record.headers if name != REDRIVES_HEADER]
    headers.append((REDRIVES_HEADER, b"%d" % (letter.redrives + 1)))
    return Message(record.topic, record.key, record.value, headers, record.partition)
