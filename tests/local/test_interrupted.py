"""A run that is cut off between a resource's effect and the note that it is done."""

from __future__ import annotations

from typing import Any

import pytest

from local.deployment import LocalStack
from local.endpoint import Endpoint
from local.provisioner import LocalProvisioner
from local.server import Running
from preview.errors import ProgramError, ProvisionError
from tests.local.leaving import leave_nothing

pytestmark = pytest.mark.cloud

_CUT = ("aws:iam/rolePolicy:RolePolicy", "pulumi-python:dynamic/backup:ContinuousBackups")


def _cut_after(monkeypatch: pytest.MonkeyPatch, type_: str) -> None:
    effect, cut = LocalProvisioner._effect, list[str]()

    def once(self: LocalProvisioner, request: Any, *rest: Any) -> Any:
        made = effect(self, request, *rest)
        if request.type == type_ and not cut:
            cut.append(request.urn)
            raise ProvisionError("cut off")
        return made

    monkeypatch.setattr(LocalProvisioner, "_effect", once)


def _left(endpoint: Endpoint) -> list[str]:
    logs, backup, iam = (endpoint.client(name) for name in ("logs", "backup", "iam"))
    plans = [plan["BackupPlanId"] for plan in backup.list_backup_plans()["BackupPlansList"]]
    selections = [backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"] for plan in plans]
    found = [selection["SelectionName"] for listed in selections for selection in listed]
    found += [f"filter {item['filterName']}" for item in logs.describe_metric_filters()["metricFilters"]]
    answer = endpoint.client("dynamodb").describe_continuous_backups(TableName="orders")
    recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    found += [] if recovery == "DISABLED" else [recovery]
    return sorted(found + [f"role {role['RoleName']}" for role in iam.list_roles()["Roles"]])


# test_crash.py cuts each kind of resource off and goes on either way; these are whole runs, one of each.
_WAYS = [
    pytest.param(type_, resume, marks=[] if resume is (type_ == _CUT[0]) else [pytest.mark.rare])
    for type_ in _CUT
    for resume in (False, True)
]


@pytest.mark.parametrize(("type_", "resume"), _WAYS)
def test_a_run_cut_off_can_be_taken_down_at_once_or_resumed(
    cloud: Running, stack: LocalStack, monkeypatch: pytest.MonkeyPatch, type_: str, resume: bool
) -> None:
    with monkeypatch.context() as patch:
        _cut_after(patch, type_)
        with pytest.raises(ProgramError, match="cut off"):
            stack.up()
    if resume:
        stack.up()
        found = _left(cloud.endpoint)
        assert found
        assert len(found) == len(set(found))
    leave_nothing(stack)
    assert _left(cloud.endpoint) == []
