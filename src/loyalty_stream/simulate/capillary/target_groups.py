"""Unified groups of targets: some of a customer's targets count into one, or no longer do."""

from typing import TYPE_CHECKING, Final

from loyalty_stream.simulate.capillary.adjustments import written
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity
from loyalty_stream.simulate.capillary.targets import note

if TYPE_CHECKING:
    from loyalty_stream.simulate.capillary.world import Json


def judge_group(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Count one or several targets of a customer into a group, or out of it again; the vendor alone judges."""
    draw = stage.draw
    if not customer.targets:
        return None
    runs = list(customer.targets) if draw.chance(0.4) else [draw.pick(customer.targets)]
    met = draw.chance(0.6)
    for run in runs:
        run.met = met
        note(stage, customer, run, achieved=run.achieved, met=met)
    transaction_id = 2_000_000 + draw.serial()
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "targetData": [
            {
                "achievedTargetValue": written(run.achieved),
                "definedTargetValue": written(run.defined),
                "targetId": run.target.target_id,
                "targetName": run.target.name,
                "targetPeriodId": run.period_id,
                "targetPeriodName": "Period1",
            }
            for run in runs
        ],
        "transactionId": transaction_id,
        "triggeringActivity": activity(stage, "TransactionAdd", ("transactionId", str(transaction_id))),
        "unifiedTargetGroupDetails": {
            "targetGroupId": runs[0].target.target_group_id,
            "targetGroupName": "Spring league",
            "unifiedTargetsAchievementCondition": {
                "aggregation": "SUM",
                "combinationType": "ANY",
                "ruleExpression": f"({' | '.join(str(run.target.target_id) for run in runs)})",
                "thresholdValue": 5_000,
            },
        },
    }
    name = "unifiedTargetsAchieved" if met else "unifiedTargetsUnAchieved"
    return stage.event(customer, name, data, "captured")


MAKERS: Final[tuple[tuple[int, Maker], ...]] = ((15, judge_group),)
