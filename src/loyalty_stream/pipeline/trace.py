"""The W3C trace context of a raw record, which goes on to all that the record causes.

Of a producer's headers only these two are carried, and only well-formed: whatever else stands there may name a person.
"""

import re
from collections.abc import Sequence
from typing import Final

Trace = tuple[tuple[str, bytes], ...]
"""The headers `traceparent` and, behind it, `tracestate`; empty where a record has no usable ones."""

NO_TRACE: Final[Trace] = ()
TRACES_MAX: Final = 64
"""So many trace contexts a batch tells of."""

_PARENT: Final = "traceparent"
_STATE: Final = "tracestate"
_SAMPLED: Final = frozenset(b"13579bdf")  # the last hexadecimal digit of the flags, where their lowest bit is set
_STATE_BYTES_MAX: Final = 512
_STATE_MEMBERS_MAX: Final = 32
_well_formed_parent: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
).fullmatch
_MEMBER: Final = rb"[ \t]*[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~][ \t]*"
_well_formed_state: Final = re.compile(rb"%b(?:,(?:%b|[ \t]*))*" % (_MEMBER, _MEMBER)).fullmatch


def carried(headers: Sequence[tuple[str, bytes | None]]) -> Trace:
    """Return the trace context in a record's headers, unchanged; of several headers of a name the last one counts.

    A `tracestate` goes only with a `traceparent`, as W3C has it, and either only where it is well-formed.
    """
    parent = state = None
    for name, value in headers:
        if name == _PARENT:
            parent = value
        elif name == _STATE:
            state = value
    if parent is None or not _well_formed_parent(parent):
        return NO_TRACE
    if state is None or not _is_state(state):
        return ((_PARENT, parent),)
    return (_PARENT, parent), (_STATE, state)


def sampled_parent(trace: Trace) -> bytes | None:
    """Return the `traceparent` where its producer recorded the trace, else None."""
    return trace[0][1] if trace and trace[0][1][-1] in _SAMPLED else None


def _is_state(value: bytes) -> bool:
    members = value.count(b",") + 1
    return len(value) <= _STATE_BYTES_MAX and members <= _STATE_MEMBERS_MAX and _well_formed_state(value) is not None
