"""Voucherify's `loyalty_tiers_expiration`: a loyalty campaign's rules for when its tiers start and expire.

What contradicts the reference is a Problem: rules that are guessed at would give every customer a wrong date.
Source: https://docs.voucherify.io/api-reference/campaigns/campaign-object.
"""

from enum import StrEnum
from typing import Final, TypeVar

from loyalty_stream.domains.campaigns.periods import Period
from loyalty_stream.domains.campaigns.tier_expiry_rules import (
    Balance,
    BalanceDrop,
    CalendarRounding,
    Custom,
    ExpiryRules,
    ExpiryRulesError,
    MonthRounding,
    PeriodExpiration,
    PeriodStart,
    PointsInPeriod,
)
from loyalty_stream.model.durations import Duration, DurationError, parse_duration
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import Integer, Name, Wire, given_word

W = TypeVar("W", bound=StrEnum)

PATH: Final = "loyalty_tiers_expiration"


class Rounding(Wire):
    """To the end of what an expiration date is moved."""

    type: Name
    strategy: Name | None = None
    unit: Name | None = None
    value: Integer | None = None


class Starts(Wire):
    """When a tier starts."""

    type: Name | None = None


class Expires(Wire):
    """When a tier expires."""

    type: Name
    extend: Name | None = None
    rounding: Rounding | None = None


class TiersExpiration(Wire):
    """The rules; `extend` and `rounding` stand in the expiration date, or beside it."""

    qualification_type: Name
    expiration_date: Expires
    qualification_period: Name | None = None
    start_date: Starts | None = None
    extend: Name | None = None
    rounding: Rounding | None = None


def tier_expiry_of(rules: TiersExpiration | None) -> ExpiryRules | None:
    """Return the rules, or None where a campaign has none.

    Raises NotCleanError for what needs mending, and Problem for what the reference does not know.
    """
    if rules is None:
        return None
    try:
        match given_word(rules.qualification_type):
            case "BALANCE":
                return _balance(rules)
            case "POINTS_IN_PERIOD":
                return _points_in_period(rules)
    except (ExpiryRulesError, DurationError) as error:
        raise Problem(error.reason, f"{PATH}: {error}") from None
    raise Problem(DeadLetterReason.WRONG_TYPE, f"{PATH}.qualification_type is none of the vendor's words")


def _balance(rules: TiersExpiration) -> Balance:
    starts = given_word((rules.start_date or Starts()).type)
    if starts not in {None, "IMMEDIATE"}:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{PATH}.start_date.type of a balance is IMMEDIATE")
    match given_word(rules.expiration_date.type):
        case "BALANCE_DROP":
            return Balance(BalanceDrop())
        case "CUSTOM":
            extend = _extend(rules)
            if extend is None:
                raise Problem(DeadLetterReason.MISSING_FIELD, f"{PATH}.expiration_date.extend is missing")
            return Balance(Custom(extend, _rounding(rules.expiration_date.rounding or rules.rounding)))
    raise Problem(DeadLetterReason.WRONG_TYPE, f"{PATH}.expiration_date.type is none of the vendor's words")


def _points_in_period(rules: TiersExpiration) -> PointsInPeriod:
    return PointsInPeriod(
        _one_of(Period, rules.qualification_period, "qualification_period"),
        _one_of(PeriodStart, (rules.start_date or Starts()).type, "start_date.type"),
        _one_of(PeriodExpiration, rules.expiration_date.type, "expiration_date.type"),
        _extend(rules),
    )


def _extend(rules: TiersExpiration) -> Duration | None:
    written = given_word(rules.expiration_date.extend) or given_word(rules.extend)
    return None if written is None else parse_duration(written)


def _rounding(rounding: Rounding | None) -> CalendarRounding | MonthRounding | None:
    if rounding is None:
        return None
    if given_word(rounding.strategy) not in {None, "END"}:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{PATH}: a rounding's strategy is END")
    kind = given_word(rounding.type)
    if kind != "CUSTOM":
        return CalendarRounding(_one_of(Period, kind, "rounding.type"))
    if rounding.value is None or given_word(rounding.unit) not in {None, "MONTH"}:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{PATH}: a custom rounding is to the end of a month by its number")
    return MonthRounding(rounding.value)


def _one_of(words: type[W], text: str | None, path: str) -> W:
    written = given_word(text)
    found = next((word for word in words if word == written), None)
    if found is None:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{PATH}.{path} is none of the vendor's words")
    return found
