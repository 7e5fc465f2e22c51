"""The projects that the simulated customers belong to: loyalty campaigns with tiers, coupons, gift cards, rewards."""

from dataclasses import dataclass, field
from typing import Any, Final

from loyalty_stream.simulate.clock import Clock

Json = dict[str, Any]

FIRST_PROJECT_ID: Final = 8_801
TIME_ZONES: Final = ("UTC", "Europe/Stockholm", "America/New_York", "Asia/Kolkata")
LOYALTY: Final = "LOYALTY_PROGRAM"
COUPONS: Final = "DISCOUNT_COUPONS"
GIFTS: Final = "GIFT_VOUCHERS"

_LOYALTY_NAMES: Final = ("Fjord Club", "Harvest Circle", "Lantern Society", "Granite Perks")
_TIER_NAMES: Final = ("Copper", "Silver", "Gold", "Platinum")
_IMMEDIATE: Final[Json] = {"type": "IMMEDIATE"}
_RULES: Final[tuple[Json, ...]] = (
    {
        "qualification_type": "BALANCE",
        "start_date": _IMMEDIATE,
        "expiration_date": {"type": "CUSTOM", "extend": "P3M", "rounding": {"type": "MONTH", "strategy": "END"}},
    },
    {
        "qualification_type": "POINTS_IN_PERIOD",
        "qualification_period": "QUARTER",
        "start_date": {"type": "NEXT_PERIOD"},
        "expiration_date": {"type": "END_OF_NEXT_PERIOD", "extend": "P7D"},
    },
    {"qualification_type": "BALANCE", "start_date": _IMMEDIATE, "expiration_date": {"type": "BALANCE_DROP"}},
    {
        "qualification_type": "POINTS_IN_PERIOD",
        "qualification_period": "YEAR",
        "start_date": _IMMEDIATE,
        "expiration_date": {"type": "END_OF_PERIOD"},
    },
    {
        "qualification_type": "BALANCE",
        "start_date": _IMMEDIATE,
        "expiration_date": {
            "type": "CUSTOM",
            "extend": "P30D",
            "rounding": {"type": "CUSTOM", "strategy": "END", "unit": "MONTH", "value": 2},
        },
    },
    {
        "qualification_type": "POINTS_IN_PERIOD",
        "qualification_period": "MONTH",
        "start_date": _IMMEDIATE,
        "expiration_date": {"type": "END_OF_NEXT_PERIOD"},
        "extend": "P1M",
    },
)
_DISCOUNTS: Final[tuple[Json, ...]] = (
    {"type": "PERCENT", "percent_off": 15, "amount_limit": 4000, "effect": "APPLY_TO_ORDER"},
    {"type": "AMOUNT", "amount_off": 750, "effect": "APPLY_TO_ORDER"},
    {"type": "UNIT", "unit_off": 2, "unit_type": "prod_beans", "effect": "ADD_NEW_ITEMS"},
    {"type": "FIXED", "fixed_amount": 9900, "effect": "APPLY_TO_ORDER"},
)
_REWARDS: Final = (("Espresso", 60), ("Museum pass", 240), ("Picnic basket", 410))


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier of a loyalty campaign."""

    id: str
    name: str
    points_from: int


@dataclass(slots=True, eq=False)
class Campaign:
    """A campaign; `document` is its object as the vendor last changed it, `tiers` those of a loyalty campaign."""

    id: str
    kind: str
    document: Json
    clock: Clock = field(default_factory=Clock)
    tiers: tuple[Tier, ...] = ()
    rules: Json | None = None
    discount: Json | None = None


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward and its price in points."""

    id: str
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Project:
    """One tenant of the vendor; no activity says which, a header of the record does, as it does the time zone."""

    id: int
    time_zone: str
    loyalty: tuple[Campaign, ...]
    coupons: tuple[Campaign, ...]
    gifts: tuple[Campaign, ...]
    rewards: tuple[Reward, ...]
    segment_ids: tuple[str, ...]
    consent_ids: tuple[str, ...]
    seasonal: list[Campaign] = field(default_factory=list)  # which come and go

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        """All campaigns that are there from the beginning."""
        return (*self.loyalty, *self.coupons, *self.gifts)


