"""Capillary's events of points that are taken by hand, or contributed to a group.

UNVERIFIED: no printed sample has real values. The vendor's newer pages show the fields with made-up ones only, so the
shapes are theirs, the meaning is ours: `manualPointsAdjustment` ("adjusted/deducted manually") takes points from the
programmes of its split; `pointsContributionToGroup` takes points from the contributing member and gives as many to the
primary one. A record without a number that is known here is a dead letter.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.points.events import NO_TOTALS, AccountCredit, AccountDebit, PointsAdjusted
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.points_shared import POINTS
from loyalty_stream.sources.capillary.spec import CustomerData, CustomerIdentifiers, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Identifier,
    Ignored,
    Wire,
    WrittenAmount,
    amount,
    identifier,
    required_identifier,
    written_amount,
)


class SplitPart(Wire):
    """What is taken from one programme."""

    programId: Identifier | None = None
    points: WrittenAmount = NULL
    pointsAwardedId: Ignored = NOT_GIVEN
    pointsType: Ignored = NOT_GIVEN


class AdjustedData(CustomerData):
    """The data of `manualPointsAdjustment`; the newer page writes `Poinst`."""

    totalPoinstDeducted: WrittenAmount = NULL
    totalPointsDeducted: WrittenAmount = NULL
    programPointsSplit: list[SplitPart] | None = None
    loyaltyProgramId: Identifier | None = None
    reason: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def adjusted(data: AdjustedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsAdjusted of the split by programme, else of the total in the event's own programme."""
    debits = tuple(
        AccountDebit(program_id, points, NO_TOTALS)
        for part in data.programPointsSplit or ()
        if (program_id := identifier(part.programId)) is not None
        and (points := written_amount(part.points)) is not None
    )
    if len(debits) != len(data.programPointsSplit or ()):
        raise Problem(DeadLetterReason.MISSING_FIELD, "a part of an adjustment lacks its programme or its points")
    if not debits:
        total, program_id = _total(data), identifier(data.loyaltyProgramId)
        if total is None or program_id is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "neither the split nor the total of an adjustment is there")
        debits = (AccountDebit(program_id, total, NO_TOTALS),)
    return (Part(customer_of(data), PointsAdjusted(POINTS, debits)),)


def _total(data: AdjustedData) -> Decimal | None:
    total = written_amount(data.totalPoinstDeducted)
    return written_amount(data.totalPointsDeducted) if total is None else total


class Member(Wire):
    """A member of a group."""

    customerIdentifiers: CustomerIdentifiers
    firstName: Ignored = NOT_GIVEN
    lastName: Ignored = NOT_GIVEN
    role: Ignored = NOT_GIVEN


class ContributionData(Wire):
    """The data of `pointsContributionToGroup`."""

    primaryMember: Member
    contributingMember: Member
    loyaltyProgramId: Identifier
    pointsContributedToGroup: Amount
    groupId: Identifier | None = None
    groupName: Ignored = NOT_GIVEN
    loyaltyProgramDetails: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def contributed(data: ContributionData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsAdjusted for either member; what the primary member contributes stays where it is."""
    giver, taker = _member(data.contributingMember), _member(data.primaryMember)
    program_id, points = required_identifier(data.loyaltyProgramId), amount(data.pointsContributedToGroup)
    group_id = identifier(data.groupId)
    reference = None if group_id is None else f"group:{group_id}"
    if giver == taker:
        return (Part(giver, PointsAdjusted(POINTS, (), (), reference), "contributed"),)
    taken = PointsAdjusted(POINTS, (AccountDebit(program_id, points, NO_TOTALS),), (), reference)
    given = PointsAdjusted(POINTS, (), (AccountCredit(program_id, points, NO_TOTALS),), reference)
    return (Part(giver, taken, "contributed"), Part(taker, given, "received"))


def _member(member: Member) -> str:
    return required_identifier(member.customerIdentifiers.customerId)


SPECS: Final = (
    Spec("manualPointsAdjustment", AdjustedData, adjusted, makes=(PointsAdjusted,)),
    Spec(
        "pointsContributionToGroup",
        ContributionData,
        contributed,
        lambda data: str(data.groupId),
        makes=(PointsAdjusted,),
    ),
)
