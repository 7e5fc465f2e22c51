"""What the vendor holds: organisations with applications, their campaigns in order, and their loyalty programmes."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from loyalty_stream.model.keys import entity_key
from loyalty_stream.simulate.clock import Clock

Json = dict[str, Any]
State = Literal["draft", "scheduled", "running", "disabled", "expired", "archived"]

VENDOR: Final = "talon_one"
NO_ORG: Final = "0"
SETS: Final = ("universal", "stackable", "exclusive")
_FIRST_ORG_ID: Final = 8_001
_FIRST_CAMPAIGN_ID: Final = 4_700
_APPLICATIONS: Final = (("Harbour app", "Europe/Oslo"), ("Meadow web shop", "Europe/Berlin"), ("Nordlys tills", "UTC"))
_TIERS: Final = (("Bronze", Decimal(0)), ("Silver", Decimal("400.5")), ("Gold", Decimal(900)))


@dataclass(slots=True, eq=False)
class Application:
    """An application; `collects` says that records about its campaigns are keyed by the application."""

    id: int
    org_id: str
    name: str
    time_zone: str
    collects: bool
    programs: list[Json]
    sets: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in SETS})
    campaigns: list["Campaign"] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    untimed: set[str] = field(default_factory=set)  # orders that were told without a usable time

    @property
    def key(self) -> str:
        """The entity key under which the order of its campaigns is kept."""
        return entity_key(VENDOR, self.org_id, self.entity)

    @property
    def entity(self) -> str:
        """What its key names besides vendor and organisation."""
        return f"application/{self.id}"


@dataclass(slots=True, eq=False)
class Campaign:
    """A campaign; `document` is the vendor's object as of the last notification, `state` the vendor's word."""

    id: int
    application: Application
    state: State
    document: Json
    ruleset_id: int
    clock: Clock = field(default_factory=Clock)
    deleted: bool = False

    @property
    def key(self) -> str:
        """The entity key under which it is kept."""
        return entity_key(VENDOR, self.application.org_id, self.entity)

    @property
    def entity(self) -> str:
        """What its key names besides vendor and organisation."""
        return f"campaign/{self.id}"


class World:
    """All applications; campaigns are numbered anew in each organisation, so that ids occur in several."""

    def __init__(self, orgs: int, *, collecting: bool) -> None:
        """Lay out the organisations; where there is only one, no header names it.

        With `collecting`, the records of each organisation's first application are keyed by the application.
        """
        names = [NO_ORG] if orgs == 1 else [str(_FIRST_ORG_ID + number) for number in range(orgs)]
        self.applications = [
            Application(58 + place, name, *_APPLICATIONS[place], collecting and place == 0, [_program(140 + place)])
            for name in names
            for place in range(len(_APPLICATIONS))
        ]
        self._campaigns = dict.fromkeys(names, _FIRST_CAMPAIGN_ID)

    def next_campaign_id(self, org_id: str) -> int:
        """Return a campaign's id that is not taken in an organisation."""
        self._campaigns[org_id] += 1
        return self._campaigns[org_id]


def _program(program_id: int) -> Json:
    return {
        "id": program_id,
        "created": "2025-06-10T09:05:27.993483Z",
        "title": "Points of the shop",
        "description": "One point for each unit of the currency",
        "subscribedApplications": [58, 59, 60],
        "defaultValidity": "unlimited",
        "defaultPending": "immediate",
        "allowSubledger": False,
        "usersPerCardLimit": 4,
        "accountID": 990_417,
        "name": f"points_{program_id}",
        "tiers": [
            {
                "name": name,
                "minPoints": points,
                **({"id": 10 * program_id + place} if place else {}),  # the lowest is known by its name alone
                "created": "2025-06-10T09:04:39.355258Z",
                "programID" if place == 2 else "programId": program_id,  # noqa: PLR2004 - the vendor mixes both
            }
            for place, (name, points) in enumerate(_TIERS)
        ],
        "timezone": "Europe/Berlin",
        "cardBased": False,
        "sandbox": False,
    }
