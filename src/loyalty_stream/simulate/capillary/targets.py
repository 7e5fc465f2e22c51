"""Targets: a period starts, progress up and down, met or not, alone or as a group, and the period ends."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.answer import Target
from loyalty_stream.simulate.capillary.adjustments import written
from loyalty_stream.simulate.capillary.customers import Customer, TargetRun
from loyalty_stream.simulate.capillary.stage import Envelope, Maker, Stage, VendorEvent, activity
from loyalty_stream.simulate.capillary.world import Json

TARGETS_MAX: Final = 60  # of one customer: fewer than a worker keeps, so that none is forgotten
_RUNS_MAX: Final = 4
_ENROLMENT_FIRST_SHARE: Final = 0.5


def start_period(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Start a period of a target for a customer, or enrol them into it."""
    if len(customer.targets) >= _RUNS_MAX or customer.targets_made >= TARGETS_MAX:
        return None
    run = _new_run(stage, customer)
    note(stage, customer, run)
    name, cause = "targetPeriodStarted", "TargetPeriodStart"
    fields: Json = {"definedTargetValue": written(run.defined)}
    if stage.draw.chance(_ENROLMENT_FIRST_SHARE):
        name, cause, fields = "targetEnrolment", "TargetEnrolment", {}
    fields["triggeringActivity"] = activity(stage, cause, ("TargetRuleId", str(run.target.target_id)))
    return _event(stage, customer, run, name, fields)


def progress(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Bring a target further, to its goal or beyond now and then; a period may be heard of by this first."""
    run = _run(stage, customer)
    if run is None:
        return start_period(stage, customer)
    step = stage.draw.amount(1, 120)
    run.achieved += step
    note(stage, customer, run, achieved=run.achieved)
    name = "targetAchievedValueUpdated"
    if run.achieved >= run.defined and not run.met:
        run.met = True
        note(stage, customer, run, met=True)
        name = "targetValueAchieved"
    return _event(stage, customer, run, name, _values(stage, run, step, "TransactionAdd"))


def take_back(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Take progress back because a bill was returned: the step is positive all the same, what is achieved counts."""
    begun = [run for run in customer.targets if run.achieved >= 1]
    if not begun:
        return progress(stage, customer)
    run = stage.draw.pick(begun)
    step = stage.draw.part_of(run.achieved)
    run.achieved -= step
    note(stage, customer, run, achieved=run.achieved)
    fields = _values(stage, run, step, "ReturnBill") | {"returnId": 88_000 + stage.draw.serial()}
    return _event(stage, customer, run, "targetAchievedValueUpdated", fields)


def move_goal(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Give a target another goal; now and then what is achieved is stated too."""
    run = _run(stage, customer)
    if run is None:
        return None
    run.defined = stage.draw.amount(50, 500)
    fields: Json = {"definedTargetValue": written(run.defined)}
    if stage.draw.chance(0.5):
        fields["achievedTargetValue"] = written(run.achieved)
    note(stage, customer, run, achieved=run.achieved if "achievedTargetValue" in fields else None)
    return _event(stage, customer, run, "targetValueUpdated", fields)


def end_period(stage: Stage, customer: Customer) -> VendorEvent | None:
    """End a period; nothing happens to the target any more."""
    if not customer.targets:
        return None
    run = stage.draw.take(customer.targets)
    note(stage, customer, run, achieved=run.achieved, closed=True)
    fields: Json = {
        "achievedTargetValue": written(run.achieved),
        "definedTargetValue": written(run.defined),
        "triggeringActivity": activity(stage, "TargetPeriodEnd", ("TargetRuleId", str(run.target.target_id))),
        "milestoneDetails": [
            {
                "id": 4,
                "name": "Half way",
                "valueType": "SUM",
                "definedValue": written(run.defined / 2),
                "achievedDate": stage.now_ms - 86_400_000,
            }
        ],
    }
    return _event(stage, customer, run, "targetPeriodCompleted", fields)


def _new_run(stage: Stage, customer: Customer) -> TargetRun:
    draw = stage.draw
    run = TargetRun(draw.pick(customer.org.targets), 71_000_000 + draw.serial(), draw.amount(50, 500))
    customer.targets.append(run)
    customer.targets_made += 1
    return run


def _run(stage: Stage, customer: Customer) -> TargetRun | None:
    """Return a target that runs; now and then a new one, which is heard of first by what happens to it."""
    can_start = len(customer.targets) < _RUNS_MAX and customer.targets_made < TARGETS_MAX
    if can_start and stage.draw.chance(0.1):
        return _new_run(stage, customer)
    return stage.draw.pick(customer.targets) if customer.targets else None


def note(
    stage: Stage,
    customer: Customer,
    run: TargetRun,
    *,
    achieved: Decimal | None = None,
    met: bool | None = None,
    closed: bool = False,
) -> None:
    """Note what an event states; what it does not state stays as it was."""
    place = (customer.key, str(run.period_id), str(run.target.target_id))
    target = stage.answer.targets.get(place)
    if target is None:
        target = Target()
        stage.answer.state(stage.answer.targets, place, target)
    target.achieved = target.achieved if achieved is None else achieved
    target.met = target.met if met is None else met
    target.closed = target.closed or closed


def _values(stage: Stage, run: TargetRun, step: Decimal, cause: str) -> Json:
    transaction_id = 2_000_000 + stage.draw.serial()
    return {
        "eventName": cause,  # the activity's, not the event's
        "eventId": 15,
        "currentEventTargetValue": f"{step.normalize():f}",
        "achievedTargetValue": written(run.achieved),
        "definedTargetValue": written(run.defined),
        "triggeringActivity": activity(stage, cause, ("TransactionId", str(transaction_id))),
        "milestoneDetails": [],
        "transactionId": transaction_id,
    }


def _event(stage: Stage, customer: Customer, run: TargetRun, name: str, fields: Json) -> VendorEvent:
    natural: Envelope = "wrapped" if name in {"targetAchievedValueUpdated", "targetValueAchieved"} else "flat"
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "targetDetails": {
            "id": run.target.target_id,
            "name": run.target.name,
            "targetGroupId": run.target.target_group_id,
            "targetGroupName": "Spring league",
            "targetPeriodId": run.period_id,
            "targetPeriodName": "Period1",
        },
        **fields,
    }
    return stage.event(customer, name, data, natural)


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (15, start_period),
    (40, progress),
    (12, take_back),
    (8, move_goal),
    (8, end_period),
)
