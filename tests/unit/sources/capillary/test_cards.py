"""Cards as the dialect reads them."""

from typing import Any

import pytest

from loyalty_stream.domains.cards.events import CardUpdated
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from tests.unit.sources.capillary.vendor import body_of, flat, only, rejected

CARD = code_hash("capillary", "9300", "77001")


def card(**data: object) -> dict[str, Any]:
    return flat("cardUpdated", {"cardNumber": "77001", "currentStatusLabel": "ACTIVE", **data})


def fields(**values: object) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_a_card_is_keyed_by_the_hash_of_its_number() -> None:
    event = only(card(previousStatusLabel=" NOT ISSUED"))
    assert (event.customer_id, event.key) == (None, f"capillary:9300:card/{CARD}")
    assert event.body == CardUpdated(CARD, "NOT ISSUED", "ACTIVE")


def test_a_number_as_a_number_is_the_same_card() -> None:
    assert only(card(cardNumber=77001)).key == only(card()).key


def test_the_names_of_fields_that_changed_came_or_went_are_read() -> None:
    body = body_of(
        card(
            previousExtendedFields=fields(balance="1", kept="x", gone=True),
            currentExtendedFields=fields(balance="2", kept="x", come={"a": [1, None]}),
            previousCustomFields=fields(colour="red"),
            currentCustomFields=fields(colour="blue"),
        )
    )
    assert body.changed_fields == ("balance", "colour", "come", "gone")


@pytest.mark.parametrize(("before", "after"), [("10.9", " 10.9 "), (10, 10.0), (None, " null"), ({"a": 1}, {"a": 1})])
def test_the_same_value_written_otherwise_is_no_change(before: object, after: object) -> None:
    event = card(previousCustomFields=fields(f=before), currentCustomFields=fields(f=after))
    assert body_of(event).changed_fields == ()
    event["data"]["previous CustomFields"] = event["data"].pop("previousCustomFields")  # by the slow path
    assert body_of(event).changed_fields == ()


@pytest.mark.parametrize("label", ["", " "])
def test_a_card_without_a_status_is_rejected(label: str) -> None:
    assert rejected(card(currentStatusLabel=label)).reason is DeadLetterReason.MISSING_FIELD


def test_a_card_without_a_number_is_rejected() -> None:
    assert rejected(card(cardNumber="")).reason is DeadLetterReason.MISSING_FIELD
