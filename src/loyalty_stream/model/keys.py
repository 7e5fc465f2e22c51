"""Entity keys and the partition that a key lives on."""

from struct import unpack_from
from typing import Final

_MASK: Final = 0xFFFFFFFF
_SEED: Final = 0x9747B28C
_MULTIPLIER: Final = 0x5BD1E995


def entity_key(vendor: str, org_id: str, entity_id: str) -> str:
    """Return the key under which everything of one customer is kept: `vendor:org_id:customer_id`."""
    return f"{vendor}:{org_id}:{entity_id}"


def entity_id_of(key: str, customer_id: str | None) -> str:
    """Return what a key names besides vendor and org: the customer's id, or another entity as `reward/55881`."""
    return customer_id if customer_id is not None else key.split(":", 2)[2]


def murmur2(data: bytes) -> int:
    """Return the 32-bit murmur2 hash of Kafka's default partitioner."""
    length = len(data)
    words = length >> 2
    value = _SEED ^ length
    for word in unpack_from(f"<{words}I", data):
        mixed = (word * _MULTIPLIER) & _MASK
        mixed = ((mixed ^ (mixed >> 24)) * _MULTIPLIER) & _MASK
        value = ((value * _MULTIPLIER) & _MASK) ^ mixed
    rest = length & 3
    if rest:
        value = ((value ^ int.from_bytes(data[words << 2 :], "little")) * _MULTIPLIER) & _MASK
    value = ((value ^ (value >> 13)) * _MULTIPLIER) & _MASK
    return value ^ (value >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition that Kafka's default partitioner gives a key among so many partitions."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
