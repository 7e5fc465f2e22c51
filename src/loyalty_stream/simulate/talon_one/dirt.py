"""Dirt that is mended: that of any vendor, and whitespace in the vendor's words and at the edges of times."""

from collections.abc import Callable
from typing import Any, Final

from loyalty_stream.simulate.dirt import KINDS as GENERAL_KINDS
from loyalty_stream.simulate.dirt import DirtyFields
from loyalty_stream.simulate.dirt import soil as soil_fields
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.talon_one.world import Json

_WORDS: Final = frozenset({"event", "NotificationType", "newState", "oldState", "campaign", "action", "period", "set"})
_TIMES: Final = frozenset({"updated", "deletedAt", "modified", "startTime", "endTime"})
_FIELDS: Final = DirtyFields(
    ids=frozenset(),
    labels=frozenset({"name"}),
    integers=frozenset({
        "id", "campaignId", "applicationId", "programId", "position", "activeRulesetId", "couponRedemptionCount",
        "createdLoyaltyPointsCount", "redeemedLoyaltyPointsCount",
    }),
    keys_first=frozenset({
        "campaign", "oldCampaign", "ruleset", "priority", "priorities", "oldPriorities", "positions", "newState",
        "oldState", "state", "id", "campaignId", "applicationId", "application", "name", "updated", "deletedAt",
        "limits", "action", "limit", "loyaltyPrograms", "tiers", "minPoints", "Data", "NotificationType", "event",
    }),
)  # fmt: skip
UNTIMED: Final = "impossible_time"  # a time of no calendar: the record's own counts
KINDS: Final = (
    *(kind for kind in GENERAL_KINDS if kind not in {"implausible_time", "id_whitespace"}),
    "word_whitespace",
    "time_whitespace",
    UNTIMED,
)


def soil(record: Json, draw: Draw) -> tuple[Json, tuple[str, ...]]:
    """Return a dirty copy of a record and the kinds of dirt in it, at least one."""
    done: list[str] = []
    general, kinds = soil_fields(record, draw, _FIELDS) if draw.chance(0.7) else (record, ())
    dirty: Any = general
    if not kinds or draw.chance(0.4):
        kind, names, spell = draw.pick(_OWN)
        dirty = _respelt(general, names, lambda text: spell(draw, text))
        if dirty != general:
            done.append(kind)
    if not kinds and not done:
        dirty, kinds = soil_fields(record, draw, _FIELDS)
    return dirty, (*kinds, *done)


def _inside(draw: Draw, text: str) -> str:
    at = draw.between(0, len(text))
    return f"{text[:at]} {text[at:]}"


def _around(draw: Draw, text: str) -> str:
    return draw.pick((f" {text}", f"{text} ", f"\t{text}"))


_OWN: Final[tuple[tuple[str, frozenset[str], Callable[[Draw, str], str]], ...]] = (
    ("word_whitespace", _WORDS, _inside),
    ("time_whitespace", _TIMES, _around),
)


def _respelt(value: Any, names: frozenset[str], spell: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy in which the texts of some fields are spelled anew."""
    if isinstance(value, list):
        return [_respelt(part, names, spell) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        name: spell(part) if name in names and isinstance(part, str) else _respelt(part, names, spell)
        for name, part in value.items()
    }
