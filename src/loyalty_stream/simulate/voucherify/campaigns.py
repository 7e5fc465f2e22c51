"""Campaigns: each version is a record of its own, a bare object or the event that tells of it; the newest counts."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from loyalty_stream.simulate.campaigns import Campaign as Stated
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.schedule import state_at
from loyalty_stream.simulate.voucherify.stage import Activity, Stage
from loyalty_stream.simulate.voucherify.times import local_time, midnight_ms, milliseconds
from loyalty_stream.simulate.voucherify.world import Campaign, Json, Project, make_seasonal

NAME: Final = "campaign"
_LATE_SHARE: Final = 0.15
_TOLD_TWICE_SHARE: Final = 0.3
_CREATED_SHARE: Final = 0.1
_DELETED_SHARE: Final = 0.08
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
    document["start_date"] = iso_text(begins)
    ends = begins + timedelta(days=draw.between(20, 90)) // timedelta(milliseconds=1)
    document["expiration_date"] = iso_text(ends) if draw.chance(0.7) else None


def _recur(document: Json, draw: Draw, midnight: int) -> None:
    """Let a campaign be valid on some days only, by their names or by a period."""
    document["validity_day_of_week"] = sorted({draw.between(0, 6) for _ in range(6)}) if draw.chance(0.5) else None
    document["validity_timeframe"] = None
    if draw.chance(0.5):
        document["start_date"] = iso_text(midnight - 864_000_000 * draw.between(0, 3))
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
    """Return the first version: a bare object without a time of the vendor's is as of its record."""
    if stage.draw.chance(0.5):
        return _created(stage, project, campaign)
    _state(stage, project, campaign, None)
    return _object(stage, project, campaign, stage.now_ms)


def change_campaign(stage: Stage, project: Project) -> Activity:
    """Change some campaign, or let one come or go."""
    point = stage.draw.unit() - _CREATED_SHARE
    if point < 0:
        campaign = make_seasonal(f"camp_season{stage.draw.hex(10)}", iso_text(stage.now_ms - _DELIVERY_LAG_MS_MAX))
        project.seasonal.append(campaign)
        return _created(stage, project, campaign)
    if point < _DELETED_SHARE and project.seasonal:
        return _deleted(stage, project, stage.draw.take(project.seasonal))
    return _next(stage, project, stage.draw.pick((*project.campaigns, *project.seasonal)))


def _next(stage: Stage, project: Project, campaign: Campaign) -> Activity:
    """Return the next version; now and then the one before comes after it, or it comes twice: neither changes more."""
    draw = stage.draw
    if draw.chance(_LATE_SHARE):
        stage.soon(_LATE_RECORDS_MAX, partial(_same, _changed(stage, project, campaign)))
    newest = _changed(stage, project, campaign)
    _state(stage, project, campaign, campaign.clock.last_ms)
    if not newest.is_document and draw.chance(_TOLD_TWICE_SHARE):
        again = _object(stage, project, campaign, campaign.clock.last_ms)
        stage.soon(_LATE_RECORDS_MAX, partial(_same, again))
    return newest


def _created(stage: Stage, project: Project, campaign: Campaign) -> Activity:
    """Return the event of a campaign's creation, as of which it stands until it is updated."""
    at_ms = milliseconds(campaign.document["created_at"])
    campaign.clock.last_ms = max(campaign.clock.last_ms, at_ms)
    _state(stage, project, campaign, at_ms)
    return _event(stage, project, campaign, ("created", {}))


def _deleted(stage: Stage, project: Project, campaign: Campaign) -> Activity:
    """Return the event of a campaign's deletion; a version that comes after it changes nothing."""
    if stage.draw.chance(_LATE_SHARE):
        stage.soon(_LATE_RECORDS_MAX, partial(_same, _changed(stage, project, campaign)))
    at_ms = _time(stage, campaign)
    key = _key(stage, project, campaign)
    known = stage.answer.campaigns[key]
    stage.answer.campaigns[key] = Stated(known.state, known.vendor_state, version_at=at_ms, deleted_at=at_ms)
    return _event(stage, project, campaign, ("deleted", {"deleted_at": iso_text(at_ms)}))


def _changed(stage: Stage, project: Project, campaign: Campaign) -> Activity:
    """Return the next version of a campaign."""
    at_ms, document = _time(stage, campaign), campaign.document
    midnight = midnight_ms(local_time(at_ms, project.time_zone).date(), project.time_zone)
    was_active = document["active"]
    stage.draw.weighed(_CHANGES)(document, stage.draw, midnight)
    document["updated_at"] = iso_text(at_ms)
    if stage.draw.chance(0.5):
        return _object(stage, project, campaign, at_ms)
    word = "updated" if document["active"] is was_active else "enabled" if document["active"] else "disabled"
    return _event(stage, project, campaign, (word, {}))


def _time(stage: Stage, campaign: Campaign) -> int:
    at_ms = max(stage.now_ms - stage.draw.between(5, _DELIVERY_LAG_MS_MAX), campaign.clock.last_ms + 1)
    campaign.clock.last_ms = at_ms
    return at_ms


def _object(stage: Stage, project: Project, campaign: Campaign, at_ms: int) -> Activity:
    """Return a version as a bare object."""
    key, document = _key(stage, project, campaign), deepcopy(campaign.document)
    return Activity(NAME, project, None, key, document, "", at_ms, spelled=NAME, is_document=True)


def _event(stage: Stage, project: Project, campaign: Campaign, told: tuple[str, Json]) -> Activity:
    """Return an event that holds the campaign as it is."""
    word, fields = told
    name, data = f"{NAME}.{word}", {"campaign": deepcopy(campaign.document)} | fields
    key, event_id = _key(stage, project, campaign), f"whs_{stage.draw.hex(12)}"
    return Activity(name, project, None, key, data, event_id, stage.now_ms, spelled=name)


def _key(stage: Stage, project: Project, campaign: Campaign) -> str:
    return stage.key(project, f"campaign/{campaign.id}")


def _state(stage: Stage, project: Project, campaign: Campaign, at_ms: int | None) -> None:
    """State a campaign by its document; `at_ms` is the vendor's time of it, None where the record's stands in."""
    document = campaign.document
    starts, expires = (
        None if document[name] is None else milliseconds(document[name]) for name in ("start_date", "expiration_date")
    )
    stage.answer.campaigns[_key(stage, project, campaign)] = Stated(
        state=state_at(document, stage.now_ms if at_ms is None else at_ms, project.time_zone),
        vendor_state=document["creation_status"],
        version_at=at_ms or 0,
        name=document["name"],
        switched_on=document["active"],
        starts_at=starts,
        expires_at=expires,
        gauges={"vouchers": Decimal(document["vouchers_count"])},
    )


def _same(activity: Activity) -> Activity:
    return activity
