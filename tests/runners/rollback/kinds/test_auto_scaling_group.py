"""An Auto Scaling group: its own rollback where AWS has one, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from runners.aws.session import AwsClients
from runners.errors import AwsError
from runners.rollback.kind import Change, ForeignDeploymentError, Stage
from runners.rollback.version import Version
from tests.runners.rollback.conftest import Group
from tests.runners.rollback.kinds.test_every_kind import change_of

pytestmark = pytest.mark.cloud


@pytest.fixture
def group(clients: AwsClients, knobs: Callable[..., None]) -> Iterator[Group]:
    made = Group(clients)
    yield made
    made.remove()


def bad(group: Group) -> Version:
    return Version(kind="auto-scaling-group", name=group.name, running=group.versions[1])


def test_a_refresh_that_lasts_goes_back_by_itself(group: Group, knobs: Callable[..., None]) -> None:
    change = Change(good=group.kind.version(), bad=bad(group))
    knobs(deployment_seconds=3600)
    group.deploy(group.versions[1])
    assert group.kind.obstacles(change) == []
    begun = group.kind.begin(change)
    assert begun["how"] == "its instance refresh was told to roll back"
    assert group.kind.begin(change)["how"] == "its refresh rolls back already"
    knobs(deployment_seconds=0)
    found = group.settled(change, begun)
    assert (found.stage, "RollbackSuccessful" in found.said) == (Stage.DONE, True)


def test_a_group_of_moving_versions_does_not_go_back_by_itself(clients: AwsClients, knobs: Callable[..., None]) -> None:
    made = Group(clients, "$Default")
    try:
        change = Change(good=made.kind.version(), bad=bad(made))
        knobs(deployment_seconds=3600)
        made.deploy(made.versions[1])
        [said] = made.kind.obstacles(change)
        assert "AWS takes back to numbered versions only" in said
        with pytest.raises(AwsError, match="IrreversibleInstanceRefresh"):
            made.kind.begin(change)
    finally:
        made.remove()


def test_a_refresh_to_something_else_is_not_fought(group: Group, knobs: Callable[..., None]) -> None:
    change = change_of(group)
    group.ec2.create_launch_template_version(
        LaunchTemplateId=group.template, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"}
    )
    knobs(deployment_seconds=3600)
    group.deploy(f"{group.template}:3")
    with pytest.raises(ForeignDeploymentError, match="is InProgress and brings"):
        group.kind.begin(change)


def test_a_refresh_that_fails_is_no_success(group: Group, knobs: Callable[..., None]) -> None:
    change = change_of(group)
    knobs(deployments_fail=True)
    found = group.settled(change, group.kind.begin(change))
    assert (found.stage, "Failed" in found.said) == (Stage.FAILED, True)


def test_a_version_that_is_gone_cannot_come_back(group: Group) -> None:
    change = change_of(group)
    gone = Version(kind="auto-scaling-group", name=group.name, running=f"{group.template}:7")
    [said] = group.kind.obstacles(Change(good=gone, bad=change.bad))
    assert said == f"launch template {group.template} has no version 7 any more"
    moving = Version(kind="auto-scaling-group", name=group.name, running=f"{group.template}:$Latest")
    [said] = group.kind.obstacles(Change(good=moving, bad=change.bad))
    assert "has no number" in said


def test_members_of_two_versions_are_no_known_version(group: Group) -> None:
    wanted = {"LaunchTemplateId": group.template, "Version": "2"}
    group.scaling.update_auto_scaling_group(
        AutoScalingGroupName=group.name, LaunchTemplate=wanted, MaxSize=2, DesiredCapacity=2
    )
    assert group.kind.version().unread == "its instances are of more than one version"
