"""An erased customer is gone from every table and its changelog, and stays gone."""

import json
import shutil
import time
from typing import Any

import pytest

from loyalty_stream.simulate import SimulatedRecord
from tests.delivery.oracle import output_of
from tests.delivery.stream import Stream

pytestmark = pytest.mark.slow

ORG_ID = 9300
ERASED, KEPT, VICTIM = 5001, 5002, 6001


def record(name: str, customer_id: int, event_id: str, data: dict[str, Any]) -> SimulatedRecord:
    """Return a flat record, keyed as producers should key it."""
    now_ms = int(time.time() * 1000)
    event = {"eventName": name, "eventId": event_id, "orgId": ORG_ID, "createdAt": now_ms, "data": data}
    key = f"capillary:{ORG_ID}:{customer_id}".encode()
    return SimulatedRecord(key, json.dumps(event).encode(), (), now_ms, "good", name, None)


def issue(customer_id: int, event_id: str) -> SimulatedRecord:
    customer = {"customerId": customer_id, "instore": {"mobile": f"44770090{customer_id}"}}
    data = {"customerIdentifiers": customer, "loyaltyProgramId": 41, "totalPointsIssued": 60}
    return record("pointsIssued", customer_id, event_id, data)


def merge(survivor_id: int, victim_id: int) -> SimulatedRecord:
    ids = {"survivorCustomerIdentifiers": survivor_id, "victimCustomerIdentifiers": victim_id}
    data = {name: {"customerId": customer_id} for name, customer_id in ids.items()}
    return record("loyaltyCustomerMerge", survivor_id, "merge-1", data)


def deletion(customer_id: int) -> SimulatedRecord:
    request = {"requestTrackingId": "r-1", "requestType": "CUSTOMER", "requestBaseType": "DELETE"}
    return record("requestUpdated", customer_id, "del-1", {**request, "status": "APPROVED", "customerId": customer_id})


def test_an_erased_customer_is_a_tombstone_in_the_changelog_and_no_late_event_brings_it_back(stream: Stream) -> None:
    stream.publish([issue(customer, f"iss-{customer}") for customer in (ERASED, KEPT, VICTIM)])
    stream.publish([merge(ERASED, VICTIM)])
    worker = stream.worker()
    stream.wait_done(4)
    assert any(b":5001" in key for table in stream.rows() for key in table)
    stream.publish([deletion(ERASED)])
    stream.wait_done(5)
    stream.publish([issue(ERASED, "late-1"), issue(VICTIM, "late-2"), issue(KEPT, "more")])
    stream.wait_done(8)
    worker.kill()
    left = {key for table in stream.rows() for key in table}
    assert not [key for key in left if str(ERASED).encode() in key or str(VICTIM).encode() in key]
    newest = {at.key: at.value for at in stream.read(stream.changelog)}
    assert newest[f"points|capillary:{ORG_ID}:{ERASED}".encode()] is None
    raw, moved = stream.tallies()
    assert (raw.applied + moved.applied, raw.ignored + moved.ignored) == (6, 2)
    types = [dict(headers)["ce_type"] for at in output_of(stream).told(stream.derived).values() for _, headers in at]
    assert (types.count(b"loyalty.CustomerErased"), types.count(b"loyalty.CustomerMerged")) == (1, 2)
    shutil.rmtree(worker.data_dir)
    again = stream.worker()
    stream.publish([issue(ERASED, "late-3"), issue(KEPT, "last")])
    stream.wait_done(10)
    assert json.loads(again.get(f"/v1/customers/capillary:{ORG_ID}:{KEPT}"))["points"]["accounts"][0]["active"] == "180"
    assert "accounts" not in again.get(f"/v1/customers/capillary:{ORG_ID}:{ERASED}")
    raw, moved = stream.tallies()
    assert raw.ignored + moved.ignored == 3
