from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies import environments
from policies.cost_traps import DASHBOARD_METRICS, TRAPPED, trap
from policies.environments import terms_of
from tests.policies.conftest import ENVIRONMENT, UNKNOWN_TEXT, Declared, Servicer, made

ALARM = {"evaluationPeriods": 3, "treatMissingData": "ignore"}
INSIGHTS = "pulumi-python:dynamic/observability:ClusterInsights"
RETENTION = "pulumi-python:dynamic/observability:LogRetention"


def body(metrics: int) -> str:
    rows = [["AWS/ECS", f"Metric{number}"] for number in range(metrics)]
    return json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": rows}}]})


def settings(value: str) -> dict[str, Any]:
    return {"settings": [{"name": "containerInsights", "value": value}]}


CUT_OFF: dict[str, Any] = {"bytesScannedCutoffPerQuery": 10_000_000}
# Each trap, the good case beside it, and the case that is unknown at preview (None where nothing can be unknown).
TRAPS: list[tuple[str, dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]] = [
    ("aws:ec2/natGateway:NatGateway", {}, None, {"subnetId": UNKNOWN_TEXT}),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {"vpcEndpointType": "Interface"},
        {"vpcEndpointType": "Gateway"},
        {"vpcEndpointType": UNKNOWN_TEXT},
    ),
    ("aws:kms/key:Key", {}, None, None),
    ("aws:kms/externalKey:ExternalKey", {}, None, None),
    ("aws:kms/replicaKey:ReplicaKey", {}, None, None),
    ("aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy", {}, None, None),
    ("aws:ec2/instance:Instance", {"monitoring": True}, {"monitoring": False}, {"monitoring": UNKNOWN_TEXT}),
    ("aws:ec2/instance:Instance", {"monitoring": "true"}, {"monitoring": "false"}, None),
    (
        "aws:ec2/launchTemplate:LaunchTemplate",
        {"monitoring": {"enabled": True}},
        {},
        {"monitoring": {"enabled": UNKNOWN_TEXT}},
    ),
    ("aws:ec2/launchConfiguration:LaunchConfiguration", {}, {"enableMonitoring": False}, None),
    ("aws:athena/workgroup:Workgroup", {}, {"configuration": CUT_OFF}, {"configuration": UNKNOWN_TEXT}),
    (
        "aws:athena/workgroup:Workgroup",
        {"configuration": {**CUT_OFF, "enforceWorkgroupConfiguration": False}},
        {"configuration": {**CUT_OFF, "enforceWorkgroupConfiguration": True}},
        {"configuration": {"bytesScannedCutoffPerQuery": UNKNOWN_TEXT}},
    ),
    (
        "aws:fis/experimentTemplate:ExperimentTemplate",
        {"experimentReportConfiguration": {"postExperimentDuration": "PT5M"}},
        {},
        {"experimentReportConfiguration": UNKNOWN_TEXT},
    ),
    ("aws:cloudwatch/logGroup:LogGroup", {}, {"retentionInDays": 14}, {"retentionInDays": UNKNOWN_TEXT}),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 0}, {"logGroupClass": "DELIVERY"}, None),
    (RETENTION, {"retentionInDays": 0}, {"retentionInDays": 1}, {"retentionInDays": UNKNOWN_TEXT}),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**ALARM, "period": 59},
        {**ALARM, "period": 60},
        {**ALARM, "period": UNKNOWN_TEXT},
    ),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**ALARM, "metricQueries": [{"id": "m1", "metric": {"period": 10}}]},
        {**ALARM, "metricQueries": [{"id": "m1", "metric": {"period": 300}}]},
        {**ALARM, "metricQueries": UNKNOWN_TEXT},
    ),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**ALARM, "metricQueries": [{"id": "e1", "expression": "m1", "period": 10}]},
        {**ALARM, "metricQueries": [{"id": "e1", "expression": "m1", "period": 60}]},
        {**ALARM, "metricQueries": [{"id": "m1", "metric": UNKNOWN_TEXT}]},
    ),
    ("aws:ecs/cluster:Cluster", settings("enabled"), settings("disabled"), settings(UNKNOWN_TEXT)),
    ("aws:ecs/cluster:Cluster", settings("enhanced"), {}, {"settings": UNKNOWN_TEXT}),
    (
        "aws:ecs/cluster:Cluster",
        {"settings": [{"name": UNKNOWN_TEXT, "value": "enabled"}]},
        {"settings": [{"name": "another", "value": "enabled"}]},
        {"settings": [UNKNOWN_TEXT]},
    ),
    (
        "aws:ecs/accountSettingDefault:AccountSettingDefault",
        {"name": "containerInsights", "value": "enhanced"},
        {"name": "containerInsights", "value": "disabled"},
        {"name": "containerInsights", "value": UNKNOWN_TEXT},
    ),
    (
        "aws:ecs/accountSettingDefault:AccountSettingDefault",
        {"name": "containerInsights", "value": "enabled"},
        {"name": "taskLongArnFormat", "value": "enabled"},
        {"name": UNKNOWN_TEXT, "value": "enabled"},
    ),
    (INSIGHTS, {"mode": "always"}, {"mode": "gameday"}, {"mode": UNKNOWN_TEXT}),
    ("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": body(51)}, {"dashboardBody": body(50)}, None),
]


