"""Talon.One's notifications as they come: one by itself, without name and id, or several in a batch.

A notification by itself is told apart by its fields; a batch names the kind of each of its items.
Source: https://docs.talon.one/docs/dev/notifications and, of batches, the vendor's SDK, CampaignNotificationItemBase.
"""

from typing import Final

import msgspec

from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.repair import Clean, find, keyed, mend
from loyalty_stream.sources.talon_one.application import Application, Position
from loyalty_stream.sources.talon_one.campaign import Campaign
from loyalty_stream.sources.tree import Node, NumberText, Pairs
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Anything,
    Identifier,
    Ignored,
    Integer,
    Label,
    Name,
    NotCleanError,
    Tree,
    Wire,
    word,
)


class Ruleset(Wire):
    """A campaign's rules, of which only whose they are is read."""

    id: Identifier | None = None
    campaignId: Identifier | None = None
    created: Ignored = NOT_GIVEN
    userId: Ignored = NOT_GIVEN
    rules: Ignored = NOT_GIVEN
    strikethroughRules: Ignored = NOT_GIVEN
    bindings: Ignored = NOT_GIVEN
    rbVersion: Ignored = NOT_GIVEN
    activate: Ignored = NOT_GIVEN
    templateId: Ignored = NOT_GIVEN
    activatedAt: Ignored = NOT_GIVEN


class Priority(Wire):
    """The place of a new campaign among the others."""

    set_name: Name | None = msgspec.field(name="set", default=None)
    position: Integer | None = None


class Notification(Wire):
    """Any of the six notifications; `campaign` is an object or, as printed of a new one, the word for its state."""

    event: Name | None = None
    campaign: Tree = NULL
    ruleset: Tree = NULL
    oldCampaign: Campaign | None = None
    newState: Name | None = None
    oldState: Name | None = None
    deletedAt: Label | None = None
    priority: Priority | None = None
    application: Application | None = None
    priorities: Anything = NULL
    oldPriorities: Anything = NULL
    prioritiesPositions: list[Position] | None = None
    oldPrioritiesPositions: list[Position] | None = None
    oldRuleset: Ignored = NOT_GIVEN
    placeholders: Ignored = NOT_GIVEN
    oldPlaceholders: Ignored = NOT_GIVEN


class Outer(Notification):
    """The outermost object: a notification by itself, or a batch."""

    NotificationType: Name | None = None
    Data: Tree = NULL
    TotalResultSize: Ignored = NOT_GIVEN


_OUTER: Final = msgspec.json.Decoder(Outer)
_ITEMS: Final = msgspec.json.Decoder(list[Notification])
_CAMPAIGN: Final = msgspec.json.Decoder(Campaign)
_RULESET: Final = msgspec.json.Decoder(Ruleset)
_WORD: Final = msgspec.json.Decoder(str)
_SETS: Final = {"priorities", "oldPriorities"}


def open_envelope(value: bytes) -> tuple[Outer, list[Notification] | None]:
    """Return a clean record, and the items of a batch, None where it is none; raise a msgspec error likewise."""
    outer = _OUTER.decode(value)
    data = bytes(outer.Data)
    return outer, None if data == b"null" else _ITEMS.decode(data)


def campaign_of(notification: Notification) -> Campaign | str | None:
    """Return a notification's campaign, or the word that stands for it; raise NotCleanError likewise."""
    text = bytes(notification.campaign)
    if text.startswith(b"{"):
        return _CAMPAIGN.decode(text)
    if text.startswith(b'"'):
        return word(_WORD.decode(text)) or None
    if text != b"null":
        raise NotCleanError
    return None


def ruleset_of(notification: Notification) -> Ruleset | None:
    """Return a notification's rules where they are an object; the reference speaks of a text, which says nothing."""
    text = bytes(notification.ruleset)
    return _RULESET.decode(text) if text.startswith(b"{") else None


def mend_record(tree: Pairs, repairs: Repairs) -> bytes:
    """Return clean bytes of a record that the fast path did not take, or raise Problem with the precise reason."""
    clean = _mended(tree, Outer, "", repairs)
    data = find(tree, "Data", [])
    if isinstance(data, list) and not isinstance(data, Pairs):
        clean["Data"] = [_mended(item, Notification, "Data[]", repairs) for item in data]
    elif data is not None:
        raise Problem(DeadLetterReason.WRONG_TYPE, "Data is not a list")
    return msgspec.json.encode(clean)


def _mended(tree: Node, wire: type[Notification], path: str, repairs: Repairs) -> dict[str, Clean]:
    start = f"{path}." if path else ""
    clean = mend(_with_clean_sets(tree, start, repairs), wire, path, repairs)
    campaign = _mended_campaign(find(tree, "campaign", []), f"{start}campaign", repairs)
    if campaign is not None:
        clean["campaign"] = campaign
    ruleset = find(tree, "ruleset", [])
    if isinstance(ruleset, Pairs):
        clean["ruleset"] = mend(ruleset, Ruleset, f"{start}ruleset", repairs)
    return clean


def _with_clean_sets(tree: Node, start: str, repairs: Repairs) -> Node:
    """Return a notification in which the sets of priorities have clean names; no list of ours knows them."""
    if not isinstance(tree, Pairs):
        return tree
    mended = Pairs()
    for key, value in tree:
        field = "".join(key.split())
        if field in _SETS and isinstance(value, Pairs):
            names = {"".join(name.split()) for name, _ in value}
            value = Pairs(keyed(value, names, f"{start}{field}", repairs).items())  # noqa: PLW2901 - the same, clean
        mended.append((key, value))
    return mended


def _mended_campaign(campaign: Node, path: str, repairs: Repairs) -> Clean:
    if campaign is None:
        return None
    if not isinstance(campaign, str) or isinstance(campaign, NumberText):
        return mend(campaign, Campaign, path, repairs)
    text = "".join(campaign.split())
    if text != campaign:
        repairs.append(RepairKind.VALUE_WHITESPACE)
    return None if text == "null" else text
