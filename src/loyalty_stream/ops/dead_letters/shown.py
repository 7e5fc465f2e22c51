"""Bytes of customers' records for the operator who asks for them, without the signatures of links. Pure."""

import re
from typing import Final

_LINK: Final = re.compile(
    rb"(?i)(https?:(?:\\?/){2}(?:(?!\\u003f)[^\s\"?])*)(?:\?|\\u003f)(?:[^\s\"\\]|\\[^\"])+",
)
"""A link with a query, in JSON of any spelling; what is in front of the query is group 1."""
HIDDEN: Final = b"?(hidden)"


def without_signatures(value: bytes) -> bytes:
    """Return bytes with the query of every link hidden: a pre-signed one holds there what opens it (DESIGN rule 8)."""
    return _LINK.sub(rb"\g<1>" + HIDDEN, value)


def shown(value: bytes | None) -> dict[str, str] | None:
    """Return bytes as `text` where they are UTF-8, else as `hex`, without signatures; None stays None."""
    if value is None:
        return None
    safe = without_signatures(value)
    try:
        return {"text": safe.decode()}
    except UnicodeDecodeError:
        return {"hex": safe.hex()}
