from decimal import Decimal

import pytest
from msgspec.structs import replace

from loyalty_stream.domains.coupons.events import CouponRedeemed
from loyalty_stream.domains.points.events import PointsExpired
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.model.events import EventConflictDetected
from loyalty_stream.model.ids import derived_id
from loyalty_stream.model.outcome import Applied, Duplicate, Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.pipeline import dedup
from loyalty_stream.pipeline.reduce import reducer
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow, RowVersionError, decode_row, encode_row
from tests.unit.domains.helpers import OBSERVED_AT, canonical
from tests.unit.domains.points.facts import issue, redeem

KEY = b"points|capillary:7001:cust-1"
EXPIRED = PointsExpired("41", "points", Decimal(10))
REDUCE = reducer(3)


def rows(table: dict[bytes, bytes] | None = None) -> RowCache[AnyRow]:
    return RowCache((table or {}).get, decode_row, encode_row)


def test_an_event_is_reduced_on_its_domains_row() -> None:
    cache = rows()
    reduced = REDUCE(canonical(EXPIRED), cache)
    assert isinstance(reduced.outcome, Applied)
    assert reduced.domain == "points"
    row = cache.get(KEY)
    assert row is not None
    assert (row.version, row.seq, len(row.window)) == (ROW_VERSION, 1, dedup.ENTRY_BYTES)


def test_a_derived_event_says_what_caused_it_and_counts_on() -> None:
    cache = rows()
    REDUCE(canonical(EXPIRED), cache)
    event = canonical(EXPIRED, source_key="event-2")
    (derived,) = REDUCE(event, cache).derived
    assert derived.seq == 2
    assert derived.id == derived_id("event-2", event.key, "BalanceChanged", 0)
    assert (derived.type, derived.cause, derived.occurred_at, derived.observed_at) == (
        "BalanceChanged",
        event.cause,
        event.occurred_at,
        event.observed_at,
    )
    assert (derived.vendor, derived.org_id, derived.key, derived.customer_id, derived.program_id) == (
        "capillary",
        "7001",
        event.key,
        "cust-1",
        "41",
    )


def test_the_programme_is_that_of_the_derived_event_where_it_has_one() -> None:
    (derived,) = REDUCE(canonical(redeem(5, program="42")), rows()).derived
    assert derived.program_id == "42"


def test_an_event_without_a_programme_has_none() -> None:
    (derived,) = REDUCE(canonical(CouponRedeemed("1", "hash")), rows()).derived
    assert derived.program_id is None


def test_the_same_event_again_is_a_duplicate() -> None:
    cache = rows()
    REDUCE(canonical(EXPIRED), cache)
    cache.take_written()
    again = REDUCE(canonical(EXPIRED, observed_at=OBSERVED_AT + 1), cache)
    assert again.outcome == Duplicate()
    assert cache.take_written() == {}


def test_an_event_without_a_vendor_time_is_the_same_whenever_it_is_delivered() -> None:
    cache = rows()
    REDUCE(canonical(EXPIRED, vendor_timed=False, occurred_at=OBSERVED_AT), cache)
    again = canonical(EXPIRED, vendor_timed=False, occurred_at=OBSERVED_AT + 5, observed_at=OBSERVED_AT + 5)
    assert REDUCE(again, cache).outcome == Duplicate()


@pytest.mark.parametrize(
    "other", [canonical(replace(EXPIRED, amount=Decimal(11))), canonical(EXPIRED, occurred_at=OBSERVED_AT - 1)]
)
def test_another_content_under_the_same_key_is_a_conflict_and_nothing_of_it_is_applied(other: object) -> None:
    cache = rows()
    REDUCE(canonical(EXPIRED), cache)
    before = cache.get(KEY)
    assert before is not None
    reduced = REDUCE(other, cache)  # type: ignore[arg-type]
    assert isinstance(reduced.outcome, Rejected)
    assert reduced.outcome.reason is DeadLetterReason.CONFLICT
    assert cache.get(KEY) == replace(before, seq=2)
    (derived,) = reduced.derived
    assert isinstance(derived.data, EventConflictDetected)
    assert derived.data.first_seen_at == OBSERVED_AT
    assert derived.data.hash != derived.data.other_hash
    assert (derived.seq, derived.program_id) == (2, "41")


def test_each_conflict_of_one_event_has_an_id_of_its_own() -> None:
    cache = rows()
    REDUCE(canonical(EXPIRED), cache)
    ids: set[str] = set()
    for offset in (43, 44):
        event = canonical(replace(EXPIRED, amount=Decimal(11)))
        event = replace(event, cause=replace(event.cause, offset=offset))
        ids.update(derived.id for derived in REDUCE(event, cache).derived)
    assert len(ids) == 2


def test_an_event_beyond_the_window_is_forgotten() -> None:
    cache = rows()
    for place in range(4):
        REDUCE(canonical(EXPIRED, source_key=f"event-{place}"), cache)
    assert REDUCE(canonical(EXPIRED, source_key="event-1"), cache).outcome == Duplicate()
    assert isinstance(REDUCE(canonical(EXPIRED, source_key="event-0"), cache).outcome, Applied)


def test_a_rejected_event_writes_nothing_and_is_not_remembered() -> None:
    full = Row(ROW_VERSION, 7, b"", PointsState({"41|points": Account("41", "points", Decimal(10**18) - 1)}))
    cache = rows({KEY: encode_row(full)})
    for _ in range(2):
        reduced = REDUCE(canonical(issue((1, None))), cache)
        assert isinstance(reduced.outcome, Rejected)
        assert reduced.derived == []
    assert cache.take_written() == {}


def test_a_duplicate_that_the_reducer_knows_writes_nothing() -> None:
    cache = rows()
    used = CouponRedeemed("1", "hash", redemption_id="9001")
    REDUCE(canonical(used), cache)
    cache.take_written()
    assert REDUCE(canonical(used, source_key="event-2"), cache).outcome == Duplicate()
    assert cache.take_written() == {}


def test_a_row_is_read_as_it_was_written() -> None:
    cache = rows()
    REDUCE(canonical(issue((60, None), promised=3)), cache)
    written = cache.take_written()[KEY]
    assert written is not None
    assert decode_row(KEY, written) == cache.get(KEY)


def test_a_row_of_an_unknown_domain_is_an_error_that_names_it() -> None:
    with pytest.raises(RowVersionError, match="a row of the domain 'badges', which this version lacks"):
        decode_row(b"badges|capillary:1:2", b"")


def test_a_row_of_another_version_is_an_error_that_names_both() -> None:
    row = encode_row(Row(ROW_VERSION + 1, 0, b"", PointsState({})))
    with pytest.raises(
        RowVersionError, match=f"points in version {ROW_VERSION + 1}, and this one reads points up to {ROW_VERSION}"
    ):
        decode_row(KEY, row)
