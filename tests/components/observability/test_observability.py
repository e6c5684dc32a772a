from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.observability.observability import Observability, ObservabilityArgs
from components.omissions import omissions
from components.settings import Settings
from contract.alarms.metric_math import evaluated

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture
def build(run: Any, settings: Callable[..., Settings]) -> Callable[..., Any]:
    def built(preview: bool = False, **values: Any) -> Any:
        return run(
            lambda: Observability("observability", ObservabilityArgs(settings=settings(**values))), preview=preview
        )

    return built


def test_everything_of_stage_one_is_registered_once(build: Any) -> None:
    recorder = build()
    counts: dict[str, int] = {}
    for resource in recorder.resources:
        counts[resource.typ] = counts.get(resource.typ, 0) + 1
    assert counts == {
        "ial:observability:Observability": 1,
        "ial:observability:Notifications": 1,
        "ial:observability:SpendingBudget": 1,
        "ial:observability:CriticalAlarms": 1,
        "ial:observability:LogGroups": 1,
        "ial:observability:CustomMetrics": 1,
        "ial:observability:Tracing": 1,
        "ial:observability:ContainerInsights": 1,
        "ial:observability:Dashboard": 1,
        "aws:sns/topic:Topic": 1,
        "aws:sns/topicPolicy:TopicPolicy": 1,
        "aws:budgets/budget:Budget": 1,
        ALARM: 5,
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": 15,
        "aws:cloudwatch/queryDefinition:QueryDefinition": 4,
        "aws:cloudwatch/dashboard:Dashboard": 1,
        "aws:xray/samplingRule:SamplingRule": 2,
        "aws:xray/group:Group": 1,
        "pulumi-python:dynamic/observability:LogRetention": 1,
        "pulumi-python:dynamic/observability:ClusterInsights": 1,
    }


def test_every_alarm_notifies_both_ways_and_links_its_runbook(build: Any) -> None:
    alarms = build().of(ALARM)
    signals = ("errors", "latency", "unhealthy-hosts", "saturation", "data-store")
    assert sorted(alarms) == sorted(f"observability-alarms-{signal}" for signal in signals)
    for signal in signals:
        alarm = alarms[f"observability-alarms-{signal}"]
        assert alarm["name"] == f"ial-dev-{signal}"
        assert alarm["alarmActions"] == alarm["okActions"]
        assert len(alarm["alarmActions"]) == 1
        assert alarm["alarmDescription"].endswith(f"Runbook: docs/runbooks/{signal}.md")
        assert alarm["treatMissingData"] in {"breaching", "notBreaching"}
        assert alarm["datapointsToAlarm"] <= alarm["evaluationPeriods"]


def test_latency_alarm_watches_a_percentile_of_the_whole_target(build: Any) -> None:
    alarm = build().of(ALARM)["observability-alarms-latency"]
    assert alarm["extendedStatistic"] == "p99"
    assert alarm["evaluateLowSampleCountPercentiles"] == "ignore"
    assert "statistic" not in alarm
    assert alarm["dimensions"] == {
        "LoadBalancer": "app/shop/50dc6c495c0c9188",
        "TargetGroup": "targetgroup/shop-web/6d0ecf831eec9f09",
    }


def test_errors_are_those_of_the_targets_and_of_the_load_balancer(build: Any, workload: dict[str, Any]) -> None:
    balancer = {"LoadBalancer": "app/shop/50dc6c495c0c9188"}
    group = {"TargetGroup": "targetgroup/shop-web/6d0ecf831eec9f09"}
    for work, own in ((workload, group), ({**workload, "targetGroup": None}, {})):
        alarm = build(workload=work).of(ALARM)["observability-alarms-errors"]
        queries = {query["id"]: query for query in alarm["metricQueries"]}
        assert queries["e1"]["expression"] == "FILL(m1, 0) + FILL(m2, 0)"
        assert [queries[key]["metric"]["metricName"] for key in ("m1", "m2")] == [
            "HTTPCode_Target_5XX_Count",
            "HTTPCode_ELB_5XX_Count",
        ]
        # With a target group, the load balancer's own metric does not exist.
        assert [queries[key]["metric"]["dimensions"] for key in ("m1", "m2")] == [balancer | own, balancer]
        assert all(queries[key]["metric"]["stat"] == "Sum" for key in ("m1", "m2"))
        assert (alarm["threshold"], alarm["treatMissingData"]) == (5, "notBreaching")


