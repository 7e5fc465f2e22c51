"""What set an event off: the identifiers of the bill or the redemption that it belongs to."""

from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Ignored,
    Label,
    Name,
    TextIdentifier,
    Wire,
    text_identifier,
    word,
)


class ActivityIdentifier(Wire):
    """One named id of an activity."""

    key: Name
    value: TextIdentifier | None = None


class Activity(Wire):
    """The activity that triggered an event."""

    name: Label | None = None
    identifiers: list[ActivityIdentifier] | None = None
    enteredBy: Ignored = NOT_GIVEN
    enteredAt: Ignored = NOT_GIVEN
    entityInformation: Ignored = NOT_GIVEN
    additionalAttributes: Ignored = NOT_GIVEN


def activity_id(activity: Activity | None, name: str) -> str | None:
    """Return the activity's id of a name, compared in lower case: the vendor writes `BillId` and `billId`.

    Raises NotCleanError where a name needs mending.
    """
    if activity is None or activity.identifiers is None:
        return None
    found = None
    for entry in activity.identifiers:
        if word(entry.key).lower() == name and found is None:
            found = text_identifier(entry.value)
    return found
