"""Render the row of a campaign, or of an application, for readers. Pure."""

from typing import Any

from loyalty_stream.domains.campaigns.priorities import CampaignPosition
from loyalty_stream.domains.campaigns.state import Application, Campaign, CampaignsState
from loyalty_stream.model.amounts import amount_text


def render_campaigns(state: CampaignsState) -> dict[str, Any]:
    """Return a campaign, or an application: a key has the one or the other."""
    return _campaign(state.campaign) if state.application is None else _application(state.application)


def _campaign(campaign: Campaign) -> dict[str, Any]:
    document = campaign.document
    return {
        "state": campaign.state,
        "vendor_state": campaign.vendor_state,
        "name": None if document is None else document.name,
        "version_at": campaign.version_at,
        "deleted_at": campaign.deleted_at,
        "ruleset_id": campaign.ruleset_id,
        "priority": {"set": campaign.priority_set, "position": campaign.priority_position},
        "gauges": {} if document is None else {each.name: amount_text(each.value) for each in document.gauges},
        "limits": [
            {
                "action": limit.action,
                "period": limit.period,
                "amount": amount_text(limit.amount),
                "used": None if limit.used is None else amount_text(limit.used),
            }
            for limit in (() if document is None else document.limits)
        ],
    }


def _application(application: Application) -> dict[str, Any]:
    return {
        "positions": [_position(position) for position in application.positions],
        "programs": [
            {
                "program_id": program_id,
                "tiers": [
                    {"tier_id": tier.tier_id, "name": tier.name, "points_min": amount_text(tier.points_min)}
                    for tier in tiers
                ],
            }
            for program_id, tiers in application.programs.items()
        ],
        "version_at": application.version_at,
    }


def _position(position: CampaignPosition) -> dict[str, Any]:
    return {"set": position.set_name, "position": position.position, "campaign_id": position.campaign_id}
