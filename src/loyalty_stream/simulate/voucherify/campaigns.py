"""Campaign objects: each version of a campaign is a record of its own, and the newest counts."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from loyalty_stream.simulate.campaigns import Campaign as Stated
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.voucherify.schedule import state_at
from loyalty_stream.simulate.voucherify.stage import Activity, Stage
from loyalty_stream.simulate.voucherify.times import iso, local_time, midnight_ms, milliseconds
from loyalty_stream.simulate.voucherify.world import Campaign, Json, Project

NAME: Final = "campaign"
_LATE_SHARE: Final = 0.15
_LATE_RECORDS_MAX: Final = 12
_DELIVERY_LAG_MS_MAX: Final = 400

Change = Callable[[Json, Draw, int], None]


def _switch(document: Json, _draw: Draw, _midnight_ms: int) -> None:
    document["active"] = not document["active"]


def _generate(document: Json, draw: Draw, _midnight_ms: int) -> None:
    document["vouchers_count"] += draw.between(1, 500)
    document["vouchers_generation_status"] = draw.pick(("DONE", "DONE", "IN_PROGRESS", "FAILED", "DRAFT"))


def _build(document: Json, draw: Draw, _midnight_ms: int) -> None:
    document["creation_status"] = draw.pick(("DONE", "DONE", "MODIFYING", "IN_PROGRESS", "FAILED", "DRAFT"))


def _describe(document: Json, draw: Draw, _midnight_ms: int) -> None:
    document["description"] = f"Wave {draw.between(2, 99)}"
    document["metadata"] = document["metadata"] | {"wave": draw.between(2, 99)}
    document["name"] = f"{document['name'].partition(' #')[0]} #{draw.between(1, 9)}"


def _date(document: Json, draw: Draw, midnight: int) -> None:
    """Let a campaign begin and end some days from now, before or after it."""
    begins = midnight + timedelta(days=draw.between(-40, 2)) // timedelta(milliseconds=1)
    document["start_date"] = iso(begins)
    ends = begins + timedelta(days=draw.between(20, 90)) // timedelta(milliseconds=1)
    document["expiration_date"] = iso(ends) if draw.chance(0.7) else None


def _recur(document: Json, draw: Draw, midnight: int) -> None:
    """Let a campaign be valid on some days only, by their names or by a period."""
    document["validity_day_of_week"] = sorted({draw.between(0, 6) for _ in range(6)}) if draw.chance(0.5) else None
    document["validity_timeframe"] = None
    if draw.chance(0.5):
        document["start_date"] = iso(midnight - 864_000_000 * draw.between(0, 3))
        document["validity_timeframe"] = {"interval": "P2D", "duration": "P1D"}
    document["activity_duration_after_publishing"] = "P24D" if draw.chance(0.3) else None


_CHANGES: Final[tuple[tuple[float, Change], ...]] = (
    (0.15, _switch),
    (0.35, _generate),
    (0.15, _build),
    (0.15, _describe),
    (0.1, _date),
    (0.1, _recur),
)


def announce_campaigns(stage: Stage) -> None:
    """Let the first version of every campaign come before all else: it has not been updated yet."""
    campaigns = ((project, campaign) for project in stage.population.projects for campaign in project.campaigns)
    for number, (project, campaign) in enumerate(campaigns, start=1):
        stage.agenda.add(number, partial(_first, stage, project, campaign))


def _first(stage: Stage, project: Project, campaign: Campaign) -> Activity:
    """Return the first version; without a time of the vendor's it is as of its record."""
    _state(stage, project, campaign, stage.now_ms, 0)
    return _version(stage, project, campaign, stage.now_ms)


def change_campaign(stage: Stage, project: Project) -> Activity:
    """Change some campaign; now and then the version before a change comes after it, and changes nothing."""
    draw, campaign = stage.draw, stage.draw.pick(project.campaigns)
    late: Activity | None = None
    if draw.chance(_LATE_SHARE):
        late = _changed(stage, project, campaign)
        stage.soon(_LATE_RECORDS_MAX, partial(_same, late))
    newest = _changed(stage, project, campaign)
    _state(stage, project, campaign, newest.created_at, newest.created_at)
    return newest


def _changed(stage: Stage, project: Project, campaign: Campaign) -> Activity:
    """Return the next version of a campaign."""
    at_ms = max(stage.now_ms - stage.draw.between(5, _DELIVERY_LAG_MS_MAX), campaign.clock.last_ms + 1)
    campaign.clock.last_ms = at_ms
    midnight = midnight_ms(local_time(at_ms, project.time_zone).date(), project.time_zone)
    stage.draw.weighed(_CHANGES)(campaign.document, stage.draw, midnight)
    campaign.document["updated_at"] = iso(at_ms)
    return _version(stage, project, campaign, at_ms)


def _version(stage: Stage, project: Project, campaign: Campaign, at_ms: int) -> Activity:
    key = stage.key(project, f"campaign/{campaign.id}")
    return Activity(
        name=NAME,
        project=project,
        customer=None,
        key=key,
        data=deepcopy(campaign.document),
        id="",
        created_at=at_ms,
        spelled=NAME,
        is_document=True,
    )


def _state(stage: Stage, project: Project, campaign: Campaign, at_ms: int, version_at: int) -> None:
    document = campaign.document
    starts, expires = document["start_date"], document["expiration_date"]
    stage.answer.campaigns[stage.key(project, f"campaign/{campaign.id}")] = Stated(
        state=state_at(document, at_ms, project.time_zone),
        vendor_state=document["creation_status"],
        version_at=version_at,
        name=document["name"],
        switched_on=document["active"],
        starts_at=None if starts is None else milliseconds(starts),
        expires_at=None if expires is None else milliseconds(expires),
        gauges={"vouchers": Decimal(document["vouchers_count"])},
    )


def _same(activity: Activity) -> Activity:
    return activity
