"""Name the keys of the view in Redis. Pure."""

from typing import Final, NamedTuple

Place = tuple[str, int]
"""A topic and the number of a partition."""

LAYOUT: Final = 2
"""What this version makes of a generation; the first one had no totals."""


class RowName(NamedTuple):
    """Where a row lies in Redis: a hash of its own, or one field of a hash."""

    key: str
    field: str | None = None


class Names(NamedTuple):
    """The keys beside the generations; all begin with `LOYALTY_VIEW_PREFIX`."""

    prefix: str

    @property
    def current(self) -> str:
        """Which generation readers use."""
        return f"{self.prefix}:current"

    @property
    def building(self) -> str:
        """Which generation is being built; expires where nobody builds it on."""
        return f"{self.prefix}:building"

    @property
    def held(self) -> str:
        """That the current generation takes nothing more for a moment, since a newer one is about to replace it."""
        return f"{self.prefix}:held"

    @property
    def keeper(self) -> str:
        """Which of the workers' processes keeps the view; expires where it is gone."""
        return f"{self.prefix}:keeper"

    @property
    def counter(self) -> str:
        """The number of the newest generation."""
        return f"{self.prefix}:counter"

    @property
    def generations(self) -> str:
        """Every generation of which there may be keys, with since when (ms) it is used no more, or 0."""
        return f"{self.prefix}:generations"

    def generation(self, number: str) -> "GenerationNames":
        """Return the names of one generation's keys."""
        return GenerationNames(f"{self.prefix}:{number}")


class GenerationNames(NamedTuple):
    """The keys of one generation."""

    prefix: str

    @property
    def positions(self) -> str:
        """The next offset of each place."""
        return f"{self.prefix}:positions"

    @property
    def age(self) -> str:
        """How new the copy is."""
        return f"{self.prefix}:age"

    @property
    def erased(self) -> str:
        """The hashes of the erased customers' keys."""
        return f"{self.prefix}:erased"

    @property
    def deleted(self) -> str:
        """The journals of keys of which a row was deleted, by the keys' hashes, until one of these is erased."""
        return f"{self.prefix}:deleted"

    @property
    def source(self) -> str:
        """Which changelog this is a copy of."""
        return f"{self.prefix}:source"

    @property
    def layout(self) -> str:
        """What all of it holds, by the number of `LAYOUT`; missing in those that hold no totals."""
        return f"{self.prefix}:layout"

    @property
    def organisations(self) -> str:
        """The set of the organisations of which there are totals: `vendor:org_id`."""
        return f"{self.prefix}:organisations"

    def row(self, key: str, domain: str) -> str:
        """The hash of one domain of a key; the braces keep a key's parts together, were Redis ever split."""
        return f"{self.prefix}:{{{key}}}:{domain}"

    def journal(self, key: str) -> str:
        """The stream of what changed a key."""
        return f"{self.prefix}:{{{key}}}:journal"

    def totals(self, organisation: str, kind: str) -> str:
        """The hash of one kind of totals of an organisation, with a field for each row of each partition."""
        return self.row(organisation, kind)


def place_text(place: Place) -> str:
    """Return a place as the view writes it: `topic/partition`."""
    return f"{place[0]}/{place[1]}"


def place_of(text: str) -> Place:
    """Return the place that `place_text` wrote."""
    topic, _, partition = text.rpartition("/")
    return topic, int(partition)
