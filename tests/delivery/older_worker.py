"""Run a worker of an earlier release: one that does not know the coupon events yet."""

from msgspec.structs import replace

from loyalty_stream.cli import main
from loyalty_stream.domains.coupons import DOMAIN
from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Reading

DIALECT = DIALECTS["capillary"]
NEW = {name for name, bodies in DIALECT.makes.items() if not DOMAIN.reducers.keys().isdisjoint(bodies)}


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    reading = DIALECT.read(value, record, repairs)
    if reading.event_name in NEW:
        raise Problem(DeadLetterReason.UNKNOWN_EVENT, "no event of this release")
    return reading


if __name__ == "__main__":
    DIALECTS["capillary"] = replace(DIALECT, read=read)
    main(["worker"])
