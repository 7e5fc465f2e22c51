"""The right answer: what tables and counters must hold after everything yielded so far."""

from collections import Counter
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar

from msgspec import Struct, field

from loyalty_stream.simulate.account import CURRENCY, Account, amount_text
from loyalty_stream.simulate.campaigns import Application, Campaign, Execution

CouponState = Literal["issued", "redeemed", "rolled_back"]
StreakState = Literal["enrolled", "running", "ended", "unenrolled"]
PromotionState = Literal["issued", "earned", "revoked"]
PartnerState = Literal["linked", "delinked"]

K = TypeVar("K", bound=tuple[str, ...])
V = TypeVar("V")

_CUSTOMERS: Final = (
    "accounts",
    "tiers",
    "coupons",
    "streaks",
    "promotions",
    "targets",
    "badges",
    "transactions",
    "partners",
    "grants",
    "tier_terms",
    "coupon_terms",
    "grant_terms",
    "profiles",
    "segments",
    "consents",
    "messages",
)


class Coupon(Struct):
    """One coupon of one customer: redeemed as soon as it was used once, rolled back as long as that was taken back."""

    state: CouponState = "issued"
    uses: int = 0


class Target(Struct):
    """One target of one period, as the vendor last stated it; `met` is None until it says."""

    achieved: Decimal | None = None
    met: bool | None = None
    closed: bool = False


class Offer(Struct, frozen=True):
    """A reward of the catalogue, as the vendor last stated it."""

    price: Decimal
    enabled: bool


class TierTerm(Struct, frozen=True):
    """When a tier ends, as dates, by the vendor's word and by the rules of its campaign; None where none is said."""

    expires_on: str | None = None
    computed_expires_on: str | None = None


class CouponTerms(Struct, frozen=True):
    """What is known of a coupon beside its state; times are in milliseconds."""

    series_id: str | None = None
    discount_type: str | None = None
    discount_value: Decimal | None = None
    valid_till: int | None = None
    issued_on: int | None = None
    redeemed_on: int | None = None


class GrantTerms(Struct, frozen=True):
    """When a reward was given last, in milliseconds, and what it cost then."""

    issued_at: int
    points_price: Decimal | None = None


