"""How a record is wrapped: as the vendor lists activities or delivers them, its campaign events, or a bare object."""

from typing import Final, Literal

from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.stage import Activity, Stage
from loyalty_stream.simulate.voucherify.world import Json, Project

Envelope = Literal["listed", "delivered", "webhook", "document"]

_DELIVERED_SHARE: Final = 0.4


def choose_envelope(draw: Draw, activity: Activity) -> Envelope:
    """Return how an activity's record is wrapped."""
    if activity.is_document:
        return "document"
    if activity.customer is None:
        return "webhook"
    return "delivered" if draw.chance(_DELIVERED_SHARE) else "listed"


def choose_spelling(draw: Draw, name: str, casing_share: float) -> str:
    """Return the type, in another casing for a share of the activities."""
    return draw.pick((name.upper(), name.title())) if draw.chance(casing_share) else name


def headers_of(project: Project) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of a record: no body says which project it is of, nor its time zone."""
    return (
        ("content-type", b"application/json"),
        ("loyalty_org_id", str(project.id).encode()),
        ("loyalty_time_zone", project.time_zone.encode()),
    )


def wrap(stage: Stage, activity: Activity, envelope: Envelope) -> Json:
    """Return the whole record of an activity; what belongs to its delivery is drawn anew each time."""
    if envelope == "document":
        return activity.data
    record: Json = {
        "id": activity.id,
        "type": activity.spelled,
        "data": activity.data,
        "created_at": iso_text(activity.created_at),
    }
    if envelope == "webhook":
        return record | {"project_id": f"proj_{activity.project.id}"}
    record |= {
        "group_id": f"v-{stage.draw.hex(12)}",
        "event_source": {"channel": "API", "api_key": {"name": "Shop", "app_id": f"app-{stage.draw.between(1, 3)}"}},
    }
    if envelope == "delivered":
        record |= {
            "object": "event",
            "project_id": f"proj_{activity.project.id}",
            "category": "EFFECT",
            "entity_id": activity.key.rpartition(":")[2],
        }
    return record
