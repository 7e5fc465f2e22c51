"""Voucherify's campaigns: objects as records of their own, and the events that hold one.

Each version of a campaign is a state document. The bare object has no event id: what it says is its identity, so that
the same version again is a duplicate. Source of the events: https://docs.voucherify.io/api-reference/campaign/created
and the pages beside it.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from loyalty_stream.domains.campaigns.events import CampaignRemoved, CampaignVersionStated
from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.problem import RepairKind, Repairs
from loyalty_stream.model.tier_terms import campaign_entity
from loyalty_stream.sources.headers import org_of, time_zone_of
from loyalty_stream.sources.instants import vendor_time
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.repair import mend
from loyalty_stream.sources.tree import Pairs
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.spec import VENDOR, Fact, Spec
from loyalty_stream.sources.voucherify_campaigns import CampaignFact, CampaignObject, read_campaign
from loyalty_stream.sources.wire import Label, NotCleanError, Wire, required_text_identifier

NAME: Final = "campaign"  # of the document among the dialect's events
OBJECT: Final = "campaign"  # how the vendor names it
_decode: Final = msgspec.json.Decoder(CampaignObject).decode
_encode: Final = msgspec.json.Encoder().encode


class CampaignData(Wire):
    """The data of every campaign event that is read: the campaign as it is after it, or was when it was deleted."""

    campaign: CampaignObject
    deleted_at: Label | None = None


def stated(data: CampaignData, header: Header) -> Sequence[Fact]:
    """Make CampaignVersionStated; a campaign that was never updated stands as of its creation."""
    fact = read_campaign(data.campaign, header.time_zone)
    at = vendor_time(data.campaign.updated_at or data.campaign.created_at)
    return (Fact(None, fact.body, at=at, entity_id=fact.entity_id),)


def deleted(data: CampaignData, _header: Header) -> Sequence[Fact]:
    """Make CampaignRemoved."""
    campaign_id = required_text_identifier(data.campaign.id)
    at = vendor_time(data.deleted_at)
    return (Fact(None, CampaignRemoved(campaign_id), at=at, entity_id=campaign_entity(campaign_id)),)


SPECS: Final = (
    *(
        Spec(f"campaign.{change}", CampaignData, stated, makes=(CampaignVersionStated,))
        for change in ("created", "updated", "enabled", "disabled")
    ),
    Spec("campaign.deleted", CampaignData, deleted, makes=(CampaignRemoved,)),
)


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    """Return the fact of a clean bare campaign object; raise NotCleanError or a msgspec error for any other record."""
    campaign = _decode(value)
    if campaign.object != OBJECT:
        raise NotCleanError
    fact = read_campaign(campaign, time_zone_of(record))
    if fact.at_ms is None:
        repairs.append(RepairKind.TIME_FALLBACK)
    return Reading(NAME, (_event(fact, record),))


def mend_campaign(tree: Pairs, repairs: Repairs) -> bytes:
    """Return clean bytes of a campaign object that the fast path did not take."""
    return _encode(mend(tree, CampaignObject, "", repairs))


def _event(fact: CampaignFact, record: RawRecord) -> CanonicalEvent:
    org_id = org_of(record)
    version = fingerprint(f"{fact.at_ms}|{_encode(fact.body).decode()}")
    return CanonicalEvent(
        VENDOR,
        org_id,
        None,
        entity_key(VENDOR, org_id, fact.entity_id),
        f"{VENDOR}|{org_id}|{NAME}|{fact.body.campaign_id}|{version}",
        record.timestamp if fact.at_ms is None else fact.at_ms,
        fact.at_ms is not None,
        record.timestamp,
        Cause(NAME, None, record.topic, record.partition, record.offset),
        fact.body,
    )
