"""Capillary's card event. Source: DOMAIN 3.5. It names no customer, so a card has a key of its own."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from loyalty_stream.domains.cards.events import CardUpdated
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import VENDOR, Part, Spec
from loyalty_stream.sources.wire import NULL, Anything, Label, TextIdentifier, Wire, label, required_text_identifier


class CardField(Wire):
    """One extended or custom field of a card. Its value may name a person and is only compared."""

    name: Label
    value: Anything = NULL


class CardData(Wire):
    """The data of `cardUpdated`."""

    cardNumber: TextIdentifier
    currentStatusLabel: Label
    previousStatusLabel: Label | None = None
    currentExtendedFields: list[CardField] | None = None
    previousExtendedFields: list[CardField] | None = None
    currentCustomFields: list[CardField] | None = None
    previousCustomFields: list[CardField] | None = None


def updated(data: CardData, header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make CardUpdated, with the names of the fields whose values changed."""
    state = label(data.currentStatusLabel)
    if not state:
        raise Problem(DeadLetterReason.MISSING_FIELD, "data.currentStatusLabel is empty")
    card = code_hash(VENDOR, header.org_id, required_text_identifier(data.cardNumber))
    changed = {
        *_changed(data.previousExtendedFields, data.currentExtendedFields),
        *_changed(data.previousCustomFields, data.currentCustomFields),
    }
    body = CardUpdated(card, label(data.previousStatusLabel) or None, state, tuple(sorted(changed)))
    return (Part(f"card/{card}", body, customer=False),)


def _changed(previous: list[CardField] | None, current: list[CardField] | None) -> list[str]:
    before, after = _values(previous), _values(current)
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def _values(fields: list[CardField] | None) -> dict[str, Any]:
    return {label(field.name) or "": _value(field.value) for field in fields or ()}


def _value(raw: msgspec.Raw) -> object:
    """Return a value as it is compared: of a text, whitespace at its edges and the text null say nothing."""
    value = msgspec.json.decode(raw)
    if not isinstance(value, str):
        return value
    return None if value.strip() == "null" else value.strip()


SPECS: Final = (Spec("cardUpdated", CardData, updated, lambda data: data.currentStatusLabel, makes=(CardUpdated,)),)
