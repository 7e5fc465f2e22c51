"""Capillary's badge events. Source: DOMAIN 3.7."""

from typing import Final

from loyalty_stream.domains.streaks.events import BadgeEarned, EarnConstraint
from loyalty_stream.model.problem import Repairs
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    GivenMoment,
    Ignored,
    Integer,
    Name,
    TextIdentifier,
    Wire,
    given_moment,
    label,
    required_text_identifier,
    word,
)

_UNLIMITED: Final = -1


class Constraint(Wire):
    """A limit on earning; the type NONE has no numbers, and a limit of -1 is none."""

    constraintLevel: Name | None = None
    constraintType: Name | None = None
    rollType: Name | None = None
    rollValue: Integer | None = None
    maxEarnLimit: Integer | None = None
    currentEarnCount: Integer | None = None


class EarnedData(CustomerData):
    """The data of `badgeEarned`."""

    badgeId: TextIdentifier
    earnId: TextIdentifier
    earnedOn: GivenMoment | None = None
    earnConstraints: list[Constraint] | None = None
    issualId: Ignored = NOT_GIVEN
    issuedOn: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def earned(data: EarnedData, _header: Header, _repairs: Repairs) -> list[Part]:
    """Make BadgeEarned."""
    body = BadgeEarned(
        required_text_identifier(data.badgeId),
        required_text_identifier(data.earnId),
        given_moment(data.earnedOn),
        tuple(_constraint(each) for each in data.earnConstraints or ()),
    )
    return [Part(customer_of(data), body)]


def _constraint(each: Constraint) -> EarnConstraint:
    return EarnConstraint(
        _word(each.constraintLevel),
        _word(each.constraintType),
        _word(each.rollType),
        each.rollValue,
        None if each.maxEarnLimit == _UNLIMITED else each.maxEarnLimit,
        each.currentEarnCount,
    )


def _word(name: str | None) -> str | None:
    """Return a closed enumeration's word; raise NotCleanError where it has whitespace or stands for null."""
    return None if name is None else label(word(name)) or None


SPECS: Final = (Spec("badgeEarned", EarnedData, earned, lambda data: str(data.earnId), makes=(BadgeEarned,)),)
