from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

GROUP_POLICY = "aws:autoscaling/policy:Policy"
TARGET_POLICY = "aws:appautoscaling/policy:Policy"
TRACKING = {"policyType": "TargetTrackingScaling"}
MATH = {
    "targetTrackingConfiguration": {
        "customizedMetricSpecification": {
            "metrics": [{"id": "a", "metricStat": {}}, {"id": "b", "metricStat": {}}, {"id": "c", "expression": "a/b"}]
        }
    }
}
# Standard alarm metrics at 0.10. Service alarms: high and low; DynamoDB: two more for the provisioned capacity
# (Application Auto Scaling user guide, target tracking policies).
CASES = [
    ("2 alarms x 0.10", GROUP_POLICY, TRACKING, "0.2"),
    ("2 alarms x 2 metrics x 0.10", GROUP_POLICY, {**TRACKING, **MATH}, "0.4"),
    ("2 alarms x 0.10", TARGET_POLICY, {**TRACKING, "serviceNamespace": "ecs"}, "0.2"),
    ("4 alarms x 0.10", TARGET_POLICY, {**TRACKING, "serviceNamespace": "dynamodb"}, "0.4"),
    ("an unknown type", TARGET_POLICY, {"policyType": UNKNOWN, "serviceNamespace": "ecs"}, "0.2"),
    ("steps use alarms declared elsewhere", TARGET_POLICY, {"policyType": "StepScaling"}, "0"),
    ("simple scaling", GROUP_POLICY, {}, "0"),
]


@pytest.mark.parametrize(("arithmetic", "token", "properties", "usd"), CASES)
def test_target_tracking_bills_its_alarms(
    arithmetic: str, token: str, properties: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(token, **properties))

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_unknown_metrics_need_a_bound(make: Any, charge: Any) -> None:
    metrics = {"targetTrackingConfiguration": {"customizedMetricSpecification": {"metrics": UNKNOWN}}}
    policy = make(GROUP_POLICY, **TRACKING, **metrics)

    assert charge(policy).codes == ["unbounded-unknown"]
    assert charge(policy, usage={"alarm_metrics": 3}).total == Decimal("0.6")


def test_a_target_with_unknown_limits_bounds_nothing(make: Any, charge: Any) -> None:
    table = make("aws:dynamodb/table:Table", "orders", writeCapacity=5, readCapacity=1)
    target = make(
        "aws:appautoscaling/target:Target",
        depends=[table],
        resourceId=UNKNOWN,
        scalableDimension="dynamodb:table:WriteCapacityUnits",
        minCapacity=1,
        maxCapacity=UNKNOWN,
    )

    assert charge(target, table, usage={"storage_gb": 0}).codes == ["unbounded-unknown"]


@pytest.mark.parametrize(
    ("limits", "most"), [({"maxCapacity": 9}, 9), ({"minCapacity": 6}, 6), ({"maxCapacity": 1}, 4)]
)
def test_scheduled_actions_widen_the_count(limits: dict[str, int], most: int, make: Any, charge: Any) -> None:
    what = {"resourceId": "service/shop/web", "scalableDimension": "ecs:service:DesiredCount"}
    task = make("aws:ecs/taskDefinition:TaskDefinition", family="app", cpu="1024", memory="2048")
    target = make("aws:appautoscaling/target:Target", minCapacity=1, maxCapacity=4, **what)
    action = make("aws:appautoscaling/scheduledAction:ScheduledAction", scalableTargetAction=limits, **what)
    other = make(
        "aws:appautoscaling/scheduledAction:ScheduledAction",
        "other",
        scalableTargetAction={"maxCapacity": 99},
        **{**what, "resourceId": "service/shop/api"},
    )
    service = make(
        "aws:ecs/service:Service", "web", name="web", desiredCount=1, launchType="FARGATE", taskDefinition="app"
    )

    assert charge(task, target, action, other, service).priced.cost.maximum == most * Decimal("36.0401")
