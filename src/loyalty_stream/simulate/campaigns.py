"""What the right answer says of campaigns, of applications that put them in order, and of executions."""

from decimal import Decimal

from msgspec import Struct, field


class Limit(Struct, frozen=True):
    """How much of something a campaign may do; `used` is None where no total of the campaign's counts it."""

    action: str
    amount: Decimal
    period: str | None = None
    used: Decimal | None = None

    @property
    def is_near(self) -> bool:
        """Whether at least nine tenths of it are used."""
        return self.used is not None and self.amount > 0 and 10 * self.used >= 9 * self.amount


class Campaign(Struct):
    """A campaign as the newest word on it has it; `vendor_state` is the vendor's own word for its state.

    `version_at` is the newest usable time of the vendor's. A schedule that is not known is None throughout. `near`
    names the limits that were told to be nearly used up: the action and the period, if it has one, joined by `|`.
    """

    state: str | None = None
    vendor_state: str | None = None
    version_at: int = 0
    deleted_at: int | None = None
    name: str | None = None
    ruleset_id: str | None = None
    priority_set: str | None = None
    priority_position: int | None = None
    switched_on: bool | None = None
    starts_at: int | None = None
    expires_at: int | None = None
    gauges: dict[str, Decimal] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    near: tuple[str, ...] = ()

    def adopt_limits(self, limits: tuple[Limit, ...]) -> None:
        """Take the limits of a newer document, and which of them are nearly used up."""
        self.limits = limits
        self.near = tuple(f"{limit.action}|{limit.period or ''}" for limit in limits if limit.is_near)


class Application(Struct):
    """The order of an application's campaigns, and the tiers of its loyalty programmes by programme id.

    A position is a set's name, a place from 1 on, and a campaign's id; a tier is its id, name and least points.
    """

    positions: tuple[tuple[str, int, str], ...] = ()
    programs: dict[str, tuple[tuple[str, str | None, Decimal], ...]] = field(default_factory=dict)
    version_at: int = 0


class Execution(Struct):
    """An execution of a campaign, as its newest version has it."""

    status: str
    updated_at: int
