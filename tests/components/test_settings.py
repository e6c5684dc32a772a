from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pulumi
import pytest

from components.reading import Reader, SettingsError
from components.settings import Settings

Build = Callable[..., Settings]


def _work(**values: Any) -> dict[str, Any]:
    return {"workload": values}


DASHBOARDS = "a list of names (letters, digits and `-`; not overview), or how many, 0 to 500"
BAD: list[tuple[dict[str, Any], str]] = [
    ({"stage": 9}, "ial:stage is 9; accepted: a whole number, 0 to 8"),
    ({"stage": "two"}, 'ial:stage is "two"; accepted: a whole number, 0 to 8'),
    ({"stage": True}, "ial:stage is true; accepted: a whole number, 0 to 8"),
    ({"stage": 1.5}, "ial:stage is 1.5; accepted: a whole number, 0 to 8"),
    ({"owner": None}, "ial:owner is not set; accepted: a name or address of 1 to 64 characters"),
    ({"owner": "a b"}, 'ial:owner is "a b"; accepted: a name or address of 1 to 64 characters'),
    ({"accountId": "123"}, 'ial:accountId is "123"; accepted: twelve digits, in quotes'),
    ({"accountId": 123456789012}, "ial:accountId is 123456789012; accepted: twelve digits, in quotes"),
    ({"region": "moon"}, 'aws:region is "moon"; accepted: an AWS region such as us-east-1'),
    ({"region": None}, "aws:region is not set; accepted: an AWS region such as us-east-1"),
    (
        {"stack": "Dev_1"},
        'ial:environment is "Dev_1"; accepted: 1 to 20 of a-z, 0-9 and `-`; without it the stack\'s name',
    ),
    ({"environment": ""}, 'ial:environment is ""; accepted: 1 to 20 of a-z, 0-9 and `-`; without it the stack\'s name'),
    ({"notifyEmails": ["nobody"]}, 'ial:notifyEmails is ["nobody"]; accepted: a list of e-mail addresses'),
    ({"notifyEmails": "a@b.c"}, 'ial:notifyEmails is "a@b.c"; accepted: a list of e-mail addresses'),
    ({"containerInsights": "on"}, 'ial:containerInsights is "on"; accepted: off, gameday, always'),
    ({"runbooks": "a b"}, 'ial:runbooks is "a b"; accepted: an address without spaces'),
    (
        {"fleetRecords": {"scanLimitMegabytes": 9}},
        "ial:fleetRecords.scanLimitMegabytes is 9; accepted: a whole number, 10 to 1000000",
    ),
    (
        {"fleetRecords": {"environments": ["prod", "*"]}},
        'ial:fleetRecords.environments is ["prod", "*"]; accepted: a list of environments of this account: '
        "1 to 20 of a-z, 0-9 and `-`",
    ),
    (
        {"fleetRecords": {"resultDays": 0}},
        "ial:fleetRecords.resultDays is 0; accepted: a whole number, 1 to 365",
    ),
    (
        {"fleetRecords": {"enable": True}},
        "ial:fleetRecords.enable is not a setting; accepted: enabled, environments, resultDays, scanLimitMegabytes",
    ),
    ({"metricNamespace": "AWS/ECS"}, 'ial:metricNamespace is "AWS/ECS"; accepted: a CloudWatch namespace outside AWS/'),
    ({"alarmInstances": ["web-1"]}, 'ial:alarmInstances is ["web-1"]; accepted: a list of EC2 instance ids'),
    (
        {"teamDashboards": 501},
        f"ial:teamDashboards is 501; accepted: {DASHBOARDS}",
    ),
    (
        {"teamDashboards": ["a b"]},
        f'ial:teamDashboards is ["a b"]; accepted: {DASHBOARDS}',
    ),
    (
        {"teamDashboards": ["overview"]},
        f'ial:teamDashboards is ["overview"]; accepted: {DASHBOARDS}',
    ),
    (
        {"notifyEmails": ["a@b.example", "a@b.example"]},
        'ial:notifyEmails is ["a@b.example", "a@b.example"]; accepted: a list of e-mail addresses, each once',
    ),
    (
        {"metrics": [{"name": "A", "pattern": "x"}, {"name": "A", "pattern": "y"}]},
        'ial:metrics has "A" twice; accepted: each name once',
    ),
    ({"spendingLimit": 0}, "ial:spendingLimit is 0; accepted: USD a month, more than 0, at most two decimals"),
    ({"spendingLimit": "1e9"}, 'ial:spendingLimit is "1e9"; accepted: USD a month, more than 0, at most two decimals'),
    ({"recoveryWindowDays": 36}, "ial:recoveryWindowDays is 36; accepted: a whole number, 1 to 35"),
    ({"recoveryWindowDays": 0}, "ial:recoveryWindowDays is 0; accepted: a whole number, 1 to 35"),
    ({"thresholds": {"errors": 0}}, "ial:thresholds.errors is 0; accepted: a number, 1 to 1e+09"),
    ({"thresholds": {"errors": float("nan")}}, "ial:thresholds.errors is NaN; accepted: a number, 1 to 1e+09"),
    ({"thresholds": []}, "ial:thresholds is []; accepted: an object"),
    ({"tracing": {"samplingRate": 2}}, "ial:tracing.samplingRate is 2; accepted: a number, 0 to 1"),
    (
        {"tracing": {"healthCheckPath": "up"}},
        'ial:tracing.healthCheckPath is "up"; accepted: a path that starts with `/`',
    ),
    ({"slo": {"target": 0.9}}, "ial:slo.target is 0.9; accepted: a number, 0.95 to 0.9995"),
    ({"slo": {"windowDays": 28}}, "ial:slo.target is not set; accepted: a number, 0.95 to 0.9995"),
    ({"slo": {"target": 0.99, "windowDays": 7}}, "ial:slo.windowDays is 7; accepted: one of 28, 30"),
    ({"backup": {"schedule": "weekly"}}, 'ial:backup.schedule is "weekly"; accepted: cron(...) or rate(...)'),
    ({"backup": {"retentionDays": 0}}, "ial:backup.retentionDays is 0; accepted: a whole number, 1 to 36500"),
    ({"backup": {"restoreTesting": 1}}, "ial:backup.restoreTesting is 1; accepted: true or false"),
    ({"trusted": {"drill": ["*"]}}, 'ial:trusted.drill is ["*"]; accepted: a list of ARNs of roles and users'),
    (
        {"trusted": {"halt": ["arn:aws:iam::123456789012:role/*"]}},
        'ial:trusted.halt is ["arn:aws:iam::123456789012:role/*"]; accepted: a list of ARNs of roles and users',
    ),
    (
        {"chaos": {"rollback": {"targets": []}}},
        "ial:chaos.rollback.targets is []; accepted: at least one; without the whole section nothing is rolled back",
    ),
    (
        {"chaos": {"rollback": {"targets": [{"kind": "rds", "name": "x"}]}}},
        'ial:chaos.rollback.targets[0].kind is "rds"; accepted: ecs-service, listener-weights, lambda-alias, '
        "auto-scaling-group, app-config, automation",
    ),
    (
        {"chaos": {"rollback": {"targets": [{"kind": "ecs-service", "name": "shop/*"}]}}},
        'ial:chaos.rollback.targets[0].name is "shop/*"; accepted: CLUSTER/SERVICE',
    ),
    (
        {"chaos": {"rollback": {"targets": [{"kind": "automation", "name": "back"}]}}},
        "ial:chaos.rollback.targets[0].parameter is null; accepted: a value: kind automation needs it",
    ),
    (
        {"chaos": {"rollback": {"targets": [{"kind": "lambda-alias", "name": "f:live", "strategy": "abcd"}]}}},
        'ial:chaos.rollback.targets[0].strategy is "abcd"; accepted: no value: it is for kind app-config alone',
    ),
    (
        {"chaos": {"rollback": {"targets": [{"kind": "lambda-alias", "name": "f:live"}] * 2}}},
        'ial:chaos.rollback.targets is [{"kind": "lambda-alias", "name": "f:live"}, {"kind": "lambda-alias", "name":'
        "...; accepted: each once",
    ),
    (
        {"trusted": {"deploy": []}},
        "ial:trusted.deploy is not a setting; accepted: chaos, drill, halt, reader, rollback",
    ),
    ({"metrics": [{"pattern": "x"}]}, "ial:metrics[0].name is not set; accepted: 1 to 100 letters, digits and `_`"),
    (
        {"metrics": [{"name": "A", "pattern": "x", "logGroup": "/other"}]},
        'ial:metrics[0].logGroup is "/other"; accepted: /ecs/shop-web',
    ),
    (
        {"metrics": [{"name": "A", "pattern": "x", "unit": "Hours"}]},
        'ial:metrics[0].unit is "Hours"; accepted: Count, Milliseconds, Seconds, Bytes, Percent, None',
    ),
    ({"workload": "shop"}, 'ial:workload is "shop"; accepted: an object'),
    (_work(ecsService="web"), 'ial:workload.ecsService is "web"; accepted: it together with ecsCluster, or neither'),
    (
        _work(createCluster=True),
        "ial:workload.createCluster is true; accepted: it together with ecsCluster, or neither",
    ),
    (
        _work(loadBalancer="shop"),
        'ial:workload.loadBalancer is "shop"; accepted: an ALB\'s ARN or its suffix app/NAME/ID',
    ),
    (
        _work(targetGroup="targetgroup/a/1"),
        'ial:workload.targetGroup is "targetgroup/a/1"; accepted: it together with loadBalancer, or neither',
    ),
    (
        _work(hostName="shop.example.com"),
        'ial:workload.hostName is "shop.example.com"; accepted: it together with loadBalancer, or neither',
    ),
    *(
        (
            _work(loadBalancer="app/shop/1a", hostName=name),
            f'ial:workload.hostName is "{name}"; accepted: '
            "the name under which users know the service, such as shop.example.com",
        )
        for name in (
            "https://shop.example.com",
            "shop.example.com/",
            "shop",
            "shop.example.com:443",
            "10.0.0.1",
            "a b.c",
        )
    ),
    (_work(tables={"name": "orders"}), 'ial:workload.tables is {"name": "orders"}; accepted: a list of objects'),
    (_work(tables=["orders"]), 'ial:workload.tables[0] is "orders"; accepted: an object'),
    (
        _work(tables=[{}]),
        "ial:workload.tables[0].name is not set; accepted: 3 to 255 letters, digits, `_`, `.` and `-`",
    ),
    (
        _work(tables=[{"name": "orders", "recoveryDays": 40}]),
        "ial:workload.tables[0].recoveryDays is 40; accepted: a whole number, 1 to 35",
    ),
    (
        _work(tables=[{"name": "orders"}, {"name": "orders"}]),
        'ial:workload.tables is [{"name": "orders"}, {"name": "orders"}]; accepted: each name once',
    ),
    (
        _work(buckets=[{"name": "assets", "leave": ["acl"]}]),
        'ial:workload.buckets[0].leave is ["acl"]; '
        "accepted: a list of versioning, lifecycle, encryption, publicAccessBlock, policy",
    ),
    (
        _work(buckets=[{"name": "assets", "also": ["acl"]}]),
        'ial:workload.buckets[0].also is ["acl"]; accepted: a list of encryption, publicAccessBlock, policy',
    ),
    (
        _work(buckets=[{"name": "assets", "existing": False, "also": ["policy"]}]),
        'ial:workload.buckets[0].also is ["policy"]; '
        "accepted: it with `existing: true` only: a bucket that is created has all of them",
    ),
    (
        _work(buckets=[{"name": "assets", "also": ["policy"], "leave": ["policy"]}]),
        'ial:workload.buckets[0].also is ["policy"]; accepted: policy in `also` or in `leave`, not in both',
    ),
    (
        _work(buckets=[{"name": "assets", "shorten": True}]),
        "ial:workload.buckets[0].shorten is true; "
        "accepted: it with noncurrentDays of the same existing resource, or not at all",
    ),
    (
        _work(tables=[{"name": "orders", "shorten": True}]),
        "ial:workload.tables[0].shorten is true; "
        "accepted: it with recoveryDays of the same existing resource, or not at all",
    ),
    (
        _work(logGroups=[{"name": "/a", "existing": False, "retentionDays": 7, "shorten": True}]),
        "ial:workload.logGroups[0].shorten is true; "
        "accepted: it with retentionDays of the same existing resource, or not at all",
    ),
    (
        _work(buckets=[{"name": "Assets"}]),
        'ial:workload.buckets[0].name is "Assets"; accepted: a bucket name of 3 to 63 characters',
    ),
]


