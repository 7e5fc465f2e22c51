"""What a domain is made of: its state and one reducer for each of its canonical events."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, Never, TypeVar

from msgspec import Struct, field

from loyalty_stream.model.due import DueRule
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.merge import MergeRules
from loyalty_stream.model.outcome import Outcome
from loyalty_stream.model.row import ROW_VERSION

S = TypeVar("S")

Reducer = Callable[[S, CanonicalEvent, EventBody], Outcome[S]]
"""How a reducer is called. One that a domain lists takes just the body that it is listed for."""

Upgrade = Callable[[Any], Any]
"""Turn a state of one version, as plain lists, mappings and texts, into one of the next."""


class Domain(Struct, Generic[S], frozen=True):
    """One domain: a name, the state of a key it has not seen, and an explicit table of event type to reducer.

    `topic` names the derived topic where it is not the domain's own; the keys of domains that share one must differ.
    `merge` is how the domain takes part in a merge of customers, None where its keys are not customers'. `causes` says
    for readers which derived events each event may cause, besides EventConflictDetected, and `leads_to` which events
    for other keys; tests hold it true. `state_version` counts the layouts of the state from 1: each change of a
    released one, be it a field more, is a new version, and `upgrades` has for each earlier one how it becomes the next
    (docs/upgrading.md). `due` is what falls due by our own clock, None where nothing does.
    """

    name: str
    state_type: type[S]
    initial: S
    reducers: Mapping[type[EventBody], Callable[[S, CanonicalEvent, Never], Outcome[S]]]
    derived: tuple[type[DerivedBody], ...]
    topic: str | None = None
    merge: MergeRules[S] | None = None
    causes: Mapping[type[EventBody], tuple[type[DerivedBody], ...]] = field(default_factory=dict)
    leads_to: Mapping[type[EventBody], tuple[type[EventBody], ...]] = field(default_factory=dict)
    state_version: int = ROW_VERSION
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)
    due: DueRule[S] | None = None

    @property
    def topic_name(self) -> str:
        """The derived topic that the domain writes to, without any prefix."""
        return self.topic or self.name
