"""What is kept of a customer besides what other domains keep: no personal data, and of transactions the latest."""

from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

TRANSACTIONS_MAX: Final = 64  # per customer: a transaction changes within days of its bill


class Transaction(Struct, frozen=True, array_like=True, gc=False):
    """The delivery of one transaction; `recorded` is false while only changes of it were seen."""

    status: str | None = None
    recorded: bool = False


class Standing(Struct, frozen=True, array_like=True, gc=False):
    """Whether something holds, and the vendor's time of the last word on it in milliseconds since the epoch."""

    holds: bool
    at: int


class CustomersState(Struct, frozen=True, array_like=True, gc=False):
    """When the profile was added, in milliseconds since the epoch, and the latest transactions, the newest last.

    `merged` are the ids of the customers who were merged into this one, and of those merged into them before.
    `segments` and `consents` are by the vendor's id of each, those that were left or revoked too. `messages` counts by
    `<channel>|<outcome>`.
    """

    added_at: int | None = None
    transactions: dict[str, Transaction] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    segments: dict[str, Standing] = field(default_factory=dict)
    consents: dict[str, Standing] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)

    def with_transaction(self, transaction_id: str, transaction: Transaction) -> "CustomersState":
        """Return a new state in which one transaction is the newest, and those that are too many are forgotten."""
        others = [(known_id, known) for known_id, known in self.transactions.items() if known_id != transaction_id]
        kept = others[-(TRANSACTIONS_MAX - 1) :]
        return replace(self, transactions=dict([*kept, (transaction_id, transaction)]))
