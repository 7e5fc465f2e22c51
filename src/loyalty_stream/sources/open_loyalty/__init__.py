"""Read Open Loyalty's rows (DOMAIN section 6): executions of campaigns, as its export has them, one JSON object each.

Source: https://help.openloyalty.io/technical-guide/data-exports/data-structure-and-types/campaign-execution.
"""

from typing import Final

import msgspec

from loyalty_stream.domains.executions.events import CampaignExecuted
from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.open_loyalty.row import ExecutionRow, decode_row, execution_of, org_of
from loyalty_stream.sources.reading import Dialect, Reading
from loyalty_stream.sources.repair import mend
from loyalty_stream.sources.tree import Pairs
from loyalty_stream.sources.wire import plausible

VENDOR: Final = "open_loyalty"
EVENT: Final = "campaignExecution"
"""The name that stands for the only kind of row; the rows themselves bear none."""


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    """Return the execution that a clean row tells of."""
    row = decode_row(value)
    org_id, body = org_of(row), execution_of(row)
    vendor_timed = plausible(body.updated_at)
    if not vendor_timed:
        repairs.append(RepairKind.TIME_FALLBACK)
    event = CanonicalEvent(
        VENDOR,
        org_id,
        None,
        entity_key(VENDOR, org_id, entity_of(body.execution_id)),
        f"{VENDOR}|{org_id}|{EVENT}|{body.execution_id}|{body.updated_at}",
        body.updated_at if vendor_timed else record.timestamp,
        vendor_timed,
        record.timestamp,
        Cause(EVENT, body.execution_id, record.topic, record.partition, record.offset),
        body,
    )
    return Reading(EVENT, (event,))


def entity_of(execution_id: str) -> str:
    """Return what an execution's key names besides vendor and org."""
    return f"execution/{execution_id}"


def mend_record(tree: Pairs, repairs: Repairs) -> bytes:
    """Return clean bytes of a row that the fast path did not take, or raise Problem with the precise reason."""
    clean = mend(tree, ExecutionRow, "", repairs)
    org_id = clean["tenantId"]
    if isinstance(org_id, str) and ":" in org_id:
        raise Problem(DeadLetterReason.WRONG_TYPE, "tenantId has a colon, which ends it in a key")
    return msgspec.json.encode(clean)


DIALECT: Final = Dialect(VENDOR, read, mend_record, makes={EVENT: (CampaignExecuted,)})
