"""The programmes that the simulated customers belong to: organisations, tiers, streaks, promotions, coupon series."""

from dataclasses import dataclass, field
from typing import Any, Final

from loyalty_stream.simulate.clock import Clock

Json = dict[str, Any]

FIRST_ORG_ID: Final = 710_001

_PROGRAMS: Final = (
    ("Harbour Club", ("Deckhand", "Mate", "Captain", "Admiral")),
    ("Harbour Fuel Partners", ("Base", "Plus")),
    ("Meadow Rewards", ("Seed", "Sprout", "Bloom")),
    ("Meadow Kitchen", ("Basic", "Chef")),
    ("Nordlys Miles", ("Blue", "Green", "Silver", "Gold", "Aurora")),
    ("Nordlys Stays", ("Guest", "Resident")),
)
_STREAKS: Final = (("Weekend visits", (2, 4)), ("Five fill-ups", (5,)), ("Fresh every week", (3, 5, 8)))
_TARGETS: Final = (("Spend 500 this month", ()), ("Ten visits", ()), ("Try every kitchen", ()))
_CURRENCIES: Final = ("stars", "coins")
_BADGES: Final = 8
_PARTNERS: Final = 40
_PROMOTIONS: Final = ("Double points month", "Welcome back", "Birthday treat", "Spring booster")


@dataclass(frozen=True, slots=True)
class Program:
    """A loyalty programme; `details` is the fragment that its events carry."""

    id: int
    tier_count: int
    details: Json


@dataclass(frozen=True, slots=True)
class Streak:
    """The definition of a streak: its target and the values at which its levels are reached."""

    target_id: int
    target_group_id: int
    name: str
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Promotion:
    """The definition of a promotion."""

    id: int
    name: str


@dataclass(slots=True)
class Reward:
    """A reward of a catalogue, which changes."""

    id: int
    name: str
    price: int
    enabled: bool
    clock: Clock


@dataclass(slots=True)
class Card:
    """A loyalty card: no event says whose it is."""

    number: str
    status: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Org:
    """One tenant of the vendor; its first programme is its default one."""

    id: int
    programs: tuple[Program, ...]
    streaks: tuple[Streak, ...]
    promotions: tuple[Promotion, ...]
    series_ids: tuple[int, ...]
    targets: tuple[Streak, ...]
    currencies: tuple[tuple[str, str], ...]  # id and name
    badge_ids: tuple[str, ...]
    partner_ids: tuple[int, ...]
    rewards: list[Reward] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


def make_orgs(count: int) -> tuple[Org, ...]:
    """Return so many organisations of two programmes each, with ids of their own."""
    return tuple(_make_org(number) for number in range(count))


def _make_org(number: int) -> Org:
    base = 2 * number % len(_PROGRAMS)
    programs = tuple(
        _make_program(8_100 + 10 * number + place, *_PROGRAMS[base + place], is_default=place == 0)
        for place in range(2)
    )
    streaks = tuple(
        Streak(64_000 + 10 * number + place, 37_000 + 10 * number + place, name, levels)
        for place, (name, levels) in enumerate(_STREAKS)
    )
    promotions = tuple(Promotion(220_000 + 10 * number + place, name) for place, name in enumerate(_PROMOTIONS))
    series = tuple(530_000 + 10 * number + place for place in range(3))
    return Org(
        FIRST_ORG_ID + number,
        programs,
        streaks,
        promotions,
        series,
        targets=tuple(
            Streak(49_000 + 10 * number + place, 25_000 + number, name, levels)
            for place, (name, levels) in enumerate(_TARGETS)
        ),
        currencies=tuple((f"{name[:3]}-{number}x", name) for name in _CURRENCIES),
        badge_ids=tuple(f"650c0896aefcde23{number:04x}{place:04x}" for place in range(_BADGES)),
        partner_ids=tuple(1_000 * (number + 1) + place for place in range(_PARTNERS)),
    )


def _make_program(program_id: int, name: str, tiers: tuple[str, ...], *, is_default: bool) -> Program:
    details: Json = {
        "id": program_id,
        "name": name,
        "isDefault": is_default,
        "pointsToCurrencyRatio": 1.0 if is_default else 0.5,
        "tiers": [{"tierNumber": number, "tierName": tier} for number, tier in enumerate(tiers, start=1)],
    }
    return Program(program_id, len(tiers), details)
