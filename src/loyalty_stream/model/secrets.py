"""Hiding what must not be seen downstream."""

from hashlib import sha256


def code_hash(vendor: str, org_id: str, code: str) -> str:
    """Return what stands for a coupon code outside the vendor's records: 32 hex digits, equal for equal codes.

    A code is a bearer secret (DESIGN rule 8): it can be checked against the hash, not read from it.
    """
    return sha256(f"{vendor}:{org_id}:{code}".encode()).hexdigest()[:32]


def id_hash(vendor: str, org_id: str, customer_id: str) -> str:
    """Return what stands for an erased customer's id: 32 hex digits, to be compared with the hash of an id."""
    return sha256(f"{vendor}:{org_id}:{customer_id}".encode()).hexdigest()[:32]
