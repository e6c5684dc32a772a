"""A rate without a start begins at once, as AWS's guide says; with one it waits."""

from __future__ import annotations

import json

import pytest

from local.endpoint import ACCOUNT, Endpoint
from local.resources.kind import Properties
from local.resources.schedules import KINDS

pytestmark = pytest.mark.cloud
KIND = KINDS["aws:scheduler/schedule:Schedule"]


def schedule(name: str, expression: str, **more: str) -> Properties:
    data = {"Namespace": f"schedules/{name}", "MetricData": [{"MetricName": "Fired", "Value": 1}]}
    return {
        "name": name,
        "scheduleExpression": expression,
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {
            "arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData",
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/x",
            "input": json.dumps(data),
        },
        **more,
    }


@pytest.mark.parametrize(
    ("name", "expression", "start", "fired"),
    [
        ("at-once", "rate(35 days)", None, 1),
        ("waiting", "rate(35 days)", "2100-01-01T00:00:00Z", 0),
        ("cron", "cron(0 6 1 * ? *)", None, 0),
    ],
)
def test_what_begins_at_once(endpoint: Endpoint, name: str, expression: str, start: str | None, fired: int) -> None:
    given = schedule(name, expression, **({"startDate": start} if start else {}))
    made = KIND.create(endpoint, given)
    held = endpoint.client("cloudwatch").list_metrics(Namespace=f"schedules/{name}")["Metrics"]
    scheduler = endpoint.client("scheduler")
    moved = scheduler.get_schedule(Name=name, GroupName="default").get("StartDate")
    # An update leaves the start alone, which is the runner's.
    KIND.create(endpoint, {**given, "description": "changed", "startDate": "2090-01-01T00:00:00Z"})
    kept = scheduler.get_schedule(Name=name, GroupName="default").get("StartDate")
    KIND.delete(endpoint, made.id, given)
    assert len(held) == fired
    assert (moved is None) is (start is None)
    assert start is None or moved == kept
