"""What is published about loyalty cards."""

from loyalty_stream.model.events import DerivedBody


class CardStateChanged(DerivedBody, frozen=True, gc=False):
    """A card's status or fields changed; both states are the same where only the fields did."""

    card_number_hash: str
    from_state: str | None
    to_state: str
    changed_fields: tuple[str, ...]