def test_table_alarm_fills_missing_data_itself(build: Any) -> None:
    queries = {query["id"]: query for query in build().of(ALARM)["observability-alarms-data-store"]["metricQueries"]}
    assert queries["e1"] == {
        "id": "e1",
        "expression": "FILL(m1, 0) + FILL(m2, 0)",
        "label": "Table orders throttles requests",
        "returnData": True,
    }
    assert {queries[key]["metric"]["metricName"] for key in ("m1", "m2")} == {
        "ReadThrottleEvents",
        "WriteThrottleEvents",
    }
    assert all(queries[key]["metric"]["dimensions"] == {"TableName": "orders"} for key in ("m1", "m2"))
    assert all(queries[key]["returnData"] is False for key in ("m1", "m2"))


@pytest.mark.parametrize(
    ("absent", "signal", "namespace"),
    [
        ({"loadBalancer": None, "targetGroup": None}, "errors", "ial/dev"),
        ({"loadBalancer": None, "targetGroup": None}, "latency", "ial/dev"),
        ({"ecsService": None}, "saturation", "AWS/EC2"),
        ({"tables": []}, "data-store", "AWS/RDS"),
    ],
)
def test_a_signal_falls_back_to_what_is_there(
    build: Any, workload: dict[str, Any], absent: dict[str, Any], signal: str, namespace: str
) -> None:
    alarm = build(workload={**workload, **absent}).of(ALARM)[f"observability-alarms-{signal}"]
    assert alarm["namespace"] == namespace


@pytest.mark.parametrize(
    ("changes", "name", "looks"),
    [
        ({}, "saturation", (60, 3, 5)),
        # Without detailed monitoring EC2 sends a point every five minutes: a shorter period sees holes.
        ({"ecsService": None}, "saturation", (300, 2, 3)),
        # Status checks come every minute, whatever the monitoring.
        ({}, "instance-i-0123456789abcdef0", (60, 2, 3)),
    ],
    ids=["service", "instances", "status-check"],
)
def test_an_alarm_looks_as_often_as_its_metric_is_sent(
    build: Any, workload: dict[str, Any], changes: dict[str, Any], name: str, looks: tuple[int, int, int]
) -> None:
    recorder = build(workload={**workload, **changes}, alarmInstances=["i-0123456789abcdef0"])
    alarm = recorder.of(ALARM)[f"observability-alarms-{name}"]
    assert (alarm["period"], alarm["datapointsToAlarm"], alarm["evaluationPeriods"]) == looks


def test_little_free_storage_is_watched_where_somebody_says_what_is_little(
    build: Any, settings: Callable[..., Settings], workload: dict[str, Any]
) -> None:
    alarm = build(thresholds={"databaseFreeGib": 20}).of(ALARM)["observability-alarms-database-storage"]
    assert (alarm["metricName"], alarm["dimensions"]) == ("FreeStorageSpace", {"DBInstanceIdentifier": "shop-db"})
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanOrEqualToThreshold", 20 * 1024**3)
    assert alarm["alarmDescription"].endswith("docs/runbooks/database-storage.md")
    without = {key: value for key, value in workload.items() if key != "database"}
    for given in ({}, {"workload": without, "thresholds": {"databaseFreeGib": 20}}):
        assert "observability-alarms-database-storage" not in build(**given).of(ALARM)
        [left_out] = [held for held in omissions(settings(**given)) if "database-storage" in held.feature]
        assert left_out.reason == "workload.database is not set, or thresholds.databaseFreeGib is 0"


def test_an_empty_workload_leaves_what_needs_none(build: Any) -> None:
    recorder = build(workload={})
    assert recorder.of(ALARM) == {}
    assert recorder.of("aws:cloudwatch/logMetricFilter:LogMetricFilter") == {}
    assert len(recorder.of("aws:sns/topic:Topic")) == 1
    assert len(recorder.of("aws:cloudwatch/dashboard:Dashboard")) == 1
    assert len(recorder.of("aws:budgets/budget:Budget")) == 1


def test_health_checks_are_not_traced(build: Any) -> None:
    rules = build(tracing={"healthCheckPath": "/alive"}).of("aws:xray/samplingRule:SamplingRule")
    health, requests = rules["observability-tracing-health"], rules["observability-tracing-requests"]
    assert (health["urlPath"], health["fixedRate"], health["reservoirSize"]) == ("/alive", 0, 0)
    assert (requests["urlPath"], requests["fixedRate"], requests["reservoirSize"]) == ("*", 0.05, 0)
    assert health["priority"] < requests["priority"]


