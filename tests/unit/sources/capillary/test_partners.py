"""Partner programmes as the dialect reads them."""

from datetime import date
from typing import Any

import pytest

from loyalty_stream.domains.partners.events import (
    PartnerProgramDelinked,
    PartnerProgramLinked,
    PartnerProgramUpdated,
    SupplementaryMembershipExpiryAnnounced,
)
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, rejected

PARTNER: dict[str, Any] = {**CUSTOMER, "loyaltyProgramId": 41, "partnerProgramId": 45}


def event(name: str, details: object = None, **data: object) -> dict[str, Any]:
    return flat(name, {**PARTNER, "customerPartnerProgramDetails": details, **data})


def test_a_link_has_an_end_as_it_is_written() -> None:
    body = body_of(
        event(
            "partnerProgramLinked",
            {"membershipExpiryDate": "2123-05-12"},
            partnerProgramType="SUPPLEMENTARY",
            partnerProgramName="Drivers ",
        )
    )
    assert body == PartnerProgramLinked("41", "45", "supplementary", date(2123, 5, 12))


def test_an_update_has_a_tier_and_its_end_and_no_membership_number() -> None:
    details = {"partnerTierExpiryDate": "2026-06-29", "partnerTierNumber": 2, "membershipNumber": "123-asa3"}
    body = body_of(event("partnerProgramUpdated", details, partnerProgramType="EXTERNAL", updateType="UPGRADE"))
    assert body == PartnerProgramUpdated("41", "45", "external", None, "2", date(2026, 6, 29))


@pytest.mark.parametrize("details", [None, {}, {"partnerTierNumber": -1, "membershipExpiryDate": ""}])
def test_a_membership_may_come_without_details(details: object) -> None:
    assert body_of(event("partnerProgramLinked", details)) == PartnerProgramLinked("41", "45")


def test_a_delinking_names_the_partner_programme() -> None:
    body = body_of(flat("partnerProgramDelinked", {**PARTNER, "partnerProgramType": "SUPPLEMENTARY"}))
    assert body == PartnerProgramDelinked("41", "45", "supplementary")


@pytest.mark.parametrize(("given", "read"), [("2026-06-01", date(2026, 6, 1)), ("scheduledExpiryDate", None)])
def test_a_reminder_has_a_day_where_it_is_usable(given: str, read: date | None) -> None:
    data = {**PARTNER, "scheduledExpiryDate": given}
    body = body_of(flat("supplementaryMembershipExpiryReminder", data))
    assert body == SupplementaryMembershipExpiryAnnounced("41", "45", read)


@pytest.mark.parametrize(
    "name",
    [
        "partnerProgramLinked",
        "partnerProgramUpdated",
        "partnerProgramDelinked",
        "supplementaryMembershipExpiryReminder",
    ],
)
def test_a_partner_event_without_its_programme_is_rejected(name: str) -> None:
    data = {**CUSTOMER, "loyaltyProgramId": 41}
    assert rejected(flat(name, data)).reason is DeadLetterReason.MISSING_FIELD


def test_an_event_without_an_event_id_is_named_by_the_partner_programme() -> None:
    found = only(flat("partnerProgramDelinked", PARTNER, eventId=None, apiRequestId="r-1"))
    assert found.source_key == "capillary|9300|partnerProgramDelinked|~|r-1||5001|45||"
