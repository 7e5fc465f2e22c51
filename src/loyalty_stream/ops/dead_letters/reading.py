"""Read dead letters from the broker, as far as they go when the reading begins."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from confluent_kafka.admin import AdminClient

from loyalty_stream.errors import ExplainedError
from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.selection import Selection
from loyalty_stream.ops.spans import Span, read_spans, spans_of
from loyalty_stream.ops.topics import connect
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.settings import Settings

_TIMEOUT_SECONDS: Final = 15.0


class DeadLettersError(ExplainedError):
    """The dead letters cannot be read, or not be sent back; the message says why, and what to do."""


class Read(NamedTuple):
    """What came in one go: how many offsets are read by now, the letters that are meant, how many are none of ours."""

    offsets: int
    letters: Sequence[Letter]
    strange: int


class LetterReader:
    """The dead letters of a selection; `offsets` is how many places have to be looked at."""

    def __init__(self, settings: Settings, selection: Selection) -> None:
        """Note where the topic ends, and from where it must be read.

        Raises:
            DeadLettersError: There is no such topic.

        """
        self._settings = settings
        self._selection = selection
        topic = dead_letters_topic(settings)
        partitions = partitions_of(connect(client_config(settings)), topic, settings)
        spans = spans_of(settings, topic, partitions, settled=True, since_ms=selection.since_ms)
        self._spans = [_narrowed(span, selection) for span in spans]
        self.offsets = sum(max(0, span.end - span.begin) for span in self._spans)

    def read(self) -> Iterator[Read]:
        """Yield what is there, each partition in its order; nothing now and then while nothing comes."""
        done = 0
        for messages in read_spans(self._settings, self._spans):
            done += len(messages)
            read = [Letter.read(message) for message in messages]
            meant = [letter for letter in read if letter is not None and self._selection.has(letter)]
            yield Read(done, meant, read.count(None))


def dead_letters_topic(settings: Settings) -> str:
    """Return the topic of dead letters."""
    return f"{settings.topic_prefix}dead_letters"


def partitions_of(admin: AdminClient, topic: str, settings: Settings) -> list[int]:
    """Return the partitions of a topic that must exist; raise DeadLettersError where it does not."""
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    if topic not in known:
        raise DeadLettersError(
            f"there is no topic {topic} on {settings.bootstrap_servers}. Is LOYALTY_TOPIC_PREFIX right? "
            "Create it: loyalty-stream topics apply"
        )
    return sorted(known[topic].partitions)


def _narrowed(span: Span, selection: Selection) -> Span:
    """Return the part of a span in which a selection's places lie; those of raw records may be anywhere."""
    if not selection.places or any(place.topic is not None for place in selection.places):
        return span
    offsets = [place.offset for place in selection.places if place.partition == span.partition]
    if not offsets:
        return span._replace(end=span.begin)
    return span._replace(begin=max(span.begin, min(offsets)), end=min(span.end, max(offsets) + 1))
