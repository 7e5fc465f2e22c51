"""Write `docs/events.md` from the code's own tables: `python -m loyalty_stream.ops.events_page`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.events import DerivedBody, DerivedEvent, EventBody, EventConflictDetected
from loyalty_stream.model.explained import Explained
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.ops.field_text import fields_text, parts_of, sentence
from loyalty_stream.pipeline.route import ROUTES
from loyalty_stream.pipeline.schemas import records_by_topic
from loyalty_stream.pipeline.steps import WHOLE_CUSTOMER
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Dialect

PAGE: Final = Path("docs/events.md")
_EVERY_DOMAIN: Final = "every domain of the customer"
_TOPICS: Final[dict[type[DerivedBody], str]] = {
    kind: domain.topic_name for domain in DOMAINS for kind in domain.derived
}
_INTRO: Final = """\
# Events

Every event that comes in, what it does, and what goes out. Written by `make docs` from the tables that the code itself
declares, which the tests hold true: change those, not this page. The words are those of [the glossary](glossary.md).

`EventConflictDetected` stands in no row of what comes in: any event may cause it, on the topic of its domain. It says
that the same event came before with another content; nothing of the second one is applied, and its record is a
dead letter.
"""
_SOURCES: Final = """\
## What comes in

An event states one or several facts, each about one key. *What it does* is what a fact does to the state of its
domain; *may cause* lists the derived events that may come of it, after the last part of their topic's name
(`loyalty.derived.points`, with the usual prefix). An event that changes nothing, as a repeated one, causes none.
"""
_IGNORED: Final = """\
### Known and ignored

Well-formed records of these names are counted as ignored, with the reason; they change nothing and cause nothing.
"""
_DERIVED: Final = """\
## What goes out

Each message is an envelope, whose `data` is one of the events below and whose `type` is that event's name. A `?` marks
a field that may be null. Decimals are exact (text in JSON), timestamps are milliseconds since the epoch in UTC. The
Avro schemas are in [avro/derived](../avro/derived/).
"""
_PARTS: Final = """\
### Parts

What the fields above hold that is no plain value.
"""
_DEAD: Final = """\
## Dead letters

Why a raw record could not be used: the header `loyalty_reason` of the dead letter, the label `reason` of the metrics.
"""
_NO_EFFECT: Final = """\
## Ignored records

Why a well-formed record has no effect: the label `reason` of `loyalty_events_total`.
"""
_REPAIRS: Final = """\
## Repairs and warnings

What was mended in a record that was used, or is odd about it: the label `kind` of `loyalty_payload_repairs_total`. A
repair is counted for each place that was mended. A contradiction within an event, from `breakup_sum` on, is a warning:
it is counted once for the event, in `loyalty_consistency_warnings_total`, and changes nothing of what the event does.
"""


class Effect(NamedTuple):
    """What a fact does, wherever that is declared."""

    domain: str
    effect: str
    derived: tuple[type[DerivedBody], ...]


def effects() -> dict[type[EventBody], Effect]:
    """Return what each fact does: in its own domain, or to a whole customer; what it leads to included."""
    return {
        body: Effect(domain.name, sentence(reduce), caused_by(body))
        for domain in DOMAINS
        for body, reduce in domain.reducers.items()
    } | {event.body: Effect(_EVERY_DOMAIN, event.effect, event.derived) for event in WHOLE_CUSTOMER}


def caused_by(body: type[EventBody]) -> tuple[type[DerivedBody], ...]:
    """Return the derived events that a fact may cause, and the facts that it leads to, each once."""
    domain = ROUTES[body].domain
    kinds = [*domain.causes[body], *(kind for led in domain.leads_to.get(body, ()) for kind in caused_by(led))]
    return tuple(dict.fromkeys(kinds))


def page() -> str:
    """Return the whole page."""
    return (
        "\n".join(
            [
                _INTRO,
                _SOURCES,
                *(_dialect(dialect) for dialect in DIALECTS.values()),
                _DERIVED,
                *_derived(),
                _reasons(_DEAD, "Reason", DeadLetterReason),
                _reasons(_NO_EFFECT, "Reason", IgnoredReason),
                _reasons(_REPAIRS, "Kind", RepairKind),
            ]
        ).rstrip("\n")
        + "\n"
    )


def _dialect(dialect: Dialect) -> str:
    known = effects()
    rows = [
        (f"`{name}`", f"`{body.__name__}`", known[body].domain, known[body].effect, _caused(known[body].derived))
        for name, bodies in dialect.makes.items()
        for body in bodies
    ]
    ignored = [(f"`{name}`", f"`{reason}`") for name, reason in dialect.ignores.items()]
    read = f"### {dialect.name}\n\n{_table(('Event', 'Fact', 'Domain', 'What it does', 'May cause'), rows)}"
    return f"{read}\n{_IGNORED}\n{_table(('Event', 'Reason'), ignored)}" if ignored else read


def _caused(derived: Iterable[type[DerivedBody]]) -> str:
    topics: dict[str, list[str]] = {}
    for kind in derived:
        topics.setdefault(_TOPICS[kind], []).append(f"`{kind.__name__}`")
    return "; ".join(f"{topic}: {', '.join(names)}" for topic, names in topics.items())


def _derived() -> Iterator[str]:
    yield f"The envelope: {fields_text(DerivedEvent)}.\n"
    head = ("Event", "What it says", "Fields of `data`")
    by_topic = records_by_topic(DOMAINS)
    for topic, kinds in by_topic.items():
        yield f"### loyalty.derived.{topic}\n\n{_table(head, [_row(kind) for kind in kinds])}"
    yield f"### On every derived topic\n\n{_table(head, [_row(EventConflictDetected)])}"
    structs: list[type[Struct]] = [*(kind for kinds in by_topic.values() for kind in kinds), DerivedEvent]
    parts = dict.fromkeys(part for struct in structs for part in parts_of(struct))
    yield f"{_PARTS}\n{_table(('Part', 'What it says', 'Fields'), [_row(part) for part in parts])}"


def _row(struct: type[Struct]) -> tuple[str, ...]:
    return f"`{struct.__name__}`", sentence(struct), fields_text(struct)


def _reasons(intro: str, head: str, words: type[Explained]) -> str:
    return f"{intro}\n{_table((head, 'What it means'), [(f'`{word}`', word.meaning) for word in words])}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page())
