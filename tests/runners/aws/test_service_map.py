from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runners.aws.service_map import _calls, service_calls
from runners.aws.session import AwsClients
from runners.report.model import ServiceCall

pytestmark = pytest.mark.cloud

# In the shape of https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html (service graph).
DOCUMENTED: list[dict[str, Any]] = [
    {
        "ReferenceId": 0,
        "Name": "my-app.elasticbeanstalk.com",
        "Names": ["my-app.elasticbeanstalk.com"],
        "Root": True,
        "Type": "AWS::ElasticBeanstalk::Environment",
        "State": "active",
        "Edges": [
            {
                "ReferenceId": 2,
                "SummaryStatistics": {
                    "OkCount": 3,
                    "ErrorStatistics": {"OtherCount": 1, "TotalCount": 1},
                    "FaultStatistics": {"OtherCount": 0, "TotalCount": 0},
                    "TotalCount": 4,
                    "TotalResponseTime": 0.273,
                },
                "Aliases": [],
            }
        ],
    },
    {
        "ReferenceId": 1,
        "Name": "my-app.elasticbeanstalk.com",
        "Type": "client",
        "State": "unknown",
        "Edges": [
            {
                "ReferenceId": 0,
                "SummaryStatistics": {
                    "OkCount": 3,
                    "ErrorStatistics": {"OtherCount": 1, "TotalCount": 1},
                    "FaultStatistics": {"OtherCount": 2, "TotalCount": 2},
                    "TotalCount": 6,
                    "TotalResponseTime": 3.6,
                },
                "Aliases": [],
            }
        ],
    },
    {"ReferenceId": 2, "Name": "dynamodb", "Type": "AWS::DynamoDB", "State": "unknown", "Edges": []},
]


def test_the_documented_graph_is_read() -> None:
    assert _calls(DOCUMENTED) == [
        ServiceCall(caller="my-app.elasticbeanstalk.com", called="dynamodb", count=4, failed=1, seconds=0.06825),
        ServiceCall(
            caller="clients of my-app.elasticbeanstalk.com",
            called="my-app.elasticbeanstalk.com",
            count=6,
            failed=3,
            seconds=0.6,
        ),
    ]


def test_a_call_to_what_is_on_no_page_is_not_left_out() -> None:
    [only] = _calls([DOCUMENTED[0]])
    assert only.called == "service 2"


def segment(name: str, at: datetime, trace: str, **more: Any) -> str:
    begun = at.timestamp()
    document = {
        "name": name,
        "id": secrets.token_hex(8),
        "trace_id": trace,
        "start_time": begun,
        "end_time": begun + 0.5,
    }
    return json.dumps(document | more)


def test_segments_become_calls(clients: AwsClients) -> None:
    now, mark = datetime.now(UTC), secrets.token_hex(4)
    client, web, stock = clients.client("xray"), f"web-{mark}", f"stock-{mark}"

    def call(name: str, **more: Any) -> dict[str, Any]:
        begun = now.timestamp()
        return {"id": secrets.token_hex(8), "name": name, "start_time": begun, "end_time": begun + 0.1, **more}

    asked = call(stock, namespace="remote")
    table = call(f"DynamoDB-{mark}", namespace="aws", error=True, throttle=True)
    within = {**call("page"), "subsegments": [table]}
    trace = f"1-{int(now.timestamp()):08x}-{secrets.token_hex(12)}"
    documents = [
        segment(web, now, trace, origin="AWS::ECS::Container", fault=True, subsegments=[asked, within]),
        segment(stock, now, trace, parent_id=asked["id"]),
        segment(f"old-{mark}", now - timedelta(hours=7), trace),
    ]
    client.put_trace_segments(TraceSegmentDocuments=documents)
    found = {
        (one.caller, one.called): (one.count, one.failed, round(one.seconds or 0, 3))
        for one in service_calls(clients, now + timedelta(minutes=1))
        if mark in one.called
    }
    assert found == {
        (f"clients of {web}", web): (1, 1, 0.5),
        (web, stock): (1, 0, 0.1),
        (web, f"DynamoDB-{mark}"): (1, 1, 0.1),
    }


def test_more_than_six_hours_are_refused(clients: AwsClients) -> None:
    now = datetime.now(UTC)
    client = clients.client("xray")
    with pytest.raises(client.exceptions.InvalidRequestException, match="6 hours"):
        client.get_service_graph(StartTime=now - timedelta(hours=7), EndTime=now)
