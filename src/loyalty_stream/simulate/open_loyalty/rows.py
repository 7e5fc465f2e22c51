"""A row of the export: every value a text, as the cells of a CSV file are, or typed, with null for none."""

import json
from typing import Any, Final

from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.open_loyalty.executions import Run, Version

Json = dict[str, Any]

EVENT: Final = "campaignExecution"
_MESSAGES: Final = ("No wallet of this member", "The reward is out of stock", "Timeout of the points service")
_WARNINGS: Final = ("The limit of the campaign is reached", "A condition is not met", "The member is not active")


def row_of(draw: Draw, run: Run, version: Version) -> Json:
    """Return a version of an execution as a row; how its values are written is drawn anew each time."""
    none = draw.pick(("", None))
    content = version.content
    row: Json = {
        "campaignExecutionId": run.id,
        "tenantId": run.tenant_id,
        "campaignId": run.campaign_id,
        "contextData": _context(draw, run),
        "createdAt": _moment(draw, run.created_ms),
        "updatedAt": _moment(draw, version.updated_ms),
        "executedAt": none if content.executed_ms is None else _moment(draw, content.executed_ms),
        "executionStatus": content.status,
        "customerId": run.customer_id or none,
        "transactionId": run.transaction_id or none,
        "message": draw.pick(_MESSAGES) if content.has_message else none,
        "warningMessage": draw.pick(_WARNINGS) if content.has_warning else none,
    }
    if version.updated_ms == run.created_ms and draw.chance(0.5):
        row["updatedAt"] = none  # never updated: the creation counts
    if draw.chance(0.1):
        return {name: value for name, value in row.items() if value is not None}
    return row


def _moment(draw: Draw, at_ms: int) -> str:
    """Return a moment of UTC in one of the spellings of the export, none of which loses a millisecond."""
    text = iso_text(at_ms)
    if draw.chance(0.6):
        return text.replace(".000Z", "Z").replace("Z", "+00:00")
    return draw.pick((text, text.replace("T", " ").removesuffix("Z"), text.removesuffix("Z")))


def _context(draw: Draw, run: Run) -> object:
    """Return what is known of the member and the transaction: JSON, mostly as a text."""
    if run.customer_id is None:
        return draw.pick(("", "{}"))
    context: Json = {
        "member": {"memberId": run.customer_id, "email": "member@example.com", "phone": "447700900000"},
        "customerId": run.customer_id,
    }
    if run.transaction_id is not None:
        context["transaction"] = {
            "transactionId": run.transaction_id,
            "grossValue": 42.5,
            "comment": 'said "thanks",\r\nleft',
        }
    return context if draw.chance(0.1) else json.dumps(context)