def trapped(pack: Servicer, token: str, inputs: dict[str, Any]) -> list[int]:
    return [said.level for said in pack.resource(Declared(token, inputs=inputs)) if said.policy == "cost-traps"]


@pytest.mark.parametrize(("token", "bad", "good", "unknown"), TRAPS)
def test_a_trap_is_refused_and_its_neighbour_is_not(
    pack: Servicer, token: str, bad: dict[str, Any], good: dict[str, Any] | None, unknown: dict[str, Any] | None
) -> None:
    assert trapped(pack, token, bad) == [1]
    assert good is None or trapped(pack, token, good) == []
    assert unknown is None or trapped(pack, token, unknown) == [1]


def test_the_message_names_resource_type_and_way_out(pack: Servicer) -> None:
    said = [s for s in pack.resource(Declared("aws:ec2/natGateway:NatGateway", "exit")) if s.policy == "cost-traps"]
    assert said[0].message == (
        "exit (aws:ec2/natGateway:NatGateway) is a NAT gateway at 32.85 USD a month and more; "
        "use public subnets, a Gateway endpoint or a NAT instance"
    )


@pytest.mark.parametrize(
    ("amount", "expires", "levels"), [("1.00", "2026-12-01", []), ("0.99", "2026-12-01", [1]), ("9", "2026-11-24", [1])]
)
def test_a_waiver_covers_its_amount_until_its_day(
    pack: Servicer, surroundings: Path, amount: str, expires: str, levels: list[int]
) -> None:
    file = surroundings / "dev.yaml"
    place = "id: W1, policy: cost-traps, scope: it, reason: audit, owner: team"
    waiver = f"{{{place}, maxAmount: {amount}, expires: {expires}}}"
    file.write_text(f"{file.read_text(encoding='utf-8')}\nwaivers:\n  - {waiver}\n", encoding="utf-8")
    environments._terms.cache_clear()
    assert trapped(pack, "aws:kms/key:Key", {}) == levels
    assert trapped(pack, "aws:ec2/natGateway:NatGateway", {}) == [1]


HINT = "it is unknown at preview, so set it to a known value"
GATEWAY = "is not known to be a gateway endpoint: "
DETAILED = "has detailed monitoring, which is billed by the metric; set `{}` to false"
FOREVER = "keeps its logs for ever; set {} (14 is enough for most)"
RETAINED = f"has a retention that decides what it costs and {HINT}: `retentionInDays`"
HIGH = f"may be a high-resolution alarm at three times the price: {HINT}: `period`"
ALWAYS_ON = "has Container Insights always on; disable it and set `ial:containerInsights` to gameday"
EVERY_CLUSTER = "turns Container Insights on for every new cluster of the account; set it to disabled"
BY_MODE = "has Container Insights always on; set `ial:containerInsights` to gameday or off"
UNLIMITED = "lets a query read without limit, which it is billed by; "
MAY_BE_UNLIMITED = f"may let a query read without limit, which it is billed by, and {HINT}: "
CUT = "set `configuration.bytesScannedCutoffPerQuery` (1 GB is 0.005 USD), and enforce it"
KEY = "is a key of its own at 1.00 USD a month and more; use the AWS managed key of the service"
GROUP, CLUSTER, SETTING = (
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ecs/cluster:Cluster",
    "aws:ecs/accountSettingDefault:AccountSettingDefault",
)
METRIC, WORKGROUP = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:athena/workgroup:Workgroup"


