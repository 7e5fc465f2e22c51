"""How notifications travel: one by itself, told apart by its fields or named by a header, or several in a batch."""

from collections.abc import Sequence
from typing import Final, Literal

from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.talon_one.notification import Notification
from loyalty_stream.simulate.talon_one.world import Json

Envelope = Literal["single", "named", "batch"]
Headers = tuple[tuple[str, bytes], ...]

ENVELOPES: Final[tuple[Envelope, ...]] = ("single", "named", "batch")
GENERAL: Final = "CampaignNotification"  # what a batch says of itself
MIXED: Final = "campaign_notifications"
_NEWER_WORDS: Final = {"campaign_rules_changed": "campaign_ruleset_changed"}


def choose_envelope(draw: Draw, notifications: Sequence[Notification]) -> Envelope:
    """Return one that says everything: several travel in a batch only."""
    if len(notifications) > 1:
        return "batch"
    return draw.pick(("named", "batch") if notifications[0].needs_name else ENVELOPES)


def name_of(notifications: Sequence[Notification]) -> str:
    """Return what a record of some notifications is called."""
    kinds = {notification.kind for notification in notifications}
    return kinds.pop() if len(kinds) == 1 else MIXED


def wrap(
    draw: Draw, notifications: Sequence[Notification], envelope: Envelope, casing_share: float
) -> tuple[Json, Headers]:
    """Return a record, and what its headers say of it; names are in another casing for a share of them."""
    if envelope == "batch":
        return _batch(draw, notifications, casing_share), ()
    [notification] = notifications
    if envelope == "single":
        return dict(notification.body), ()
    header = draw.pick(("loyalty_event", "NotificationType"))
    return dict(notification.body), ((header, _spelled(draw, notification.kind, casing_share).encode()),)


def _batch(draw: Draw, notifications: Sequence[Notification], casing_share: float) -> Json:
    kinds = {notification.kind for notification in notifications}
    named_once = len(kinds) == 1 and draw.chance(0.3)
    items = [
        notification.body
        if named_once
        else {
            "event": _spelled(draw, _NEWER_WORDS.get(notification.kind, notification.kind), casing_share),
            **notification.body,
        }
        for notification in notifications
    ]
    general = _spelled(draw, notifications[0].kind, casing_share) if named_once else GENERAL
    return {"NotificationType": general, "TotalResultSize": len(items), "Data": items}


def _spelled(draw: Draw, kind: str, casing_share: float) -> str:
    if not draw.chance(casing_share):
        return kind
    words = kind.split("_")
    camel = "".join(word.title() for word in words)
    return draw.pick((camel, f"{camel}Notification", " ".join(words).capitalize()))