def make_seasonal(campaign_id: str, created_at: str) -> Campaign:
    """Return a campaign of coupons that is new."""
    campaign = _make_campaign(campaign_id, "Season", COUPONS, discount=_DISCOUNTS[0])
    campaign.document["created_at"] = created_at
    return campaign


def make_projects(count: int) -> tuple[Project, ...]:
    """Return so many projects, with ids of their own."""
    return tuple(_make_project(number) for number in range(count))


def _make_project(number: int) -> Project:
    suffix = f"{number:02d}"
    return Project(
        FIRST_PROJECT_ID + number,
        TIME_ZONES[number % len(TIME_ZONES)],
        loyalty=tuple(_make_loyalty(number, place) for place in range(3)),
        coupons=tuple(
            _make_campaign(f"camp_off{suffix}{place}", f"Savings {suffix}-{place}", COUPONS, discount=discount)
            for place, discount in enumerate(_DISCOUNTS)
        ),
        gifts=(_make_campaign(f"camp_gift{suffix}", f"Gift cards {suffix}", GIFTS),),
        rewards=tuple(Reward(f"rew_{suffix}{place}", *reward) for place, reward in enumerate(_REWARDS)),
        segment_ids=tuple(f"seg_{suffix}{place}" for place in range(4)),
        consent_ids=tuple(f"cnst_{suffix}{place}" for place in range(3)),
    )


def _make_loyalty(number: int, place: int) -> Campaign:
    name = f"{_LOYALTY_NAMES[number % len(_LOYALTY_NAMES)]} {place + 1}"
    campaign = _make_campaign(f"camp_club{number:02d}{place}", name, LOYALTY)
    campaign.tiers = tuple(
        Tier(f"ltr_{number:02d}{place}{level}", tier, 100 * 3**level) for level, tier in enumerate(_TIER_NAMES)
    )
    campaign.rules = _RULES[(3 * number + place) % len(_RULES)]
    campaign.document["loyalty_tiers_expiration"] = campaign.rules
    return campaign


def _make_campaign(campaign_id: str, name: str, kind: str, discount: Json | None = None) -> Campaign:
    document: Json = {
        "id": campaign_id,
        "name": name,
        "campaign_type": kind,
        "type": "AUTO_UPDATE",
        "voucher": _voucher_of(kind, discount),
        "auto_join": kind == LOYALTY,
        "join_once": True,
        "use_voucher_metadata_schema": False,
        "start_date": None,
        "expiration_date": None,
        "validity_timeframe": None,
        "validity_day_of_week": None,
        "activity_duration_after_publishing": None,
        "description": None,
        "vouchers_count": 0,
        "active": True,
        "metadata": {"wave": 1, "channels": ["app", "shop"]},
        "created_at": "2024-01-02T09:00:00.000Z",
        "updated_at": None,
        "creation_status": "DONE",
        "vouchers_generation_status": "DONE",
        "protected": False,
        "category_id": None,
        "categories": [],
        "object": "campaign",
    }
    return Campaign(campaign_id, kind, document, discount=discount)


def _voucher_of(kind: str, discount: Json | None) -> Json:
    """Return what a campaign says of the vouchers that it makes."""
    card = {"points": 0, "expiration_rules": {"period_type": "MONTH", "period_value": 12}}
    return {
        "type": {LOYALTY: "LOYALTY_CARD", COUPONS: "DISCOUNT_VOUCHER", GIFTS: "GIFT_VOUCHER"}[kind],
        "discount": discount,
        "gift": {"amount": 5000, "balance": 5000} if kind == GIFTS else None,
        "loyalty_card": card if kind == LOYALTY else None,
        "redemption": {"quantity": None, "redeemed_quantity": 0},
        "code_config": {"length": 8, "charset": "ABCDEFGHJKLMNPQRSTUVWXYZ", "pattern": "########"},
    }
