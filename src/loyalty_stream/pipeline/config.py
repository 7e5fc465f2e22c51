"""What the pipeline must be told: partitions, names, the size of the dedup window, the output format."""

from typing import Literal

from msgspec import Struct

from loyalty_stream.domains import DOMAINS

OutputFormat = Literal["avro", "json"]


class PipelineConfig(Struct, frozen=True):
    """The settings of the pipeline.

    `partition_by` is filled in from an event's `vendor`, `org_id` and `customer_id` and gives the text whose murmur2
    hash chooses the partition of its key. `due_dates` says what falls due by our own clock (`pipeline/due.py`), and
    `due_time_zone` in which time zone a day ends.
    """

    app_id: str = "loyalty"
    topic_prefix: str = "loyalty."
    partitions: int = 4
    partition_by: str = "{vendor}:{org_id}:{customer_id}"
    dedup_window: int = 64
    output_format: OutputFormat = "avro"
    dead_letter_limit: float = 0.5  # a share of records, not an amount
    due_dates: str = "off"
    due_time_zone: str = "UTC"

    def raw_topic(self, dialect: str) -> str:
        """Return the topic of a vendor's raw events."""
        return f"{self.topic_prefix}raw.{dialect}"

    @property
    def canonical_topic(self) -> str:
        """The internal topic of re-keyed events."""
        return f"{self.topic_prefix}canonical"

    @property
    def dead_letter_topic(self) -> str:
        """The topic of records that could not be used."""
        return f"{self.topic_prefix}dead_letters"

    @property
    def outputs(self) -> list[str]:
        """The topics that are written to and not read."""
        return [*self.derived_topics, self.dead_letter_topic]

    @property
    def derived_topics(self) -> list[str]:
        """The topics of derived events, each once."""
        return list(dict.fromkeys(self.derived_topic(domain.topic_name) for domain in DOMAINS))

    def derived_topic(self, name: str) -> str:
        """Return the topic of derived events of a name, which is that of a domain."""
        return f"{self.topic_prefix}derived.{name}"
