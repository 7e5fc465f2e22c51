"""Which limits of a campaign are nearly used up.

A limit that is not the whole campaign's, as one for each customer, has no `used` and is never near. Of one that begins
anew each period the total is the most that can be used, so that such a warning may come too early, never too late.
Source: `limits` and the counters of Talon.One's campaign, which are totals at the time of the notification.
"""

from loyalty_stream.domains.campaigns.derived import CampaignBudgetNear
from loyalty_stream.domains.campaigns.document import CampaignDocument, Limit
from loyalty_stream.model.amounts import ZERO


def near_limits(
    campaign_id: str, told: tuple[str, ...], document: CampaignDocument | None
) -> tuple[tuple[str, ...], tuple[CampaignBudgetNear, ...]]:
    """Return the names of the limits that are nearly used up, and what is to be told of those that were not before.

    Without a document nothing is known to have changed.
    """
    if document is None:
        return told, ()
    near = {_name(limit): limit for limit in document.limits if _is_near(limit)}
    crossed = tuple(
        CampaignBudgetNear(campaign_id, limit.action, limit.period, limit.used or ZERO, limit.amount)
        for name, limit in near.items()
        if name not in told
    )
    return tuple(near), crossed


def _is_near(limit: Limit) -> bool:
    """Return whether nine tenths are used; multiplied as whole tenths, so that nothing is rounded."""
    return limit.used is not None and limit.amount > ZERO and limit.used * 10 >= limit.amount * 9


def _name(limit: Limit) -> str:
    return f"{limit.action}|{limit.period or ''}"
