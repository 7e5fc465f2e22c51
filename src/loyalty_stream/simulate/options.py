"""What a simulation is asked to make; a wrong value stops the start with its name, the value and what is allowed."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from loyalty_stream.errors import UsageError

Keying = Literal["customer", "mobile", "none"]
Bulk = Literal["own", "others"]
Dialect = Literal["capillary", "voucherify", "talon_one", "open_loyalty"]

ORGS_MAX: Final = 50
DEFAULT_START_MS: Final = 1_767_225_600_000  # 2026-01-01T00:00:00Z
START_MS_MIN: Final = 1_000_000_000_000  # 2001: from here on a time in milliseconds has thirteen digits
START_MS_MAX: Final = 4_102_444_800_000  # 2100

_SHARES: Final = (
    "dirt_share",
    "duplicate_share",
    "conflict_share",
    "unknown_share",
    "bad_bytes_share",
    "not_yet_supported_share",
    "casing_share",
    "fractional_share",
    "opening_share",
    "drift_share",
    "group_share",
    "transfer_share",
    "merge_share",
    "bad_merge_share",
    "erasure_share",
)
_EXCLUSIVE: Final = (
    "duplicate_share",
    "conflict_share",
    "unknown_share",
    "bad_bytes_share",
    "not_yet_supported_share",
)
_EXCLUSIVE_AMONG_GOOD: Final = ("transfer_share", "merge_share", "bad_merge_share", "erasure_share")


class OptionsError(UsageError):
    """Say which option is wrong, what it is and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationOptions:
    """Hold what a simulation makes: how many records of how many customers, and how much of it is spoilt.

    A share is a number from 0 to 1 of all records; `dirt_share` and `casing_share` are shares of the good records,
    `fractional_share` of the amounts, `opening_share`, `drift_share` and `group_share` of the customers, of whom the
    last are whom the members of a group contribute points to. Of the good records, `transfer_share` begin a transfer,
    the other leg of which comes later, `merge_share` merge two customers, `bad_merge_share` say so of two who cannot be
    merged, and `erasure_share` erase a customer; where that cannot be, something else happens. What becomes of a merge
    that cannot be is only sure where no partition lags far behind. `skew` is 1 where all customers are equally busy,
    and more the more of the traffic belongs to a few.

    Record timestamps start at `start_ms` and advance by `interval_ms` on average. On a broker that keeps records for a
    limited time, choose a start so late that nothing has expired, and so early that nothing lies in the future.
    """

    events: int = 10_000
    customers: int = 1_000
    seed: int = 1
    orgs: int = 2
    dialect: Dialect = "capillary"
    dirt_share: float = 0.03
    duplicate_share: float = 0.02
    conflict_share: float = 0.005
    unknown_share: float = 0.005
    bad_bytes_share: float = 0.01
    not_yet_supported_share: float = 0.05
    casing_share: float = 0.03
    fractional_share: float = 0.3
    opening_share: float = 0.15
    drift_share: float = 0.03
    group_share: float = 0.05
    transfer_share: float = 0.02
    merge_share: float = 0.004
    bad_merge_share: float = 0.0
    erasure_share: float = 0.0005
    keying: Keying = "customer"
    bulk: Bulk = "own"
    skew: float = 2.0
    start_ms: int = DEFAULT_START_MS
    interval_ms: int = 200

    def __post_init__(self) -> None:
        """Raise OptionsError for the first option that is out of its range."""
        self._check_numbers()
        for name in _SHARES:
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise OptionsError(f"{name} is {value}: it must be a share from 0 to 1")
        for exclusive in (_EXCLUSIVE, _EXCLUSIVE_AMONG_GOOD):
            together = sum(getattr(self, name) for name in exclusive)
            if together > 1:
                raise OptionsError(f"{' + '.join(exclusive)} is {together:g}: together they must not exceed 1")
        for name, allowed in (("dialect", Dialect), ("keying", Keying), ("bulk", Bulk)):
            value = getattr(self, name)
            if value not in get_args(allowed):
                raise OptionsError(f"{name} is {value!r}: it must be one of {', '.join(get_args(allowed))}")

    def _check_numbers(self) -> None:
        if self.events < 0:
            raise OptionsError(f"events is {self.events}: it must be 0 or more")
        if not 1 <= self.orgs <= ORGS_MAX:
            raise OptionsError(f"orgs is {self.orgs}: it must be from 1 to {ORGS_MAX}")
        if self.customers < self.orgs:
            raise OptionsError(f"customers is {self.customers}: it must be at least orgs, which is {self.orgs}")
        if self.skew < 1:
            raise OptionsError(f"skew is {self.skew:g}: it must be 1 (all equally busy) or more")
        if not START_MS_MIN <= self.start_ms <= START_MS_MAX:
            raise OptionsError(f"start_ms is {self.start_ms}: it must be from {START_MS_MIN} to {START_MS_MAX}")
        if self.interval_ms < 1:
            raise OptionsError(f"interval_ms is {self.interval_ms}: it must be 1 or more")

    @property
    def span_ms_max(self) -> int:
        """The longest time that the timestamps can span: no record lies later than `start_ms` plus this."""
        return self.events * 2 * self.interval_ms
