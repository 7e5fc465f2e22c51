"""What a vendor says of one campaign at one time: a version of its document."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from loyalty_stream.domains.campaigns.schedule import CampaignSchedule
from loyalty_stream.domains.campaigns.tier_expiry_rules import ExpiryRules

StateWord = Literal[
    "active",
    "draft",
    "being_created",
    "creation_failed",
    "disabled",
    "not_started",
    "expired",
    "outside_weekdays",
    "outside_timeframe",
    "archived",
]
"""A campaign's effective state: whether it is active, or else why not. All but the last are those of Activity."""


class Gauge(Struct, frozen=True, array_like=True, gc=False):
    """One of the campaign's own totals at the time of its document; never a difference."""

    name: str
    value: Decimal


class Limit(Struct, frozen=True, array_like=True, gc=False):
    """How much of something a campaign may do, by the vendor's word for it.

    `used` is the campaign's own total of it, None where the document has none that it could be compared with. A limit
    with a `period`, also the vendor's word, begins anew with each: the total is the most that can be used of it.
    """

    action: str
    amount: Decimal
    period: str | None = None
    used: Decimal | None = None


class FieldDigest(Struct, frozen=True, array_like=True, gc=False):
    """What stands for the value of one field, so that a later version shows whether it changed."""

    name: str
    digest: str


class CampaignDocument(Struct, frozen=True, gc=False):
    """A version of a campaign; its time is that of the event which states it.

    `schedule` is None where the document does not say whether the campaign is switched on. `time_zone` is the IANA
    name of the project's. `digests` are of the fields whose changes are told, None where the vendor names changes.
    """

    name: str | None = None
    vendor_state: str | None = None
    archived: bool = False
    schedule: CampaignSchedule | None = None
    time_zone: str = "UTC"
    tier_expiry: ExpiryRules | None = None
    ruleset_id: str | None = None
    gauges: tuple[Gauge, ...] = ()
    limits: tuple[Limit, ...] = ()
    digests: tuple[FieldDigest, ...] | None = None
