"""Which of Talon.One's notifications a record holds: the name that is given with it, else its fields, tell.

The newer form names the kind of each item. Of the older one a connector may say it in a record header, `loyalty_event`
or `NotificationType`; the vendor's general word CampaignNotification says nothing more than its topic.
"""

from typing import Final

from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.headers import header_text
from loyalty_stream.sources.talon_one.envelope import Notification, campaign_of
from loyalty_stream.sources.talon_one.notifications import READERS
from loyalty_stream.sources.wire import given_word

HEADERS: Final = ("loyalty_event", "NotificationType")
_GENERAL: Final = "campaignnotification"
_NAMES: Final = {name.replace("_", ""): name for name in READERS} | {
    "campaignrulesetchanged": "campaign_rules_changed",
    "campaignpriorityschanged": "campaign_priorities_changed",
}


def named_by_headers(record: RawRecord) -> str | None:
    """Return our name of the notification that a record's headers name, or None; raise Problem for an unknown one."""
    for header in HEADERS:
        name = kind_named(header_text(record, header))
        if name is not None:
            return name
    return None


def kind_named(text: str | None) -> str | None:
    """Return our name of a notification, however it is written, or None; raise Problem for one that is not known.

    `campaign_state_changed`, `CampaignStateChanged` and `Campaign state changed` are one.
    """
    letters = "".join(letter for letter in (text or "").lower() if letter.isalnum()).removesuffix("webhook")
    if letters in {"", _GENERAL}:
        return None
    name = _NAMES.get(letters) or _NAMES.get(letters.removesuffix("notification"))
    if name is None:
        raise Problem(DeadLetterReason.UNKNOWN_EVENT, "no notification of a campaign has the name that is given")
    return name


def kind_of(notification: Notification, named: str | None) -> str:
    """Return our name of a notification: its own word for it, else the name given, else what its fields tell."""
    return kind_named(given_word(notification.event)) or named or _by_fields(notification)


def _by_fields(notification: Notification) -> str:
    if notification.application is not None:
        return "campaign_priorities_changed"
    campaign = campaign_of(notification)
    if notification.priority is not None or isinstance(campaign, str):
        return "campaign_created"
    if campaign is not None:
        if notification.deletedAt is not None:
            return "campaign_deleted"
        if notification.oldCampaign is not None:
            return "campaign_edited"
        if notification.newState is not None:
            return "campaign_state_changed"
        if bytes(notification.ruleset) != b"null":
            return "campaign_rules_changed"
    raise Problem(DeadLetterReason.UNKNOWN_EVENT, "its fields are those of no notification of a campaign")