def test_sampling_rules_are_for_one_service(build: Any, workload: dict[str, Any]) -> None:
    """A rule for all services would change what the rest of the account samples."""
    rules, groups = "aws:xray/samplingRule:SamplingRule", "aws:xray/group:Group"
    recorder = build()
    assert {rule["serviceName"] for rule in recorder.of(rules).values()} == {"web"}
    assert recorder.one(groups)["filterExpression"].startswith('service("web") AND (')
    named = build(tracing={"service": "shop-web"})
    assert {rule["serviceName"] for rule in named.of(rules).values()} == {"shop-web"}
    assert build(workload={**workload, "ecsService": None}).of(rules) == {}


def test_the_account_s_budget_says_that_it_is_the_account_s(build: Any) -> None:
    assert build().one("aws:budgets/budget:Budget")["name"] == "ial-dev-account-monthly"


def test_metric_filters_carry_the_stack_s_name_and_metrics_their_own(build: Any) -> None:
    for found in build().of("aws:cloudwatch/logMetricFilter:LogMetricFilter").values():
        assert found["name"] == f"ial-dev-{found['metricTransformation']['name']}"


def test_custom_metrics_have_no_dimensions_and_only_counts_have_a_zero(build: Any) -> None:
    filters = build().of("aws:cloudwatch/logMetricFilter:LogMetricFilter").values()
    for found in filters:
        transformation = found["metricTransformation"]
        assert "dimensions" not in transformation
        assert transformation["namespace"] == "ial/dev"
        assert (transformation.get("defaultValue") == "0") is (transformation["value"] == "1")
    assert len({found["metricTransformation"]["name"] for found in filters}) == 15


def test_metrics_are_overridable(build: Any) -> None:
    metrics = [{"name": "Orders", "pattern": '{ $.event = "order" }'}]
    (found,) = build(metrics=metrics).of("aws:cloudwatch/logMetricFilter:LogMetricFilter").values()
    assert found["pattern"] == '{ $.event = "order" }'
    assert found["logGroupName"] == "/ecs/shop-web"


@pytest.mark.parametrize(("mode", "value"), [("gameday", "disabled"), ("always", "enabled")])
def test_container_insights_of_an_existing_cluster(build: Any, mode: str, value: str) -> None:
    setting = build(containerInsights=mode).one("pulumi-python:dynamic/observability:ClusterInsights")
    assert (setting["cluster"], setting["mode"], setting["value"]) == ("shop", mode, value)


def test_container_insights_off_leaves_the_cluster_alone(build: Any) -> None:
    recorder = build(containerInsights="off")
    assert recorder.of("pulumi-python:dynamic/observability:ClusterInsights") == {}


def test_a_cluster_can_be_created(build: Any, workload: dict[str, Any]) -> None:
    recorder = build(workload={**workload, "createCluster": True})
    cluster = recorder.one("aws:ecs/cluster:Cluster")
    assert cluster["settings"] == [{"name": "containerInsights", "value": "disabled"}]
    assert recorder.of("pulumi-python:dynamic/observability:ClusterInsights") == {}


def test_log_groups_are_switched_or_created(build: Any, workload: dict[str, Any]) -> None:
    groups = [{"name": "/ecs/shop-web", "retentionDays": 0}, {"name": "/shop/new", "existing": False}]
    recorder = build(workload={**workload, "logGroups": groups})
    retention = recorder.one("pulumi-python:dynamic/observability:LogRetention")
    assert (retention["logGroup"], retention["retentionInDays"]) == ("/ecs/shop-web", 0)
    created = recorder.one("aws:cloudwatch/logGroup:LogGroup")
    assert (created["name"], created["retentionInDays"]) == ("/shop/new", 14)
    assert recorder.retained == {"observability-logs-shop-new"}


def test_without_a_limit_there_is_no_spending_budget(build: Any) -> None:
    assert build(spendingLimit=None).of("aws:budgets/budget:Budget") == {}


