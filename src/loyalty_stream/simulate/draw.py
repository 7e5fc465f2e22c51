"""Seeded chance: the only source of what differs between two simulations."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

DAY_MS: Final = 86_400_000
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_THOUSAND: Final = 1000


class Draw:
    """Draw everything that is left to chance from one seed, and number what must be unique."""

    def __init__(self, seed: int, fractional_share: float) -> None:
        """Start from a seed; `fractional_share` of the amounts have two or three decimals."""
        self._random = Random(seed)  # noqa: S311 - repeatable traffic, not a secret
        self._fractional_share = fractional_share
        self._serial = 0
        self.unit = self._random.random

    def chance(self, share: float) -> bool:
        """Return true for a share of the calls."""
        return self.unit() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[int(self.unit() * len(items))]

    def weighed(self, items: Sequence[tuple[float, T]]) -> T:
        """Return one of the items, each as often as its share says; the last takes what the shares leave."""
        point = self.unit()
        for share, item in items:
            point -= share
            if point < 0:
                return item
        return items[-1][1]

    def take(self, items: list[T]) -> T:
        """Remove one of the items and return it; the order of the rest may change."""
        index = int(self.unit() * len(items))
        items[index], items[-1] = items[-1], items[index]
        return items.pop()

    def serial(self) -> int:
        """Return a number that no other call returns."""
        self._serial += 1
        return self._serial

    def hex(self, digits: int) -> str:
        """Return so many random hexadecimal digits."""
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """Return an id in the shape of a UUID."""
        text = self.hex(32)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def amount(self, low: int, high: int) -> Decimal:
        """Return an amount from low to high: whole (`60.0`), or with two or three decimals for a share of the calls."""
        if self.unit() >= self._fractional_share:
            return Decimal(10 * self.between(low, high)).scaleb(-1)
        places = self.between(2, 3)
        scale: int = 10**places
        return Decimal(self.between(low * scale, high * scale)).scaleb(-places)

    def part_of(self, amount: Decimal) -> Decimal:
        """Return more than zero and at most all of an amount: whole where the amount is whole."""
        thousandths = int(amount * _THOUSAND)
        if thousandths % _THOUSAND == 0:
            return Decimal(10 * self.between(1, thousandths // _THOUSAND)).scaleb(-1)
        return Decimal(self.between(1, thousandths)).scaleb(-3)


def day(now_ms: int, days: int) -> str:
    """Return the date so many days after a time, as `2026-05-31`."""
    return date.fromordinal(_EPOCH_ORDINAL + now_ms // DAY_MS + days).isoformat()
