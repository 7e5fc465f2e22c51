"""Streaks: enrolment, start, levels reached and lost, end, unenrolment."""

from datetime import UTC, datetime
from typing import Final

from loyalty_stream.simulate.answer import StreakState
from loyalty_stream.simulate.capillary.customers import Customer, StreakRun
from loyalty_stream.simulate.capillary.stage import FRESH, Maker, Stage, VendorEvent, activity
from loyalty_stream.simulate.capillary.world import Json

_RUNS_MAX: Final = 3
_SHARED_ID_SHARE: Final = 0.3


def enrol(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Enrol a customer into the next cycle of a streak."""
    if _full(customer):
        return None
    run = _new_run(stage, customer)
    _set(stage, customer, run, "enrolled")
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "streakEnrolmentData": [_period(stage, run)],
        "targetData": [_target(run)],
        "triggeringActivity": activity(stage, "enrolmentIntoStreak", ("ENROL_VIA_API", stage.draw.hex(32))),
    }
    return stage.event(customer, "streakCustomerEnrolment", data, "wrapped")


def unenrol(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Take a customer out of a streak, started or not."""
    own = [run for run in customer.streaks if not run.inherited]
    if not own:
        return None
    run = stage.draw.pick(own)
    customer.streaks.remove(run)
    _set(stage, customer, run, "unenrolled")
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "streakUnEnrolmentData": [_period(stage, run)],
        "targetData": [_target(run)],
        "triggeringActivity": activity(stage, "streak unenrollment", ("UNENROL_VIA_API", stage.draw.hex(32))),
    }
    return stage.event(customer, "streakCustomerUnEnrolment", data, "flat", event_id=None)


def start(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Start a streak that a customer is enrolled into, else enrol them; one in ten starts without an enrolment."""
    waiting = [run for run in customer.streaks if not run.started]
    if not _full(customer) and stage.draw.chance(0.1):
        waiting = [_new_run(stage, customer)]
    if not waiting:
        return enrol(stage, customer)
    run = stage.draw.pick(waiting)
    run.started = True
    _set(stage, customer, run, "running")
    row = _definition(run) | {"userStreakValueAtTheStart": "0", "startDate": _moment(stage, 0)}
    event = _period_event(stage, customer, run, ("streakStart", "streakStartData", row), event_id=FRESH)
    run.start_event_id = event.event_id
    return event


def end(stage: Stage, customer: Customer) -> VendorEvent | None:
    """End a running streak; the vendor often gives this the id of the start."""
    run = _running(stage, customer, with_value=False, inherited=False)
    if run is None:
        return None
    customer.streaks.remove(run)
    _set(stage, customer, run, "ended")
    reached = [f"{run.streak.name} {level}" for level in run.streak.levels if run.value >= level]
    row = _definition(run) | {
        "numberOfLevelsAchievedByTheUser": str(len(reached)),
        "levelsAchievedByTheUser": reached,
        "userStreakValueByTheEnd": run.value,
        "endDate": _moment(stage, 0),
    }
    shared = run.start_event_id if stage.draw.chance(_SHARED_ID_SHARE) else FRESH
    return _period_event(stage, customer, run, ("streakEnd", "streakEndData", row), event_id=shared)


def reach_level(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Bring a running streak one further, else bring one nearer to running."""
    run = _running(stage, customer, with_value=False)
    if run is None:
        return start(stage, customer)
    run.value += 1
    return _level_event(stage, customer, run, ("streakLevelAchieved", "TransactionAdd", run.value))


def lose_level(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Take a level back because a bill was returned, else reach one."""
    run = _running(stage, customer, with_value=True)
    if run is None:
        return reach_level(stage, customer)
    run.value -= 1
    return _level_event(stage, customer, run, ("streakLevelUnAchieved", "ReturnBill", run.value))


def _full(customer: Customer) -> bool:
    return sum(not run.inherited for run in customer.streaks) >= _RUNS_MAX


def _new_run(stage: Stage, customer: Customer) -> StreakRun:
    serial = stage.draw.serial()
    run = StreakRun(stage.draw.pick(customer.org.streaks), 51_000_000 + serial, serial % 12 + 1, 6_100_000 + serial)
    customer.streaks.append(run)
    return run


def _running(stage: Stage, customer: Customer, *, with_value: bool, inherited: bool = True) -> StreakRun | None:
    running = [
        run
        for run in customer.streaks
        if run.started and (run.value > 0 or not with_value) and (inherited or not run.inherited)
    ]
    return stage.draw.pick(running) if running else None


def _set(stage: Stage, customer: Customer, run: StreakRun, state: StreakState) -> None:
    key = (customer.key, str(run.streak.target_group_id), str(run.period_id), run.streak.name)
    stage.answer.state(stage.answer.streaks, key, state)


def _period_event(
    stage: Stage, customer: Customer, run: StreakRun, what: tuple[str, str, Json], *, event_id: str | None
) -> VendorEvent:
    name, field, row = what
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "targetDetails": _target(run),
        field: [row],
        "triggeringActivity": activity(stage, "streakStartEvent", ("TargetRuleId", str(run.streak.target_id))),
    }
    return stage.event(customer, name, data, "flat", event_id=event_id)


def _level_event(stage: Stage, customer: Customer, run: StreakRun, what: tuple[str, str, int]) -> VendorEvent:
    name, cause, value = what
    row: Json = {
        "userCurrentStreakValue": str(value),
        "streakLevelName": f"{run.streak.name} level",
        "streakName": run.streak.name,
        "streakId": str(run.streak.target_id - 60_000),
        "userStreakId": str(run.user_streak_id),
        "streakLevelAchievedDate": _instant(stage.now_ms),
    }
    transaction = "null" if stage.draw.chance(0.2) else str(2_000_000 + stage.draw.serial())
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "streakData": [row],
        "targetData": [_target(run)],
        "triggeringActivity": activity(
            stage, cause, ("eventLogId", str(stage.draw.serial())), ("transactionId", transaction)
        ),
    }
    return stage.event(customer, name, data, "wrapped")


def _definition(run: StreakRun) -> Json:
    return {
        "streakName": run.streak.name,
        "descriptionOfTheStreak": run.streak.name,
        "numberOfLevel": len(run.streak.levels),
        "levelValues": [str(level) for level in run.streak.levels],
    }


def _period(stage: Stage, run: StreakRun) -> Json:
    return {
        "streakName": run.streak.name,
        "numberOfLevel": len(run.streak.levels),
        "levelValues": [],
        "startDate": _moment(stage, 0),
        "endDate": _moment(stage, 7),
    }


def _target(run: StreakRun) -> Json:
    streak = run.streak
    return {
        "id": streak.target_id,
        "name": streak.name,
        "targetGroupId": streak.target_group_id,
        "targetGroupName": streak.name,
        "targetPeriodId": run.period_id,
        "targetPeriodName": f"Cycle_{run.cycle}",
    }


def _moment(stage: Stage, days: int) -> str:
    """Return a local time without a zone, as the vendor writes the borders of periods."""
    return f"{stage.day(days)} 01:30:00"


def _instant(now_ms: int) -> str:
    moment = datetime.fromtimestamp(now_ms // 1000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{now_ms % 1000:03d}+0000"


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (30, enrol),
    (6, unenrol),
    (30, start),
    (35, reach_level),
    (10, lose_level),
    (12, end),
)
