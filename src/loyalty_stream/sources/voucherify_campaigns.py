"""Voucherify's campaign object: a state document, of which each version is a fact (DOMAIN 4.1).

Whoever reads an envelope that holds one, be it the object itself (`"object": "campaign"`) or an event of a type
`campaign.*` with `data.campaign`, names `CampaignObject` as the struct of that field, so that the slow path mends it,
and calls `read_campaign`. The version's time is `updated_at`; whether the campaign is active then, the domain computes.
Source: https://docs.voucherify.io/api-reference/campaigns/campaign-object.
"""

from typing import Final, NamedTuple

from loyalty_stream.domains.campaigns.document import CampaignDocument, FieldDigest, Gauge
from loyalty_stream.domains.campaigns.events import CampaignVersionStated
from loyalty_stream.domains.campaigns.schedule import (
    CampaignSchedule,
    CreationStatus,
    ScheduleError,
    ValidityTimeframe,
)
from loyalty_stream.model.durations import Duration, DurationError, parse_duration
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.tier_terms import campaign_entity
from loyalty_stream.sources.compared import digest_of
from loyalty_stream.sources.instants import instant, vendor_time
from loyalty_stream.sources.voucherify_tier_expiry import TiersExpiration, tier_expiry_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Anything,
    Checked,
    Flag,
    Ignored,
    Instant,
    Integer,
    Label,
    Name,
    TextIdentifier,
    Wire,
    given_word,
    label,
    required_text_identifier,
    required_word,
    stated_total,
)


class Timeframe(Wire):
    """Recurrent periods of validity, both parts as ISO 8601 durations."""

    interval: Name
    duration: Name


class CampaignObject(Wire):
    """A campaign; the codes of its vouchers' configuration and its metadata are only compared."""

    id: TextIdentifier
    name: Label | None = None
    object: Name | None = None
    campaign_type: Name | None = None
    type: Name | None = None
    auto_join: Flag | None = None
    join_once: Flag | None = None
    use_voucher_metadata_schema: Flag | None = None
    start_date: Instant | None = None
    expiration_date: Instant | None = None
    validity_timeframe: Timeframe | None = None
    validity_day_of_week: list[Integer] | None = None
    validity_hours: Anything = NULL
    activity_duration_after_publishing: Name | None = None
    description: Anything = NULL
    vouchers_count: Checked = NULL
    active: Flag | None = None
    metadata: Anything = NULL
    created_at: Label | None = None
    updated_at: Label | None = None
    creation_status: Name | None = None
    vouchers_generation_status: Name | None = None
    readonly: Flag | None = None
    protected: Flag | None = None
    category: Anything = NULL
    category_id: TextIdentifier | None = None
    categories: Anything = NULL
    loyalty_tiers_expiration: TiersExpiration | None = None
    voucher: Anything = NULL
    referral_program: Ignored = NOT_GIVEN
    promotion: Ignored = NOT_GIVEN
    lucky_draw: Ignored = NOT_GIVEN
    validation_rules_assignments: Ignored = NOT_GIVEN
    access_settings_assignments: Ignored = NOT_GIVEN


COMPARED: Final = (
    "name",
    "campaign_type",
    "type",
    "auto_join",
    "join_once",
    "use_voucher_metadata_schema",
    "start_date",
    "expiration_date",
    "validity_timeframe",
    "validity_day_of_week",
    "validity_hours",
    "activity_duration_after_publishing",
    "description",
    "active",
    "metadata",
    "creation_status",
    "vouchers_generation_status",
    "readonly",
    "protected",
    "category",
    "category_id",
    "categories",
    "loyalty_tiers_expiration",
    "voucher",
)
"""The fields whose changes are told; the number of vouchers is a total that moves by itself."""


class CampaignFact(NamedTuple):
    """A campaign's version: the entity that it is about, the fact, and its time, None where that is not usable."""

    entity_id: str
    body: CampaignVersionStated
    at_ms: int | None


def read_campaign(campaign: CampaignObject, time_zone: str) -> CampaignFact:
    """Return what a campaign object says; `time_zone` is the IANA name of the project's (see sources.headers).

    Raises NotCleanError for what needs mending, and Problem for what contradicts the vendor's reference.
    """
    campaign_id = required_text_identifier(campaign.id)
    vouchers = stated_total(campaign.vouchers_count)
    document = CampaignDocument(
        name=label(campaign.name) or None,
        vendor_state=given_word(campaign.creation_status),
        schedule=_schedule(campaign),
        time_zone=time_zone,
        tier_expiry=tier_expiry_of(campaign.loyalty_tiers_expiration),
        gauges=() if vouchers is None else (Gauge("vouchers", vouchers),),
        digests=_digests(campaign),
    )
    body = CampaignVersionStated(campaign_id, document)
    return CampaignFact(campaign_entity(campaign_id), body, vendor_time(campaign.updated_at))


def _schedule(campaign: CampaignObject) -> CampaignSchedule:
    try:
        return CampaignSchedule(
            active=campaign.active is not False,
            starts_at_ms=instant(campaign.start_date),
            expires_at_ms=instant(campaign.expiration_date),
            timeframe=_timeframe(campaign.validity_timeframe),
            days_of_week=frozenset(campaign.validity_day_of_week or ()),
            activity_duration_after_publishing=_duration(campaign.activity_duration_after_publishing),
            creation_status=_status(campaign.creation_status, "creation_status"),
            vouchers_generation_status=_status(campaign.vouchers_generation_status, "vouchers_generation_status"),
        )
    except (ScheduleError, DurationError) as error:
        raise Problem(error.reason, str(error)) from None


def _timeframe(timeframe: Timeframe | None) -> ValidityTimeframe | None:
    if timeframe is None:
        return None
    return ValidityTimeframe(
        parse_duration(required_word(timeframe.interval)), parse_duration(required_word(timeframe.duration))
    )


def _duration(text: str | None) -> Duration | None:
    written = given_word(text)
    return None if written is None else parse_duration(written)


def _status(text: str | None, path: str) -> CreationStatus:
    """Return a status; a campaign whose object has none is there."""
    written = given_word(text)
    if written is None:
        return CreationStatus.DONE
    if written not in set(CreationStatus):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is none of the vendor's words")
    return CreationStatus(written)


def _digests(campaign: CampaignObject) -> tuple[FieldDigest, ...]:
    digests = ((name, digest_of(getattr(campaign, name))) for name in COMPARED)
    return tuple(FieldDigest(name, digest) for name, digest in digests if digest is not None)
