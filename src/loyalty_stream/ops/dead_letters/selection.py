"""Which dead letters are meant. Pure."""

from hashlib import sha256

import msgspec
from msgspec import Struct

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.ops.dead_letters.times import parse_moment
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS


class Selection(Struct, frozen=True):
    """What a letter must be to be meant; None and no places leave all of them.

    From `since_ms` on and before `until_ms` it became a dead letter; `topic` and `key` are its raw record's.
    """

    reason: str | None = None
    topic: str | None = None
    key: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    places: tuple[Place, ...] = ()

    def has(self, letter: Letter) -> bool:
        """Tell whether a letter is meant."""
        return (
            self.reason in {None, letter.reason}
            and self.topic in {None, letter.topic}
            and (self.key is None or letter.record.key == self.key.encode())
            and (self.since_ms is None or letter.written_at >= self.since_ms)
            and (self.until_ms is None or letter.written_at < self.until_ms)
            and (not self.places or letter.place in self.places or letter.raw in self.places)
        )


class Asked(Struct, frozen=True):
    """A selection in the words of an operator."""

    reason: str | None = None
    topic: str | None = None
    key: str | None = None
    since: str | None = None
    until: str | None = None
    places: tuple[str, ...] = ()

    def selection(self, settings: Settings, now_ms: int) -> Selection:
        """Return what is meant; raise ValueError where that is nothing there can be."""
        if self.reason is not None and self.reason not in {*DeadLetterReason}:
            raise ValueError(f"there is no reason {self.reason!r}. There are: {', '.join(DeadLetterReason)}")
        return Selection(
            self.reason,
            None if self.topic is None else raw_topic(self.topic, settings),
            self.key,
            None if self.since is None else parse_moment(self.since, now_ms),
            None if self.until is None else parse_moment(self.until, now_ms),
            tuple(_place(text, settings) for text in self.places),
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is said, so that every letter is meant."""
        return self == type(self)()

    @property
    def identity(self) -> str:
        """What a selection is known by: the same words give the same, whenever they are said."""
        return sha256(msgspec.json.encode(self)).hexdigest()[:16]


def raw_topic(name: str, settings: Settings) -> str:
    """Return the raw topic that a name means: whole, without the prefix, or a dialect; raise ValueError for none."""
    topics = [settings.raw_topic(dialect) for dialect in DIALECTS]
    for candidate in (name, f"{settings.topic_prefix}{name}", settings.raw_topic(name)):
        if candidate in topics:
            return candidate
    raise ValueError(f"there is no raw topic {name!r}. There are: {', '.join(topics)}")


def _place(text: str, settings: Settings) -> Place:
    place = Place.parse(text)
    return place if place.topic is None else place._replace(topic=raw_topic(place.topic, settings))
