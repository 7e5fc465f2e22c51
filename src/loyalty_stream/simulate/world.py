"""The programmes that the simulated customers belong to: organisations, tiers, streaks, promotions, coupon series."""

from dataclasses import dataclass
from typing import Any, Final

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


@dataclass(frozen=True, slots=True)
class Org:
    """One tenant of the vendor; its first programme is its default one."""

    id: int
    programs: tuple[Program, ...]
    streaks: tuple[Streak, ...]
    promotions: tuple[Promotion, ...]
    series_ids: tuple[int, ...]


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
    return Org(FIRST_ORG_ID + number, programs, streaks, promotions, series)


def _make_program(program_id: int, name: str, tiers: tuple[str, ...], *, is_default: bool) -> Program:
    details: Json = {
        "id": program_id,
        "name": name,
        "isDefault": is_default,
        "pointsToCurrencyRatio": 1.0 if is_default else 0.5,
        "tiers": [{"tierNumber": number, "tierName": tier} for number, tier in enumerate(tiers, start=1)],
    }
    return Program(program_id, len(tiers), details)
