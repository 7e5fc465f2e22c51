"""What happens next: to whom, and what."""

from typing import Final

from loyalty_stream.simulate.talon_one.desk import Desk
from loyalty_stream.simulate.talon_one.happenings import MAKERS, created, edited, prioritise, state_changed
from loyalty_stream.simulate.talon_one.notification import Notification
from loyalty_stream.simulate.talon_one.world import SETS, Application, Campaign

_CAMPAIGNS_MAX: Final = 10  # of an application
_CREATED_SHARE: Final = 0.15
_PRIORITISED_SHARE: Final = 0.12


def notify(desk: Desk, application: Application | None = None) -> Notification:
    """Return what happens next, of one application where asked for."""
    draw = desk.draw
    application = application or draw.pick(desk.world.applications)
    campaigns = application.campaigns
    if not campaigns or (len(campaigns) < _CAMPAIGNS_MAX and draw.chance(_CREATED_SHARE)):
        return _begin(desk, application)
    if draw.chance(_PRIORITISED_SHARE):
        return prioritise(desk, application)
    return _go_on(desk, draw.pick(campaigns))


def notify_beside(desk: Desk, first: Notification) -> Notification:
    """Return what happens next of that which another notification is about, or whatever is keyed like that."""
    if first.application.collects:
        return notify(desk, first.application)
    if first.campaign is None:
        return prioritise(desk, first.application)
    return _go_on(desk, first.campaign)


def example(desk: Desk) -> Notification:
    """Return a notification to be spoilt, of a campaign that nobody else hears of."""
    return state_changed(desk, desk.campaign(desk.draw.pick(desk.world.applications)))


def _begin(desk: Desk, application: Application) -> Notification:
    """Return what tells of a new campaign: its creation, or whatever happens first to one from before."""
    campaign, name = desk.campaign(application), desk.draw.pick(SETS)
    application.campaigns.append(campaign)
    application.sets[name].append(campaign.id)
    if desk.draw.chance(desk.known_share):
        return edited(desk, campaign)
    return created(desk, campaign, (name, len(application.sets[name])))


def _go_on(desk: Desk, campaign: Campaign) -> Notification:
    return desk.draw.weighed(MAKERS)(desk, campaign) or edited(desk, campaign)
