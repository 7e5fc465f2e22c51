"""What is said of campaigns, and of applications that put them in order, in the words of both sides. Pure."""

from collections.abc import Mapping
from typing import Any

from loyalty_stream.model.amounts import amount_text
from loyalty_stream.simulate.campaigns import Application, Campaign


def expected_campaign(campaign: Campaign) -> dict[str, str]:
    """Return what the simulation says of a campaign."""
    said = {
        name: getattr(campaign, name)
        for name in ("state", "vendor_state", "name", "version_at", "deleted_at", "ruleset_id")
    }
    said["priority"] = f"{campaign.priority_set} {campaign.priority_position}"
    said |= {f"gauge {name}": amount_text(value) for name, value in campaign.gauges.items()}
    for limit in campaign.limits:
        used = None if limit.used is None else amount_text(limit.used)
        said[f"limit {limit.action} {limit.period}"] = f"{used} of {amount_text(limit.amount)}"
    return {f"campaign {name}": str(value) for name, value in said.items()}


def expected_application(application: Application) -> dict[str, str]:
    """Return what the simulation says of an application."""
    said = {f"position {set_name} {place}": campaign_id for set_name, place, campaign_id in application.positions}
    for program_id, tiers in application.programs.items():
        said |= {f"tier {program_id} {tier}": f"{name} from {amount_text(least)}" for tier, name, least in tiers}
    return {f"application {name}": value for name, value in said.items()} | _version(application.version_at)


def found_campaign(picture: Mapping[str, Any]) -> dict[str, str]:
    """Return the same as the picture of a campaign, or of an application, says it."""
    if "positions" in picture:
        return _found_application(picture)
    said = {name: picture[name] for name in ("state", "vendor_state", "name", "version_at", "deleted_at", "ruleset_id")}
    said["priority"] = f"{picture['priority']['set']} {picture['priority']['position']}"
    said |= {f"gauge {name}": value for name, value in picture["gauges"].items()}
    for limit in picture["limits"]:
        said[f"limit {limit['action']} {limit['period']}"] = f"{limit['used']} of {limit['amount']}"
    return {f"campaign {name}": str(value) for name, value in said.items()}


def _found_application(picture: Mapping[str, Any]) -> dict[str, str]:
    said = {f"position {each['set']} {each['position']}": each["campaign_id"] for each in picture["positions"]}
    for program in picture["programs"]:
        said |= {
            f"tier {program['program_id']} {tier['tier_id']}": f"{tier['name']} from {tier['points_min']}"
            for tier in program["tiers"]
        }
    return {f"application {name}": value for name, value in said.items()} | _version(picture["version_at"])


def _version(at_ms: int) -> dict[str, str]:
    return {"application version_at": str(at_ms)}
