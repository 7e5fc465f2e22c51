"""One notification as the vendor means it, before it is wrapped and delivered."""

from dataclasses import dataclass
from typing import Final, Literal

from loyalty_stream.simulate.talon_one.telling import Kind, Order, Word
from loyalty_stream.simulate.talon_one.world import Application, Campaign, Json

TimeField = Literal["created", "updated", "deletedAt", "modified"]

NO_TIME: Final = "2022-10-97T35:00:00Z"  # as the vendor prints one


@dataclass(slots=True)
class Notification:
    """A notification; `at_ms` is None where its time is not usable.

    `time_field` is where the body states the time, None where it does not. One that `needs_name` cannot be told from
    another kind by its fields.
    """

    kind: Kind
    application: Application
    campaign: Campaign | None  # None where the order of an application's campaigns is told
    body: Json
    word: Word | Order
    at_ms: int | None
    time_field: TimeField | None
    needs_name: bool = False

    @property
    def entity(self) -> str:
        """What the key of that which it is about names besides vendor and organisation."""
        return self.application.entity if self.campaign is None else self.campaign.entity

    @property
    def can_lose_time(self) -> bool:
        """Whether it may say the time of no calendar, and still say what no other without a time has said."""
        if isinstance(self.word, Order):
            return repr(self.word.positions) not in self.application.untimed
        return self.time_field is not None

    def lose_time(self) -> None:
        """Let it state a time of no calendar."""
        if isinstance(self.word, Order):
            self.application.untimed.add(repr(self.word.positions))
        place = {"deletedAt": None, "modified": "application"}.get(self.time_field or "", "campaign")
        if place is None:
            self.body = self.body | {"deletedAt": NO_TIME}
        else:
            self.body = self.body | {place: self.body[place] | {self.time_field: NO_TIME}}
        self.at_ms = None
