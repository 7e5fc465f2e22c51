"""The facts about loyalty cards, whichever vendor states them. A card's number is PII: only its hash travels."""

from loyalty_stream.model.events import EventBody


class CardUpdated(EventBody, frozen=True, gc=False, tag=True):
    """A card has a status, and fields of its own may have changed, of which only the names are told."""

    card_number_hash: str
    previous_state: str | None
    state: str
    changed_fields: tuple[str, ...] = ()