def period(seconds: int) -> str:
    return f"has a period of {seconds} seconds, at three times the price; use 60 or more"


def queries(*given: Any) -> dict[str, Any]:
    return {"period": 60, "metricQueries": list(given)}


def flagged(token: str, path: str, *, default: bool) -> list[tuple[str, dict[str, Any], str | None]]:
    text = DETAILED.format(path)
    values = [(False, None), ("false", None), (True, text), ("true", text), ("no", text)]
    values += [(UNKNOWN_TEXT, f"{text} ({HINT})"), (None, text if default else None)]
    *outer, last = path.split(".")
    return [(token, {outer[0]: {last: value}} if outer else {last: value}, found) for value, found in values]


ASKED_FOR: list[Any] = [{}, UNKNOWN_TEXT]
SAID: list[tuple[str, dict[str, Any], str | None]] = [
    *(
        ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": kind}, found)
        for kind, found in (
            ("Gateway", None),
            (None, None),
            ("Interface", f"{GATEWAY}it is billed by the hour in every zone; use a Gateway endpoint"),
            ("gateway", f"{GATEWAY}it is billed by the hour in every zone; use a Gateway endpoint"),
            (UNKNOWN_TEXT, f"{GATEWAY}{HINT}"),
        )
    ),
    *((f"aws:kms/{kind}", {}, KEY) for kind in ("key:Key", "externalKey:ExternalKey", "replicaKey:ReplicaKey")),
    ("aws:kms/replicaExternalKey:ReplicaExternalKey", {}, KEY),
    (
        "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy",
        {},
        "makes Resilience Hub assess an application at 15.00 USD a month; use `ial score`",
    ),
    *flagged("aws:ec2/instance:Instance", "monitoring", default=False),
    *flagged("aws:ec2/launchTemplate:LaunchTemplate", "monitoring.enabled", default=False),
    *flagged("aws:ec2/launchConfiguration:LaunchConfiguration", "enableMonitoring", default=True),
    *(
        ("aws:fis/experimentTemplate:ExperimentTemplate", {"experimentReportConfiguration": given}, found)
        for given, found in (
            (None, None),
            *(
                (
                    some,
                    "asks FIS for a report at 5.00 USD a run; remove `experimentReportConfiguration`, `ial report` "
                    "makes one",
                )
                for some in ASKED_FOR
            ),
        )
    ),
    (GROUP, {"retentionInDays": 1}, None),
    *((GROUP, {"retentionInDays": days}, FOREVER.format("`retentionInDays`")) for days in (0, -1, None, "14")),
    (GROUP, {"retentionInDays": UNKNOWN_TEXT}, RETAINED),
    (GROUP, {"logGroupClass": "DELIVERY"}, None),
    (GROUP, {"logGroupClass": "STANDARD"}, FOREVER.format("`retentionInDays`")),
    (RETENTION, {}, FOREVER.format("`retentionDays` of the group in ial:workload")),
    (RETENTION, {"retentionInDays": UNKNOWN_TEXT}, RETAINED),
    (METRIC, {"period": 60}, None),
    (METRIC, {"period": 59}, period(59)),
    (METRIC, {"period": UNKNOWN_TEXT}, HIGH),
    (METRIC, {"metricQueries": UNKNOWN_TEXT}, HIGH),
    (METRIC, queries(UNKNOWN_TEXT), HIGH),
    (METRIC, queries({"metric": UNKNOWN_TEXT}), HIGH),
    (METRIC, queries({"period": UNKNOWN_TEXT}), HIGH),
    (METRIC, queries({"metric": {"period": 60}}, {"metric": {"period": 10}}), period(10)),
    (METRIC, queries({"period": 60}, {"period": 30}), period(30)),
    (METRIC, queries({"metric": {"period": 60}, "period": 60}, {"expression": "a"}), None),
    (METRIC, queries("text"), None),
    (CLUSTER, settings("disabled"), None),
    (
        CLUSTER,
        {"settings": [{"name": "other", "value": "enabled"}, "text", *settings("enabled")["settings"]]},
        ALWAYS_ON,
    ),
    (CLUSTER, {"settings": [{"name": "other", "value": "enabled"}, "text"]}, None),
    (CLUSTER, {"settings": [{"name": UNKNOWN_TEXT, "value": "disabled"}]}, None),
    (CLUSTER, {"settings": [{"name": UNKNOWN_TEXT, "value": "enabled"}]}, ALWAYS_ON),
    (CLUSTER, settings(UNKNOWN_TEXT), ALWAYS_ON),
    (CLUSTER, {"settings": UNKNOWN_TEXT}, f"{ALWAYS_ON} ({HINT}: `settings`)"),
    (CLUSTER, {"settings": [UNKNOWN_TEXT]}, f"{ALWAYS_ON} ({HINT}: `settings`)"),
    (CLUSTER, {}, None),
    (SETTING, {"name": "containerInsights", "value": "disabled"}, None),
    (SETTING, {"name": UNKNOWN_TEXT, "value": "disabled"}, None),
    (SETTING, {"name": "other", "value": "enabled"}, None),
    *((SETTING, {"name": name, "value": "enabled"}, EVERY_CLUSTER) for name in ("containerInsights", UNKNOWN_TEXT)),
    (SETTING, {"name": "containerInsights", "value": UNKNOWN_TEXT}, EVERY_CLUSTER),
    (SETTING, {"name": "containerInsights"}, EVERY_CLUSTER),
    *((INSIGHTS, {"mode": mode}, None) for mode in ("off", "gameday")),
    *((INSIGHTS, {"mode": mode}, BY_MODE) for mode in ("on", UNKNOWN_TEXT, None)),
    ("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": body(50)}, None),
    (
        "aws:cloudwatch/dashboard:Dashboard",
        {"dashboardBody": body(51)},
        "shows 51 metrics and leaves AWS's free tier above 50; split it or remove some",
    ),
    *(("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": text}, None) for text in (UNKNOWN_TEXT, "{", None)),
    *(
        (WORKGROUP, {"configuration": configuration}, found)
        for configuration, found in (
            (CUT_OFF, None),
            (CUT_OFF | {"enforceWorkgroupConfiguration": True}, None),
            (CUT_OFF | {"enforceWorkgroupConfiguration": "true"}, None),
            (CUT_OFF | {"enforceWorkgroupConfiguration": False}, UNLIMITED + CUT),
            (CUT_OFF | {"enforceWorkgroupConfiguration": "false"}, UNLIMITED + CUT),
            (CUT_OFF | {"enforceWorkgroupConfiguration": UNKNOWN_TEXT}, MAY_BE_UNLIMITED + CUT),
            ({"bytesScannedCutoffPerQuery": UNKNOWN_TEXT}, MAY_BE_UNLIMITED + CUT),
            ({"bytesScannedCutoffPerQuery": "10000000"}, UNLIMITED + CUT),
            ({}, UNLIMITED + CUT),
            (None, UNLIMITED + CUT),
            (UNKNOWN_TEXT, MAY_BE_UNLIMITED + CUT),
        )
    ),
]


