"""Decode and normalise: a raw record to its canonical events, or the reason why it has none.

The fast path reads clean bytes by typed decoders. Only what it does not take goes the slow path: a generic decode,
repair, and the fast path again.
"""

import msgspec

from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.reading import Dialect, Reading
from loyalty_stream.sources.tree import parse_tree
from loyalty_stream.sources.wire import LAST_MOMENT, NotCleanError

_NOT_CLEAN = (NotCleanError, msgspec.DecodeError, RecursionError)


def decode(dialect: Dialect, record: RawRecord, repairs: Repairs) -> Reading | Rejected:
    """Return what a record says; `repairs` receives what was mended on the way."""
    value = record.value
    if not value:
        return Rejected(DeadLetterReason.EMPTY_VALUE, "the record has no value")
    if not 0 <= record.timestamp <= LAST_MOMENT:  # every derived event tells it, and no reader could read it
        return Rejected(
            DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, "the record's own timestamp is no time of any calendar"
        )
    try:
        if not value.isascii():
            value.decode("utf-8")
        return dialect.read(value, record, repairs)
    except Problem as problem:
        return Rejected(problem.reason, problem.detail)
    except UnicodeDecodeError:
        return Rejected(DeadLetterReason.WRONG_ENCODING, "the value is not UTF-8")
    except _NOT_CLEAN:
        repairs.clear()
        return _decode_slowly(dialect, value, record, repairs)


def _decode_slowly(dialect: Dialect, value: bytes, record: RawRecord, repairs: Repairs) -> Reading | Rejected:
    try:
        return dialect.read(dialect.mend(parse_tree(value, repairs), repairs), record, repairs)
    except Problem as problem:
        return Rejected(problem.reason, problem.detail)
    except RecursionError:
        return Rejected(DeadLetterReason.NESTED_TOO_DEEPLY, "more levels than any event has")
    except UnicodeEncodeError:
        return Rejected(DeadLetterReason.WRONG_ENCODING, "a text has half of a surrogate pair")
    except (NotCleanError, msgspec.DecodeError):
        return Rejected(DeadLetterReason.WRONG_TYPE, "the record does not read, even mended")