class Answer(Struct):
    """Hold the expected tables and counters. All ids in the keys are text, as in entity keys.

    Every key of a table begins with the entity key: a customer's, but for offers, cards, requests, campaigns,
    applications and executions. `owned` says in which tables a customer has facts. A simulation may leave `profiles`
    and all terms out.
    """

    accounts: dict[tuple[str, str, str], Account] = field(default_factory=dict)  # entity key, programme, currency
    tiers: dict[tuple[str, str], int | str | None] = field(default_factory=dict)  # entity key, programme; None: left
    coupons: dict[tuple[str, str], Coupon] = field(default_factory=dict)  # entity key, coupon
    streaks: dict[tuple[str, str, str, str], StreakState] = field(default_factory=dict)  # key, group, period, name
    promotions: dict[tuple[str, Literal["issual", "earned"], str], PromotionState] = field(default_factory=dict)
    targets: dict[tuple[str, str, str], Target] = field(default_factory=dict)  # entity key, period, target
    badges: dict[tuple[str, str], int] = field(default_factory=dict)  # entity key, badge: how often it was earned
    transactions: dict[tuple[str, str], str | None] = field(default_factory=dict)  # entity key, transaction: its status
    partners: dict[tuple[str, str], PartnerState] = field(default_factory=dict)  # entity key, partner programme
    grants: dict[tuple[str, str], int] = field(default_factory=dict)  # entity key, reward: how often it was given
    offers: dict[str, Offer] = field(default_factory=dict)  # by the reward's entity key
    cards: dict[str, str] = field(default_factory=dict)  # by the card's entity key: its status
    requests: dict[str, str] = field(default_factory=dict)  # by the request's entity key: its state
    tier_terms: dict[tuple[str, str], TierTerm] = field(default_factory=dict)  # entity key, programme
    coupon_terms: dict[tuple[str, str], CouponTerms] = field(default_factory=dict)  # entity key, coupon
    grant_terms: dict[tuple[str, str], GrantTerms] = field(default_factory=dict)  # entity key, reward
    profiles: dict[tuple[str], int] = field(default_factory=dict)  # entity key: when it was added, in milliseconds
    segments: dict[tuple[str, str], bool] = field(default_factory=dict)  # entity key, segment: whether they are in it
    consents: dict[tuple[str, str], bool] = field(default_factory=dict)  # entity key, consent: whether it is given
    messages: dict[tuple[str, str, str], int] = field(default_factory=dict)  # entity key, channel, outcome: how many
    campaigns: dict[str, Campaign] = field(default_factory=dict)  # by the campaign's entity key
    applications: dict[str, Application] = field(default_factory=dict)  # by the application's entity key
    executions: dict[str, Execution] = field(default_factory=dict)  # by the execution's entity key
    consumed: int = 0
    applied: int = 0
    duplicate: int = 0
    ignored: int = 0
    dead_lettered: int = 0
    dead_letters: Counter[str] = field(default_factory=Counter)  # by DeadLetterReason value
    applied_events: Counter[str] = field(default_factory=Counter)  # by event name
    transfers: Counter[str] = field(default_factory=Counter)  # begun, settled, dropped
    merges: Counter[int] = field(default_factory=Counter)  # by the length of the chain: 2 where nobody merged before
    late_events: int = 0  # applied events of a victim that came after the merge
    erased: set[str] = field(default_factory=set)  # entity keys of customers of whom nothing is kept
    owned: dict[str, list[tuple[dict[Any, Any], tuple[str, ...]]]] = field(default_factory=dict)

    def account(self, entity_key: str, program_id: int | str, currency: str = CURRENCY) -> Account:
        """Return the customer's account in a programme, opening it at zero."""
        key = (entity_key, str(program_id), currency)
        account = self.accounts.get(key)
        if account is None:
            account = Account()
            self.state(self.accounts, key, account)
        return account

    def state(self, table: dict[K, V], key: K, value: V) -> None:
        """State a fact of a customer; its key begins with the customer's."""
        if key not in table:
            self.owned.setdefault(key[0], []).append((table, key))
        table[key] = value

    def move(self, from_key: str, to_key: str) -> None:
        """Make everything of one customer another's: accounts and counts add up, the higher tier holds."""
        for table, key in self.owned.pop(from_key, ()):
            value, place = table.pop(key), (to_key, *key[1:])
            mine = table.get(place)
            if isinstance(mine, Account):
                mine.join(value)
            elif mine is None:
                self.state(table, place, value)
            elif table is self.tiers:
                table[place] = max(mine, value)
            elif isinstance(mine, int):
                table[place] = mine + value
            else:
                raise ValueError(f"both customers have {key[1:]}: which of the two holds is not known")

    def erase(self, entity_key: str) -> None:
        """Forget everything of a customer, for good."""
        self.erased.add(entity_key)
        for table, key in self.owned.pop(entity_key, ()):
            del table[key]

    def count_applied(self, event_name: str) -> None:
        """Count a raw record all parts of which took effect."""
        self.consumed += 1
        self.applied += 1
        self.applied_events[event_name] += 1

    def count_duplicate(self) -> None:
        """Count a raw record that came before."""
        self.consumed += 1
        self.duplicate += 1

    def count_ignored(self) -> None:
        """Count a raw record that is well formed and has no effect."""
        self.consumed += 1
        self.ignored += 1

    def count_dead_letter(self, reason: str) -> None:
        """Count a raw record that cannot be used."""
        self.consumed += 1
        self.dead_lettered += 1
        self.dead_letters[reason] += 1

    def dump(self) -> dict[str, Any]:
        """Return everything ready for JSON: keys joined by `|`, decimals as plain text without trailing zeros."""
        tables = {
            name: {"|".join(key): _dumped(value) for key, value in getattr(self, name).items()} for name in _CUSTOMERS
        }
        return tables | {
            "offers": {key: _dumped(offer) for key, offer in self.offers.items()},
            "cards": self.cards,
            "requests": self.requests,
            "campaigns": {key: _dumped(campaign) for key, campaign in self.campaigns.items()},
            "applications": {key: _dumped(application) for key, application in self.applications.items()},
            "executions": {key: _dumped(execution) for key, execution in self.executions.items()},
            "tally": {
                "consumed": self.consumed,
                "applied": self.applied,
                "duplicate": self.duplicate,
                "ignored": self.ignored,
                "dead_lettered": self.dead_lettered,
                "dead_letters": dict(sorted(self.dead_letters.items())),
                "applied_events": dict(sorted(self.applied_events.items())),
                "transfers": dict(sorted(self.transfers.items())),
                "merges": {str(length): count for length, count in sorted(self.merges.items())},
                "late_events": self.late_events,
                "erasures": len(self.erased),
            },
        }


def _dumped(value: object) -> Any:  # noqa: ANN401 - a JSON value
    """Return a fact ready for JSON; which of an account's totals were adopted is the model's own business."""
    if isinstance(value, Account):
        return {name: amount_text(getattr(value, name)) for name in ("active", "pending", "lifetime")}
    if isinstance(value, Struct):
        return {name: _dumped(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: _dumped(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_dumped(part) for part in value]
    return amount_text(value) if isinstance(value, Decimal) else value
