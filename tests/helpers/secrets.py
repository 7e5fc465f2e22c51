"""Know what in a raw record identifies a person or opens something, and find it in what has come out."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

KINDS: Final = {
    "mobile": "mobile",
    "email": "e-mail",
    "externalId": "external id",
    "externalId1": "external id",
    "externalId2": "external id",
    "accountId": "external id",
    "identifierValue": "external id",
    "code": "coupon code",
    "intouchCouponCode": "coupon code",
    "vendorVoucher": "voucher",
    "cardNumber": "card number",
    "errorMessage": "text",
    "username": "user name",
    "phone": "mobile",
    "source_id": "external id",
    "tracking_id": "external id",
    "message": "text",
    "warningMessage": "text",
}
"""What a value is, by the vendor's key."""
SHOPS: Final = frozenset({"till", "store"})
"""Objects whose `code` opens nothing, and still is the vendor's alone."""
_NAMES: Final = ("key", "name", "fieldName", "identifierName", "identifierType")
_VALUES: Final = ("value", "currentValue", "previousValue", "identifierValue")
"""Instead of `{"mobile": 1}` the vendor also writes `{"name": "mobile", "value": 1}`, in several spellings."""
_PAIR: Final = re.compile(r'"([^"]+)"\s*:\s*(?:"([^"]*)"|(\d+))')
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_MOBILE: Final = re.compile(r"(?<![\w-])\d{10,15}_?(?![\w-])")
_QUERY: Final = re.compile(r"https?://[^?]*\?(.+)")  # of a link: a pre-signed one holds its signature there
_TEXTS: Final = frozenset({"comment", "comments", "errorMessage", "notes", "reason", "username"})
_SIGNATURE_LENGTH_MIN: Final = 16  # of one parameter by itself: "removed" or "true" sign nothing
_CUSTOMERS: Final = frozenset({"customers", "entityId", "earningEntityId"})
_WHOLE: Final = re.compile(r"(\d+)(?:\.0*)?")
_HASHLIKE: Final = re.compile(rb"[0-9a-fA-F]{1,8}")
_HEAD: Final = 5
_LETTERS: Final = b"0-9A-Za-z"


class Secret(NamedTuple):
    """A value that must not come out, and what it is."""

    kind: str
    text: str


class _Object(NamedTuple):
    """A JSON object as it is written, the same key twice included."""

    pairs: list[tuple[str, Any]]


class _Leaf(NamedTuple):
    """A text or a number, its key without whitespace, and the key of the object that holds it."""

    parent: str
    key: str
    text: str


def secrets_of(value: bytes) -> set[Secret]:
    """Return what a record says of people, codes and signatures, each as it is written and without its whitespace."""
    found = {secret for leaf in _leaves(_text(value)) for secret in _secrets(leaf)}
    return {Secret(kind, text) for kind, spelled in found for text in (spelled, "".join(spelled.split())) if text}


def customer_ids_of(value: bytes) -> set[str]:
    """Return the numbers of all customers that a record names, however they are written."""
    leaves = (leaf for leaf in _leaves(_text(value)) if leaf.key in _CUSTOMERS or leaf.key.endswith("ustomerId"))
    return {number[1] for leaf in leaves if (number := _WHOLE.fullmatch("".join(leaf.text.split())))}


def shown(secrets: Iterable[Secret], output: bytes) -> list[Secret]:
    """Return the secrets that an output holds, inside of longer words too.

    A short one that could as well be a part of a hash or of a time counts only where it stands by itself.
    """
    texts = {secret: secret.text.encode() for secret in secrets}
    # Many begin alike: looking for their beginnings first spares most of the reading.
    heads = {head for head in {text[:_HEAD] for text in texts.values()} if head in output}
    return [secret for secret, text in texts.items() if text[:_HEAD] in heads and _holds(output, text)]


def _holds(output: bytes, text: bytes) -> bool:
    if text not in output:
        return False
    if not _HASHLIKE.fullmatch(text):
        return True
    return re.search(rb"(?<![%b])%b(?![%b])" % (_LETTERS, text, _LETTERS), output) is not None


def _text(value: bytes) -> str:
    return value.decode("utf-16" if value.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")


def _secrets(leaf: _Leaf) -> Iterator[Secret]:
    kind = "shop" if leaf.parent in SHOPS else KINDS.get(leaf.key)
    if kind and leaf.key in KINDS:
        yield Secret(kind, leaf.text)
    for email in _EMAIL.findall(leaf.text):
        yield Secret("e-mail", email)
    for query in _QUERY.findall(leaf.text):
        yield Secret("URL signature", query)
        values = (part.partition("=")[2] for part in query.split("&"))
        yield from (Secret("URL signature", part) for part in values if len(part) >= _SIGNATURE_LENGTH_MIN)
    if leaf.key in _TEXTS:
        yield from (Secret("mobile", mobile.rstrip("_")) for mobile in _MOBILE.findall(leaf.text))


def _leaves(text: str) -> Iterator[_Leaf]:
    """Yield every leaf of a document; of what is no document, the pairs that can be made out."""
    try:
        document = json.loads(text, object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        for key, written, number in _PAIR.findall(text):
            yield _Leaf("", "".join(key.split()), written or number)
        return
    pending: list[tuple[str, str, Any]] = [("", "", document)]
    while pending:
        parent, key, node = pending.pop()
        if isinstance(node, _Object):
            pending += [(key, part_key, part) for part_key, part in _named(node)]
        elif isinstance(node, list):
            pending += [(parent, key, part) for part in node]
        elif isinstance(node, str):
            yield _Leaf(parent, key, node)
            if key == "contextData" and node:  # JSON as the text of a cell
                yield from _leaves(node)


def _named(node: _Object) -> Iterator[tuple[str, Any]]:
    """Yield the pairs of an object, keys without whitespace; the value of a named field under that name."""
    pairs = [("".join(key.split()), part) for key, part in node.pairs]
    names = ["".join(part.split()) for key, part in pairs if key in _NAMES and isinstance(part, str)]
    name = next((name for name in names if name in KINDS), None)
    for key, part in pairs:
        yield (name if name and key in _VALUES else key), part
