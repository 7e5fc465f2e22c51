"""Where things happen to the vendor's campaigns: chance, time, and what there is."""

from typing import Final

from loyalty_stream.simulate.clock import Clock
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.talon_one.documents import new_document
from loyalty_stream.simulate.talon_one.world import Application, Campaign, State, World

_DELIVERY_LAG_MS_MAX: Final = 400
_FIRST: Final[tuple[State, ...]] = ("draft", "scheduled", "running", "disabled", "expired")


class Desk:
    """Hold what every maker of notifications works with."""

    def __init__(self, world: World, draw: Draw, known_share: float) -> None:
        """Take the vendor's world; `known_share` of the campaigns existed before the stream began."""
        self.world = world
        self.draw = draw
        self.known_share = known_share
        self.now_ms = 0

    def campaign(self, application: Application) -> Campaign:
        """Return a campaign as it is made, on no list yet."""
        draw = self.draw
        campaign_id = self.world.next_campaign_id(application.org_id)
        state = draw.pick(_FIRST)
        document = new_document(draw, application, campaign_id, state, self.now_ms)
        return Campaign(campaign_id, application, state, document, document["activeRulesetId"])

    def at(self, clock: Clock) -> int:
        """Return the vendor's time of something: a little before now, and later than all before to the same thing."""
        clock.last_ms = max(self.now_ms - self.draw.between(5, _DELIVERY_LAG_MS_MAX), clock.last_ms + 1)
        return clock.last_ms