@pytest.mark.parametrize(("limit", "stated"), [("159.93", "159.93"), ("300", "300.00")])
def test_the_spending_budget_is_the_one_of_the_settings(build: Any, limit: str, stated: str) -> None:
    budget = build(spendingLimit=limit).one("aws:budgets/budget:Budget")
    assert budget["limitAmount"] == stated
    assert budget["limitUnit"] == "USD"
    kinds = {(alert["notificationType"], alert["threshold"]) for alert in budget["notifications"]}
    assert kinds == {("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)}


def test_subscribers_and_extra_dashboards_and_instances(build: Any) -> None:
    recorder = build(
        notifyEmails=["a@example.com"], teamDashboards=["payments"], alarmInstances=["i-0123456789abcdef0"]
    )
    assert recorder.one("aws:sns/topicSubscription:TopicSubscription")["endpoint"] == "a@example.com"
    dashboards = recorder.of("aws:cloudwatch/dashboard:Dashboard").values()
    assert {dashboard["dashboardName"] for dashboard in dashboards} == {"ial-dev-overview", "ial-dev-payments"}
    alarm = recorder.of(ALARM)["observability-alarms-instance-i-0123456789abcdef0"]
    assert alarm["dimensions"] == {"InstanceId": "i-0123456789abcdef0"}
    assert alarm["alarmDescription"].endswith("docs/runbooks/instance.md")


def test_burn_rate_alarms_are_composites_over_silent_children(build: Any) -> None:
    recorder = build(slo={"target": 0.99})
    composites = recorder.of("aws:cloudwatch/compositeAlarm:CompositeAlarm")
    assert sorted(composites) == [f"observability-burn-rate-{tier}" for tier in ("fast", "medium", "slow")]
    children = {name: alarm for name, alarm in recorder.of(ALARM).items() if "burn-rate" in name}
    assert len(children) == 6
    assert not any("alarmActions" in child for child in children.values())
    fast = children["observability-burn-rate-fast-long"]
    assert fast["threshold"] == 0.144
    assert {query["metric"]["period"] for query in fast["metricQueries"] if "metric" in query} == {3600}
    assert composites["observability-burn-rate-fast"]["alarmRule"] == (
        'ALARM("ial-dev-burn-fast-long") AND ALARM("ial-dev-burn-fast-short")'
    )
    assert "actionsSuppressor" not in composites["observability-burn-rate-fast"]
    assert composites["observability-burn-rate-slow"]["actionsSuppressor"] == {
        "alarm": "ial-dev-burn-medium",
        "waitPeriod": 120,
        "extensionPeriod": 7200,
    }


@pytest.mark.parametrize(
    ("valid", "targets", "balancer", "share"),
    [
        (1000, None, None, 0),
        (1000, 100, None, 0.1),
        # A target that is gone answers nothing; the load balancer does.
        (1000, None, 200, 0.2),
        (1000, 100, 200, 0.3),
        # Without any target no request is counted, and all of them fail.
        (None, None, 500, 1),
        (50, None, 500, 1),
        (None, None, None, 0),
        (50, 40, None, 0),
        (None, None, 99, 0),
    ],
)
def test_the_budget_burns_with_what_users_get(
    build: Any, valid: float | None, targets: float | None, balancer: float | None, share: float
) -> None:
    alarm = build(slo={"target": 0.99}).of(ALARM)["observability-burn-rate-fast-long"]
    given = {"RequestCount": valid, "HTTPCode_Target_5XX_Count": targets, "HTTPCode_ELB_5XX_Count": balancer}
    metrics = {query["id"]: query["metric"] for query in alarm["metricQueries"] if "metric" in query}
    [expression] = [query["expression"] for query in alarm["metricQueries"] if "expression" in query]
    assert evaluated(expression, {key: [given[held["metricName"]]] for key, held in metrics.items()}) == [share]
    assert [held["metricName"] for held in metrics.values() if "TargetGroup" not in held["dimensions"]] == [
        "HTTPCode_ELB_5XX_Count"
    ]


def test_what_policies_read_is_known_at_preview(build: Any) -> None:
    # Unknown values reach the mocks as None or are dropped, so the body must be there in full.
    recorder = build(preview=True)
    assert recorder.one("aws:cloudwatch/dashboard:Dashboard")["dashboardBody"].startswith("{")
    assert recorder.one("aws:sns/topicPolicy:TopicPolicy")["policy"].startswith("{")
    assert {alarm["name"] for alarm in recorder.of(ALARM).values()} >= {"ial-dev-errors"}


def test_names_fit_the_longest_environment(build: Any) -> None:
    recorder = build(environment="e" * 20)
    for rule in recorder.of("aws:xray/samplingRule:SamplingRule").values():
        assert len(rule["ruleName"]) <= 32
    assert len(recorder.one("aws:xray/group:Group")["groupName"]) <= 32


def test_only_services_of_this_account_publish(build: Any) -> None:
    policy = json.loads(build().one("aws:sns/topicPolicy:TopicPolicy")["policy"])
    publishers = {statement["Principal"]["Service"] for statement in policy["Statement"]}
    assert publishers == {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}
    for statement in policy["Statement"]:
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
        assert statement["Resource"] == "arn:aws:sns:us-east-1:123456789012:ial-dev-alerts"
