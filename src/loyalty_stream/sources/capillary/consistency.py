"""What an event says twice must agree (DOMAIN section 8): a contradiction is a counted warning, and changes nothing.

Only what is stated is compared. A number that is missing contradicts nothing, but a part may not exceed its total.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Raw

from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import RepairKind, Repairs
from loyalty_stream.sources.capillary.points_shared import Issue, Returned
from loyalty_stream.sources.wire import checked_number

_RATIO: Final = "pointsToCurrencyRatio"
_decode_program: Final = msgspec.json.Decoder(dict[str, Raw] | None).decode


def warn(repairs: Repairs, kind: RepairKind) -> None:
    """Count a warning, once however often an event gives cause."""
    if kind not in repairs:
        repairs.append(kind)


def check_total(repairs: Repairs, kind: RepairKind, known: Decimal, total: Decimal, *, all_known: bool) -> None:
    """Warn where known parts do not make up a total; parts that are not known may be what they leave of it."""
    if known != total and (all_known or known > total):
        warn(repairs, kind)


def check_issue(repairs: Repairs, issue: Issue, *, listed: bool) -> None:
    """Warn where an issue's regular points are not their breakup's, or its total is neither of its two sums.

    The total may hold the promised points or not: the vendor's samples have both. An amount under an unknown spelling
    is missing. `listed` is whether the promotional and the promised points are both listed, be they none.
    """
    total, regular = issue.total, issue.regular
    broken_up = sum([lot.amount for lot in issue.breakup], ZERO) if issue.breakup else None
    if broken_up is not None and regular is not None and broken_up != regular:
        warn(repairs, RepairKind.BREAKUP_SUM)
    if total is None:
        return
    if regular is None or (broken_up is not None and broken_up > regular):
        regular = broken_up
    rest = total - sum([lot.amount for lot in issue.promotional], regular or ZERO)
    if not rest or rest == sum(issue.promised, ZERO):
        return
    all_known = listed and regular is not None and RepairKind.UNKNOWN_SPELLING not in repairs
    check_total(repairs, RepairKind.ISSUE_SUM, total - rest, total, all_known=all_known)


def check_reversal(repairs: Repairs, available: Raw, expired: Raw, total: Raw) -> None:
    """Warn where what is available again and what has expired meanwhile are not what was reversed."""
    reversed_, back, gone = checked_number(total), checked_number(available), checked_number(expired)
    if reversed_ is not None:
        all_known = back is not None and gone is not None
        check_total(repairs, RepairKind.REVERSAL_SUM, (back or ZERO) + (gone or ZERO), reversed_, all_known=all_known)


def check_return(repairs: Repairs, own: Returned, total: Raw, *, listed: bool) -> None:
    """Warn where the parts of what this event takes back are not its total; `listed` is whether promotions are."""
    stated = checked_number(total)
    if stated is None:
        return
    parts = [own.regular, own.promised, *[checked_number(raw) for raw in own.promotional]]
    known = sum([part for part in parts if part is not None], ZERO)
    check_total(repairs, RepairKind.RETURN_SUM, known, stated, all_known=listed and None not in parts)


def check_currency_value(repairs: Repairs, stated: Raw, total: Decimal | None, program: Raw) -> None:
    """Warn where the currency value of redeemed points is not their number times the programme's ratio."""
    value = checked_number(stated)
    if value is None or total is None:
        return
    ratio = ratio_of(program)
    if ratio is not None and value != total * ratio:
        warn(repairs, RepairKind.CURRENCY_VALUE)


def ratio_of(program: Raw) -> Decimal | None:
    """Return what a point is worth in money by a programme's details, or None where they do not say."""
    return _ratio_of(bytes(program))


@lru_cache(maxsize=1_024)  # of a programme all events have the same
def _ratio_of(program: bytes) -> Decimal | None:
    try:
        details = _decode_program(program) or {}
    except msgspec.DecodeError:
        return None
    stated = next((value for key, value in details.items() if "".join(key.split()) == _RATIO), None)
    return None if stated is None else checked_number(stated)
