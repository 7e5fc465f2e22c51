"""Capillary's reward events. Source: DOMAIN 3.5. Their texts and links, some of them pre-signed, are not read."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.rewards.events import (
    FailedReward,
    RewardCreated,
    RewardExpiryAnnounced,
    RewardIssued,
    RewardIssueFailed,
    RewardUpdated,
    Terms,
)
from loyalty_stream.model.problem import Repairs
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import VENDOR, CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Flag,
    GivenMoment,
    Identifier,
    Ignored,
    Integer,
    Label,
    Name,
    TextIdentifier,
    Wire,
    given_amount,
    given_moment,
    given_word,
    identifier,
    iso_day,
    label,
    required_identifier,
    text_identifier,
)

_LIMIT: Final = re.compile(r"(?<![A-Za-z0-9_])(?:[A-Z]+_)+EXCEEDED(?![A-Za-z0-9_])")


class RewardData(Wire):
    """A reward of the catalogue."""

    rewardId: Identifier
    type: Name | None = None
    enabled: Flag | None = None
    startDate: GivenMoment | None = None
    endDate: GivenMoment | None = None
    intouchPoints: Amount = NULL
    priority: Integer | None = None
    redemptionType: Ignored = NOT_GIVEN
    intouchSeriesId: Ignored = NOT_GIVEN
    tier: Ignored = NOT_GIVEN
    categories: Ignored = NOT_GIVEN
    geographies: Ignored = NOT_GIVEN
    rewardDetails: Ignored = NOT_GIVEN
    vendorDetails: Ignored = NOT_GIVEN
    vendorRedemptionDetails: Ignored = NOT_GIVEN
    paymentModes: Ignored = NOT_GIVEN


def created(data: RewardData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RewardCreated."""
    return (_of_reward(data, RewardCreated(required_identifier(data.rewardId), _terms(data))),)


def updated(data: RewardData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RewardUpdated."""
    return (_of_reward(data, RewardUpdated(required_identifier(data.rewardId), _terms(data))),)


def expiry_announced(data: RewardData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RewardExpiryAnnounced; a reminder changes no terms."""
    ends_at = given_moment(data.endDate)
    ends_on = None if ends_at is None else date.fromisoformat(iso_day(ends_at))
    return (_of_reward(data, RewardExpiryAnnounced(required_identifier(data.rewardId), ends_on)),)


def _of_reward(data: RewardData, body: RewardCreated | RewardUpdated | RewardExpiryAnnounced) -> Part:
    return Part(f"reward/{required_identifier(data.rewardId)}", body, customer=False)


def _terms(data: RewardData) -> Terms:
    return Terms(
        given_amount(data.intouchPoints),
        given_word(data.type),
        data.enabled,
        given_moment(data.startDate),
        given_moment(data.endDate),
        data.priority,
    )


class CouponDetails(Wire):
    """The coupon that a reward gave."""

    intouchCouponCode: TextIdentifier | None = None
    codeExpiry: GivenMoment | None = None


class VoucherDetails(Wire):
    """The voucher of another vendor that a reward gave."""

    vendorVoucher: TextIdentifier | None = None


class RewardIssuedData(CustomerData, kw_only=True):
    """The data of `rewardIssued`."""

    rewardId: Identifier
    intouchPoints: Amount = NULL
    intouchRewardDetails: CouponDetails | None = None
    vendorRewardDetails: VoucherDetails | None = None
    type: Ignored = NOT_GIVEN
    redemptionType: Ignored = NOT_GIVEN
    startDate: Ignored = NOT_GIVEN
    endDate: Ignored = NOT_GIVEN
    intouchSeriesId: Ignored = NOT_GIVEN
    priority: Ignored = NOT_GIVEN
    tier: Ignored = NOT_GIVEN


def issued(data: RewardIssuedData, header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RewardIssued; the vendor's own coupon code goes before that of another vendor's voucher."""
    coupon = data.intouchRewardDetails or CouponDetails()
    voucher = data.vendorRewardDetails or VoucherDetails()
    own, other = text_identifier(coupon.intouchCouponCode), text_identifier(voucher.vendorVoucher)
    code = other if own is None else own
    body = RewardIssued(
        required_identifier(data.rewardId),
        given_amount(data.intouchPoints),
        None if code is None else code_hash(VENDOR, header.org_id, code),
        given_moment(coupon.codeExpiry),
    )
    return (Part(customer_of(data), body),)


class ErroredReward(Wire):
    """A reward that a step failed for."""

    id: Identifier | None = None
    qty: Ignored = NOT_GIVEN
    points: Ignored = NOT_GIVEN
    type: Ignored = NOT_GIVEN
    rewardReference: Ignored = NOT_GIVEN


class ErroredStep(Wire):
    """A step that failed."""

    errorCode: Identifier | None = None
    errorMessage: Label | None = None
    rewards: list[ErroredReward] | None = None
    name: Ignored = NOT_GIVEN


class RewardFailureData(CustomerData):
    """The data of `issueRewardFailure`."""

    totalPoints: Amount = NULL
    erroredSteps: list[ErroredStep] | None = None
    requestId: Ignored = NOT_GIVEN


def issue_failed(data: RewardFailureData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RewardIssueFailed of all the rewards that the event lists, or of none by name where it lists none."""
    failed = tuple(
        FailedReward(identifier(reward.id), identifier(step.errorCode), _limit(step.errorMessage))
        for step in data.erroredSteps or ()
        for reward in step.rewards or (ErroredReward(),)
    )
    return (Part(customer_of(data), RewardIssueFailed(given_amount(data.totalPoints), failed or (FailedReward(),))),)


def _limit(message: str | None) -> str | None:
    """Return the name of the limit that a message ends a free text with; the text may name the customer."""
    found = _LIMIT.search(label(message) or "")
    return None if found is None else found.group()


SPECS: Final = (
    Spec("rewardCreated", RewardData, created, makes=(RewardCreated,)),
    Spec("rewardUpdated", RewardData, updated, makes=(RewardUpdated,)),
    Spec("rewardExpiryReminder", RewardData, expiry_announced, makes=(RewardExpiryAnnounced,)),
    Spec("rewardIssued", RewardIssuedData, issued, lambda data: str(data.rewardId), makes=(RewardIssued,)),
    Spec("issueRewardFailure", RewardFailureData, issue_failed, makes=(RewardIssueFailed,)),
)
