"""Voucherify's campaign objects as records of their own: each version of a campaign is a state document.

The object has no event id: what it says is its identity, so that the same version again is a duplicate.
"""

from typing import Final

import msgspec

from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.problem import RepairKind, Repairs
from loyalty_stream.sources.headers import org_of, time_zone_of
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.repair import mend
from loyalty_stream.sources.tree import Pairs
from loyalty_stream.sources.voucherify.spec import VENDOR
from loyalty_stream.sources.voucherify_campaigns import CampaignFact, CampaignObject, read_campaign
from loyalty_stream.sources.wire import NotCleanError

NAME: Final = "campaign"  # of the document among the dialect's events
OBJECT: Final = "campaign"  # how the vendor names it
_decode: Final = msgspec.json.Decoder(CampaignObject).decode
_encode: Final = msgspec.json.Encoder().encode


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    """Return the fact of a clean campaign object; raise NotCleanError or a msgspec error for any other record."""
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