@pytest.mark.parametrize(
    ("backup", "said"),
    [
        ({"schedule": "cron(0/15 * * * ? *)"}, "ial:backup.schedule is .*; accepted: copies at least an hour apart"),
        ({"schedule": "rate(15 minutes)"}, "ial:backup.schedule is .*; accepted: copies at least an hour apart"),
        ({"schedule": "cron(0 5 31 2 ? *)"}, "ial:backup.schedule is .*; accepted: a schedule that AWS takes: .*never"),
        ({"schedule": "cron(0 5 * * SUN *)"}, r"ial:backup.schedule is .*one must be \?"),
        ({"schedule": "rate(1 days)"}, "ial:backup.schedule is .*AWS wants `1 day`"),
        ({"schedule": "cron(0 5 1 1 ? 2020)"}, "ial:backup.schedule is .*all of its years are over"),
        ({"schedule": "cron(0 5 1 * ? *)", "retentionDays": 7}, "ial:backup.retentionDays is 7; accepted: 31 days or"),
        ({"drills": {"schedule": "cron(0 6 1 1 ? *)"}}, "ial:backup.drills.overdueDays is 35; accepted: 366 days or"),
        ({"drills": {"schedule": "rate(0 days)"}}, "ial:backup.drills.schedule is .*1 or more"),
    ],
)
def test_schedules_that_come_to_nothing(settings: Build, backup: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings(backup=backup)


@pytest.mark.parametrize(
    "backup",
    [
        {"schedule": "cron(0 * * * ? *)", "retentionDays": 1},
        {"schedule": "rate(1 hour)"},
        {"schedule": "cron(0 5 1 * ? *)", "retentionDays": 31},
        {"drills": {"schedule": "cron(0 6 1 1 ? *)", "overdueDays": 365, "enabled": False}},
        {"drills": {"schedule": "cron(0 6 1 1,4,7,10 ? *)", "overdueDays": 92}},
    ],
)
def test_the_good_schedules_beside_them(settings: Build, backup: dict[str, Any]) -> None:
    assert settings(backup=backup).backup.schedule


@pytest.mark.parametrize(("values", "message"), BAD, ids=[message.split(";")[0] for _, message in BAD])
def test_a_wrong_value_is_one_line_with_key_value_and_what_is_accepted(
    settings: Build, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("values", "start"),
    [
        ({"stagee": 1}, "ial:stagee is not a setting; accepted: accountId, adopt, alarmInstances, "),
        (_work(ecscluster="shop"), "ial:workload.ecscluster is not a setting; accepted: autoScalingGroup, "),
        (
            _work(tables=[{"name": "orders", "size": 1}]),
            "ial:workload.tables[0].size is not a setting; accepted: deletion",
        ),
        ({"logRetentionDays": 2}, "ial:logRetentionDays is 2; accepted: one of 0, 1, 3, 5, 7, 14, "),
        (
            _work(logGroups=[{"name": "/a", "retentionDays": 8}]),
            "ial:workload.logGroups[0].retentionDays is 8; accepted",
        ),
    ],
)
def test_misspelt_keys_and_closed_sets_list_what_is_accepted(
    settings: Build, values: dict[str, Any], start: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(**values)
    assert str(caught.value).startswith(start)
    assert "\n" not in str(caught.value)


def test_long_values_are_cut(settings: Build) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(owner="x y" * 1000)
    assert len(str(caught.value)) < 200


def test_defaults(settings: Build) -> None:
    found = settings(workload=None)
    assert found.stage == 8
    assert found.environment == "dev"
    assert found.namespace == "ial/dev"
    assert found.container_insights == "gameday"
    assert (found.log_retention_days, found.recovery_window_days, found.noncurrent_days) == (14, 14, 14)
    assert found.metrics is None
    assert found.slo is None
    assert found.backup.retention_days == 14
    assert found.workload.tables.all == ()


def test_sentinels_can_be_left_out(settings: Build) -> None:
    assert settings().backup.drills.sentinel is True
    assert settings(backup={"drills": {"sentinel": False}}).backup.drills.sentinel is False


def test_arns_become_the_suffixes_that_dimensions_hold(settings: Build) -> None:
    start = "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
    found = settings(
        workload={"loadBalancer": start + "loadbalancer/app/shop/1a", "targetGroup": start + "targetgroup/web/2b"}
    )
    assert (found.workload.balancer.name, found.workload.balancer.target_group) == ("app/shop/1a", "targetgroup/web/2b")


def test_the_name_of_the_service_is_optional(settings: Build) -> None:
    balancer = {"loadBalancer": "app/shop/1a"}
    assert settings(workload=balancer).workload.balancer.host_name is None
    named = settings(workload={**balancer, "hostName": "shop.example.com"})
    assert named.workload.balancer.host_name == "shop.example.com"


def test_values_that_only_the_gate_refuses_are_let_through(settings: Build) -> None:
    found = settings(
        teamDashboards=10,
        containerInsights="always",
        logRetentionDays=0,
        backup={"noncurrentDays": 1},
        workload={"tables": [{"name": "orders", "pitr": False}]},
    )
    assert len(found.team_dashboards) == 10
    assert found.log_retention_days == 0
    assert found.noncurrent_days == 1
    assert not found.workload.tables.all[0].pitr


def test_stack_configuration_arrives_as_text(run: Any) -> None:
    config = {
        "aws:region": "us-east-1",
        "ial:owner": "platform-team",
        "ial:accountId": "123456789012",
        "ial:stage": "2",
        "ial:teamDashboards": '["payments"]',
        "ial:spendingLimit": "150.5",
        "ial:workload": '{"tables": [{"name": "orders", "existing": true}]}',
        "other:key": "x",
    }
    loaded: list[Settings] = []
    run(lambda: loaded.append(Settings.load()), config=config)
    (found,) = loaded
    assert found.stage == 2
    assert found.account_id == "123456789012"
    assert found.team_dashboards == ("payments",)
    assert found.spending_limit == Decimal("150.5")
    assert found.workload.tables.all[0].name == "orders"


def test_a_misspelt_key_of_the_stack_is_refused(run: Any) -> None:
    with pytest.raises(SettingsError, match="ial:owners is not a setting"):
        run(
            Settings.load,
            config={"aws:region": "us-east-1", "ial:owners": "x", "ial:owner": "x", "ial:accountId": "1" * 12},
        )


def test_text_that_is_no_json_is_refused_by_its_kind(settings: Build) -> None:
    values = {"owner": "platform-team", "accountId": "123456789012", "workload": "{broken"}
    with pytest.raises(SettingsError, match=r"ial:workload is .*; accepted: an object"):
        Settings.read(Reader(values, "ial:", encoded=True), stack="dev", region="us-east-1")


def test_a_settings_error_is_what_pulumi_prints_without_a_traceback() -> None:
    assert issubclass(SettingsError, pulumi.RunError)
