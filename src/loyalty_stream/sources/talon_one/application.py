"""Talon.One's application: the order of its campaigns, and its loyalty programmes with their tiers.

Source: the notification "Campaign priorities changed".
"""

import json
import re
from typing import Final

from msgspec import Raw, field

from loyalty_stream.domains.campaigns.priorities import CampaignPosition, ProgramTiers, TierStep
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Amount,
    Identifier,
    Ignored,
    Integer,
    Label,
    Name,
    NotCleanError,
    Wire,
    amount,
    identifier,
    label,
    required_identifier,
    required_word,
)


class Tier(Wire):
    """A tier of a loyalty programme, which the vendor names in two spellings; it is the one that the tier stands in."""

    minPoints: Amount
    id: Identifier | None = None
    name: Label | None = None
    created: Ignored = NOT_GIVEN
    programID: Ignored = NOT_GIVEN
    programId: Ignored = NOT_GIVEN


class Program(Wire):
    """A loyalty programme; only its tiers are read."""

    id: Identifier
    tiers: list[Tier] | None = None
    created: Ignored = NOT_GIVEN
    title: Ignored = NOT_GIVEN
    description: Ignored = NOT_GIVEN
    subscribedApplications: Ignored = NOT_GIVEN
    defaultValidity: Ignored = NOT_GIVEN
    defaultPending: Ignored = NOT_GIVEN
    allowSubledger: Ignored = NOT_GIVEN
    usersPerCardLimit: Ignored = NOT_GIVEN
    accountID: Ignored = NOT_GIVEN
    name: Ignored = NOT_GIVEN
    timezone: Ignored = NOT_GIVEN
    cardBased: Ignored = NOT_GIVEN
    sandbox: Ignored = NOT_GIVEN


class Application(Wire):
    """An application; most of it is settings that change no campaign's order."""

    id: Identifier
    modified: Label | None = None
    loyaltyPrograms: list[Program] | None = None
    created: Ignored = NOT_GIVEN
    accountId: Ignored = NOT_GIVEN
    name: Ignored = NOT_GIVEN
    description: Ignored = NOT_GIVEN
    timezone: Ignored = NOT_GIVEN
    currency: Ignored = NOT_GIVEN
    caseSensitivity: Ignored = NOT_GIVEN
    attributes: Ignored = NOT_GIVEN
    limits: Ignored = NOT_GIVEN
    campaignPriority: Ignored = NOT_GIVEN
    exclusiveCampaignsStrategy: Ignored = NOT_GIVEN
    defaultDiscountScope: Ignored = NOT_GIVEN
    enableCascadingDiscounts: Ignored = NOT_GIVEN
    enableFlattenedCartItems: Ignored = NOT_GIVEN
    attributesSettings: Ignored = NOT_GIVEN
    sandbox: Ignored = NOT_GIVEN
    enablePartialDiscounts: Ignored = NOT_GIVEN
    defaultDiscountAdditionalCostPerItemScope: Ignored = NOT_GIVEN
    defaultEvaluationGroupId: Ignored = NOT_GIVEN


class Position(Wire):
    """A campaign's place in one set of priorities."""

    set_name: Name = field(name="set")
    position: Integer
    campaignId: Identifier


_WHOLE: Final = re.compile(r"(\d{1,18})(?:\.0+)?")


def programs_of(application: Application) -> tuple[ProgramTiers, ...]:
    """Return the tiers of each loyalty programme; a tier without an id is called by its name."""
    return tuple(
        ProgramTiers(required_identifier(program.id), tuple(_step(tier) for tier in program.tiers or ()))
        for program in application.loyaltyPrograms or ()
    )


def positions_of(listed: list[Position] | None, by_set: Raw, path: str) -> tuple[CampaignPosition, ...] | None:
    """Return the order of campaigns from the list of positions, else from the campaigns of each set in their order.

    None where neither is given. Raises Problem for sets that are not lists of ids, NotCleanError for names to mend.
    """
    if listed is not None:
        return tuple(
            CampaignPosition(required_word(each.set_name), each.position, required_identifier(each.campaignId))
            for each in listed
        )
    sets = json.loads(bytes(by_set), parse_int=str, parse_float=str, object_pairs_hook=_named_once)
    if sets is None or sets == "null":
        return None
    if not isinstance(sets, dict):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is not an object")
    return tuple(
        CampaignPosition(name, place, _campaign_id(value, path))
        for name, campaigns in sets.items()
        for place, value in enumerate(_list(campaigns, path), 1)
    )


def _named_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    named = dict(pairs)
    if len(named) < len(pairs) or any(name.split() != [name] for name in named):
        raise NotCleanError
    return named


def _step(tier: Tier) -> TierStep:
    name = label(tier.name) or None
    tier_id = identifier(tier.id) or name
    if tier_id is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "a tier has neither an id nor a name")
    return TierStep(tier_id, name, amount(tier.minPoints))


def _list(campaigns: object, path: str) -> list[object]:
    if not isinstance(campaigns, list):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"a set of {path} is not a list")
    return campaigns


def _campaign_id(value: object, path: str) -> str:
    whole = _WHOLE.fullmatch("".join(value.split())) if isinstance(value, str) else None
    if whole is None:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} holds what is no campaign's id")
    return whole[1]
