"""The steps of what concerns the whole of a customer, in every domain: facts that only the pipeline states."""

from msgspec import Struct

from loyalty_stream.model.events import EventBody
from loyalty_stream.model.merge import CustomerMerge
from loyalty_stream.model.row import ROW_VERSION


class MergeProposed(EventBody, frozen=True, gc=False, tag=True):
    """A merge was stated; the organisation's register of merges decides on it."""

    merge: CustomerMerge


class MergeRefused(EventBody, frozen=True, gc=False, tag=True):
    """The register refused a merge: its survivor need not wait."""

    merge: CustomerMerge


class StateRequested(EventBody, frozen=True, gc=False, tag=True):
    """The register accepted a merge: its victim hands everything over."""

    merge: CustomerMerge


class MovedRow(Struct, frozen=True, gc=False):
    """One domain's row on its way from the victim to the survivor; `state` is msgpack, laid out as `version` says."""

    domain: str
    window: bytes
    state: bytes
    version: int = ROW_VERSION


class StateMoved(EventBody, frozen=True, gc=False, tag=True):
    """All that the victim of a merge had; nothing where `erased`."""

    merge: CustomerMerge
    rows: tuple[MovedRow, ...]
    erased: bool = False


class AliasErased(EventBody, frozen=True, gc=False, tag=True):
    """A customer is erased who was merged into one that is erased."""


class MergesForgotten(EventBody, frozen=True, gc=False, tag=True):
    """The register forgets whom merged customers went to."""

    victim_ids: tuple[str, ...]


STEPS = MergeProposed | MergeRefused | StateRequested | StateMoved | AliasErased | MergesForgotten
REGISTER_ID = "merges/register"
"""The entity at which an organisation's merges are decided, one after the other."""