@pytest.mark.parametrize(("token", "inputs", "found"), SAID)
def test_what_is_said(token: str, inputs: dict[str, Any], found: str | None) -> None:
    resource = made(token, inputs)
    expected = [] if found is None else [f"it ({token}) {found}"]
    assert trap(resource, lambda: terms_of(resource.urn)) == expected


def test_every_trap_has_a_case() -> None:
    assert {token for token, _, found in SAID if found} | {"aws:ec2/natGateway:NatGateway"} == TRAPPED
    assert DASHBOARD_METRICS == 50


def test_a_waiver_that_is_not_enough_or_cannot_be_compared(surroundings: Path) -> None:
    def waived(amount: str, token: str, inputs: dict[str, Any]) -> list[str]:
        waiver = f"id: W1, policy: cost-traps, scope: it, reason: r, owner: o, maxAmount: {amount}, expires: 2026-12-01"
        (surroundings / "dev.yaml").write_text(f"{ENVIRONMENT}\nwaivers: [{{{waiver}}}]\n", encoding="utf-8")
        environments._terms.cache_clear()
        resource = made(token, inputs)
        return trap(resource, lambda: terms_of(resource.urn))

    key = "aws:kms/key:Key"
    assert waived("1.00", key, {}) == []
    assert waived("0.99", key, {}) == [
        f"it ({key}) {KEY} (its waiver covers 0.99 USD a month, which is not enough or cannot be compared)"
    ]
    # What has no price alone is not held by an amount.
    [text] = waived("99", METRIC, {"metricQueries": UNKNOWN_TEXT})
    assert text.endswith("(its waiver covers 99.00 USD a month, which is not enough or cannot be compared)")
    assert waived("0.01", METRIC, {"period": 60}) == []
