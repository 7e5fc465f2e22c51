"""What the worker's own metrics say, read as Prometheus reads them."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct, field
from prometheus_client.parser import text_string_to_metric_families

from loyalty_stream.pipeline.effects import Tally

_OUTCOMES = ("applied", "duplicate", "ignored", "dead_lettered")


class Figures(Struct):
    """The committed counts of one worker since its start."""

    outcomes: Counter[str] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)  # raw records that have ended, by dialect
    dead_letters: Counter[str] = field(default_factory=Counter)  # by reason
    repairs: Counter[str] = field(default_factory=Counter)  # by kind
    derived: Counter[str] = field(default_factory=Counter)  # by domain
    offsets: Counter[str] = field(default_factory=Counter)  # committed, by topic
    lag: int = 0

    @property
    def settled(self) -> int:
        """How many raw records have ended, as whatever."""
        return sum(self.outcomes[name] for name in _OUTCOMES)

    def tally(self, raw_topics: Iterable[str]) -> Tally:
        """Return the tally of raw topics that began with this worker: what it consumed is told by its offsets."""
        consumed = sum(self.offsets[topic] for topic in raw_topics)
        ended = {name: self.outcomes[name] for name in _OUTCOMES}
        return Tally(consumed=consumed, **ended, forwarded=consumed - self.settled)


def read_figures(scraped: str) -> Figures:
    """Return the figures of a scrape in Prometheus's text format."""
    figures = Figures()
    for family in text_string_to_metric_families(scraped):
        for name, labels, value, *_ in family.samples:
            count = int(value)
            match name:
                case "loyalty_events_total":
                    figures.outcomes[labels["outcome"]] += count
                    if labels["outcome"] in _OUTCOMES:
                        figures.dialects[labels["dialect"]] += count
                case "loyalty_dead_letters_total":
                    figures.dead_letters[labels["reason"]] += count
                case "loyalty_payload_repairs_total" | "loyalty_consistency_warnings_total":
                    figures.repairs[labels["kind"]] += count
                case "loyalty_derived_events_total":
                    figures.derived[labels["domain"]] += count
                case "loyalty_committed_offset":
                    figures.offsets[labels["topic"]] += count
                case "loyalty_lag_records":
                    figures.lag += count
                case _:
                    pass
    return figures
