"""The process ends at each write of the state, before or after it: the next run finds everything, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from local.dynamic_provider import DynamicProvider
from local.endpoint import Endpoint
from local.provisioner import LocalProvisioner
from local.state import StackState
from preview.registration import Registration

pytestmark = pytest.mark.cloud

_TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}]}'
)
_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
_ROLE = "arn:aws:iam::123456789012:role/crash"
_PROGRAM: tuple[tuple[str, dict[str, Any]], ...] = (
    ("aws:backup/vault:Vault", {"name": "crash"}),
    ("aws:iam/role:Role", {"name": "crash", "assumeRolePolicy": _TRUST}),
    ("aws:iam/rolePolicy:RolePolicy", {"name": "crash", "role": "crash", "policy": _POLICY}),
    (
        "aws:backup/plan:Plan",
        {"name": "crash", "rules": [{"ruleName": "r", "targetVaultName": "crash", "schedule": "rate(1 day)"}]},
    ),
    ("aws:backup/selection:Selection", {"name": "crash", "iamRoleArn": _ROLE, "resources": ["*"]}),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "/crash"}),
    (
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        {
            "name": "crash", "logGroupName": "/crash", "pattern": "E",
            "metricTransformation": {"name": "n", "namespace": "S", "value": "1"},
        },
    ),
    ("aws:cloudwatch/queryDefinition:QueryDefinition", {"name": "crash", "queryString": "fields a"}),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", {"alarmName": "crash", "alarmRule": "TRUE"}),
    ("aws:sns/topic:Topic", {"name": "crash"}),
)  # fmt: skip


class Killed(BaseException):
    """No `except Exception` may hold it up, as none holds up a kill."""


class DyingState(StackState):
    """A state whose process ends at one of its writes.

    Each effect stands between an odd write (it begins) and an even one (it is done): the end comes right after an odd
    write, before the effect, or right before an even one, after the effect. There is no third place.
    """

    ends_at: int = 0
    writes: int = 0

    def save(self) -> None:
        self.writes += 1
        if self.writes == self.ends_at and self.writes % 2 == 0:
            raise Killed
        super().save()
        if self.writes == self.ends_at:
            raise Killed


def _provisioner(endpoint: Endpoint, state: StackState) -> LocalProvisioner:
    return LocalProvisioner(state, endpoint, cast(DynamicProvider, None), lambda *_: None)


def _up(endpoint: Endpoint, state: StackState) -> LocalProvisioner:
    provisioner, plan = _provisioner(endpoint, state), ""
    for type_, properties in _PROGRAM:
        below = {"planId": plan} if "selection" in type_ else {}
        urn = f"urn:pulumi:t::p::{type_}::crash"
        request = Registration(urn=urn, type=type_, name="crash", custom=True, properties={**properties, **below})
        made = provisioner.create(request)
        plan = made.id if "plan:" in type_ else plan
    provisioner.remove_unvisited()
    return provisioner


def _there(endpoint: Endpoint) -> list[str]:
    logs, backup, iam, watch = (endpoint.client(name) for name in ("logs", "backup", "iam", "cloudwatch"))
    found = [f"role {role['RoleName']}" for role in iam.list_roles()["Roles"]]
    found += [f"policy of {name[5:]}" for name in found if iam.list_role_policies(RoleName=name[5:])["PolicyNames"]]
    found += [f"plan {plan['BackupPlanName']}" for plan in backup.list_backup_plans()["BackupPlansList"]]
    for plan in backup.list_backup_plans()["BackupPlansList"]:
        listed = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
        found += [f"selection {selection['SelectionName']}" for selection in listed]
    found += [f"vault {vault['BackupVaultName']}" for vault in backup.list_backup_vaults()["BackupVaultList"]]
    found += [group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix="/crash")["logGroups"]]
    found += [f"filter {found_['filterName']}" for found_ in logs.describe_metric_filters()["metricFilters"]]
    found += [f"query {query['name']}" for query in logs.describe_query_definitions()["queryDefinitions"]]
    found += [
        f"alarm {alarm['AlarmName']}"
        for alarm in watch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    ]
    return found + [topic["TopicArn"] for topic in endpoint.client("sns").list_topics()["Topics"]]


@pytest.fixture
def file(endpoint: Endpoint, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "state.json"
    yield path
    _provisioner(endpoint, StackState.load(path)).remove_unvisited()


def _dying(file: Path, ends_at: int) -> DyingState:
    state = cast(DyingState, DyingState.load(file))
    state.ends_at = ends_at
    return state


@pytest.mark.parametrize("write", range(1, 2 * len(_PROGRAM) + 1))
def test_a_creation_cut_off_is_finished_or_undone(endpoint: Endpoint, file: Path, write: int) -> None:
    before = _there(endpoint)
    with pytest.raises(Killed):
        _up(endpoint, _dying(file, write))
    resumed = StackState.load(file)
    if write % 3 == 0:
        _provisioner(endpoint, resumed).remove_unvisited()
        assert _there(endpoint) == before
        return
    _up(endpoint, resumed)
    there = _there(endpoint)
    assert len(there) == len(set(there)) == len(before) + len(_PROGRAM)
    assert not any(held.pending for held in StackState.load(file).resources.values())
    again = _up(endpoint, StackState.load(file)).changes
    assert (len(again.same), again.created, again.updated, again.replaced) == (len(_PROGRAM), [], [], [])


@pytest.mark.parametrize("write", range(1, 2 * len(_PROGRAM) + 1, 3))
def test_a_deletion_cut_off_is_finished(endpoint: Endpoint, file: Path, write: int) -> None:
    before = _there(endpoint)
    _up(endpoint, StackState(file))
    with pytest.raises(Killed):
        _provisioner(endpoint, _dying(file, write)).remove_unvisited()
    _provisioner(endpoint, StackState.load(file)).remove_unvisited()
    assert _there(endpoint) == before
    assert StackState.load(file).resources == {}
