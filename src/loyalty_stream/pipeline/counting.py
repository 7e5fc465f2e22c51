"""Count what is published, for the metrics and the totals: for each derived event, so in a few operations."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Final, cast

from loyalty_stream.domains.campaigns.derived import CampaignStateChanged
from loyalty_stream.domains.coupons.derived import CouponStateChanged
from loyalty_stream.domains.partners.derived import PartnerMembershipChanged
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftDetected, BalanceDriftResolved
from loyalty_stream.domains.points.events import PointsIssued
from loyalty_stream.domains.promotions.derived import PromotionStateChanged
from loyalty_stream.domains.streaks.derived import StreakBroken, StreakProgressed, StreakStateChanged
from loyalty_stream.domains.tiers.derived import TierChanged, TierDriftDetected
from loyalty_stream.model.amounts import add_exactly
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, DerivedEvent
from loyalty_stream.pipeline.effects import Effects

if TYPE_CHECKING:
    from loyalty_stream.pipeline.effects import DerivedCount, PointsCount

WORDS: Final[Mapping[type[DerivedBody], str]] = {
    BalanceChanged: "reason",
    BalanceDriftDetected: "field",
    BalanceDriftResolved: "field",
    TierChanged: "direction",
    TierDriftDetected: "field",
    CouponStateChanged: "to_state",
    StreakStateChanged: "to_state",
    StreakProgressed: "to_state",
    StreakBroken: "to_state",
    PromotionStateChanged: "to_state",
    CampaignStateChanged: "to_state",
    PartnerMembershipChanged: "to_state",
}
"""The field, of a closed list of words, that these are counted by; all others by their type alone."""

_words: Final[Mapping[type[DerivedBody], Callable[[object], str]]] = {
    kind: attrgetter(name) for kind, name in WORDS.items()
}


def count_derived(effects: Effects, domain: str, event: DerivedEvent) -> None:
    """Count a derived event, and the points that it tells of."""
    data = event.data
    kind = type(data)
    word = _words.get(kind)
    # A plain tuple is, as a key, what the named one is, and takes half as long to make.
    key = cast("DerivedCount", (domain, event.type, "" if word is None else word(data)))
    effects.derived[key] += 1
    if kind is BalanceChanged:
        _add_points(effects, event, cast("BalanceChanged", data))


def note_ratio(effects: Effects, event: CanonicalEvent) -> None:
    """Keep by programme what a point is worth in money as an event says that was applied: of several the newest."""
    body = event.body
    if isinstance(body, PointsIssued) and body.currency_ratio is not None:
        program = (event.vendor, event.org_id, body.program_id)
        stated = (event.occurred_at, body.currency_ratio)
        effects.ratios[program] = max(stated, effects.ratios.get(program, stated))


def _add_points(effects: Effects, event: DerivedEvent, change: BalanceChanged) -> None:
    delta = change.delta_active
    if not delta:
        return
    credit = delta > 0
    key = cast("PointsCount", (event.vendor, event.org_id, change.program_id, change.currency, change.reason, credit))
    points = effects.points
    amount = delta if credit else -delta
    points[key] = add_exactly(points[key], amount) if key in points else amount
