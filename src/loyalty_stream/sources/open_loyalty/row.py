"""A row of Open Loyalty's campaign executions, and the fact in it.

Values are text, as cells of a CSV file are, or typed; an empty text is none, and so is null.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

from loyalty_stream.domains.executions.events import CampaignExecuted
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.instants import iso_instant
from loyalty_stream.sources.shape import shape_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Ignored,
    Label,
    Name,
    NotCleanError,
    TextIdentifier,
    Wire,
    label,
    required_text_identifier,
    required_word,
    text_identifier,
)


class ExecutionRow(Wire, kw_only=True):
    """The columns of the export; `contextData` holds what is known of the member, and is not read."""

    campaignExecutionId: TextIdentifier
    tenantId: TextIdentifier
    campaignId: TextIdentifier
    contextData: Ignored = NOT_GIVEN
    createdAt: Label | None = None
    updatedAt: Label | None = None
    executedAt: Label | None = None
    executionStatus: Name
    customerId: TextIdentifier | None = None
    transactionId: TextIdentifier | None = None
    message: Label | None = None
    warningMessage: Label | None = None


COLUMNS: Final = tuple(shape_of(ExecutionRow))
STATUSES: Final = frozenset({"success", "skipped", "failed"})
_decode: Final = msgspec.json.Decoder(ExecutionRow).decode
_KEYS: Final = re.compile(rb'"(%b)"\s*:' % b"|".join(name.encode() for name in COLUMNS))
_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)


def decode_row(value: bytes) -> ExecutionRow:
    """Return a row, read from clean bytes.

    Raises NotCleanError where a column stands twice: the decoder would quietly take the last one. What contextData
    holds may have the same names and is passed over.
    """
    row = _decode(value)
    context = b"" if row.contextData is NOT_GIVEN else bytes(row.contextData)
    keys = _KEYS.findall(value.replace(context, b"", 1) if context.startswith((b"{", b"[")) else value)
    if len(keys) > len(set(keys)):
        raise NotCleanError
    return row


def org_of(row: ExecutionRow) -> str:
    """Return the tenant's id; raise NotCleanError for one that would not end where it ends in a key."""
    org_id = required_text_identifier(row.tenantId)
    if ":" in org_id:
        raise NotCleanError
    return org_id


def execution_of(row: ExecutionRow) -> CampaignExecuted:
    """Return the fact that a row states; a row that was never updated stands as of its creation."""
    status = required_word(row.executionStatus).lower()
    if status not in STATUSES:
        raise Problem(DeadLetterReason.WRONG_TYPE, "executionStatus is none of success, skipped and failed")
    created_at, updated_at = _moment(row.createdAt, "createdAt"), _moment(row.updatedAt, "updatedAt")
    version = created_at if updated_at is None else updated_at
    if version is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "updatedAt is missing, and so is createdAt")
    return CampaignExecuted(
        required_text_identifier(row.campaignExecutionId),
        required_text_identifier(row.campaignId),
        status,
        _given(row.customerId),
        _given(row.transactionId),
        _moment(row.executedAt, "executedAt"),
        version,
        bool(label(row.message)),
        bool(label(row.warningMessage)),
    )


def _given(value: int | str | None) -> str | None:
    """Return an id, or None for an empty text, which a CSV file has for none."""
    return text_identifier(value) if value != "" else None


def _moment(text: str | None, column: str) -> int | None:
    """Return a date and time in milliseconds since the epoch, or None where there is none."""
    given = label(text)
    if not given:
        return None
    moment = _milliseconds(given)
    if moment is None:
        raise Problem(DeadLetterReason.INVALID_DATE, f"{column} is not a date and time")
    if moment < 0:
        raise Problem(DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, f"{column} is before 1970")
    return moment


@lru_cache(maxsize=4_096)  # a row's own three times are often one
def _milliseconds(text: str) -> int | None:
    """Return what ISO 8601 says, of UTC where it names no zone, or None for what is no such date."""
    return iso_instant(text) if _TIME.fullmatch(text) else None
