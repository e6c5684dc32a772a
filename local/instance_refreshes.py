"""Instance refreshes of Auto Scaling groups, and which version of its template each instance was launched from.

A refresh takes its time; here the instances keep their ids and have the new version when it is over.
Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html and
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from local.knobs import KnobBoard
from local.rollout_time import RolloutTime, moment

if TYPE_CHECKING:
    from moto.autoscaling.models import FakeAutoScalingGroup
    from moto.autoscaling.responses import AutoScalingResponse as Response
    from moto.core.responses import ActionResult

_ONGOING: Final = ("Pending", "InProgress", "RollbackInProgress")
_PAGE: Final = 50
_VERSION: Final = "ial_launched_version"


@dataclass
class Refresh:
    """One refresh. `before` is what the group itself said when it began."""

    id: str
    group: FakeAutoScalingGroup
    template: str | None
    version: str | None
    before: str
    created: float
    since: float
    status: str = "InProgress"
    said: str = ""

    def shown(self) -> dict[str, Any]:
        """As DescribeInstanceRefreshes has it."""
        wanted = {"LaunchTemplate": {"LaunchTemplateId": self.template, "Version": self.version}}
        return {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StatusReason": self.said,
            "StartTime": moment(self.created),
            "PercentageComplete": 0 if self.status in _ONGOING else 100,
            **({"DesiredConfiguration": wanted} if self.version else {}),
        }


class InstanceRefreshes:
    """All refreshes, the newest last."""

    def __init__(self, time: RolloutTime, board: KnobBoard) -> None:
        self._time, self._board = time, board
        self._made: list[Refresh] = []

    def of(self, group: FakeAutoScalingGroup) -> list[Refresh]:
        """Those of a group, as far as they are by now."""
        own = [held for held in self._made if held.group is group]
        for refresh in own:
            self._advance(refresh)
        return own

    def start(self, group: FakeAutoScalingGroup, template: str | None, version: str | None) -> Refresh:
        """StartInstanceRefresh, where none is under way."""
        now = self._time.now()
        before = str(group.launch_template_version)
        made = Refresh(str(uuid.UUID(int=len(self._made) + 1)), group, template, version, before, now, now)
        self._made.append(made)
        return made

    def roll_back(self, refresh: Refresh) -> None:
        """RollbackInstanceRefresh, where that can be done."""
        refresh.status, refresh.since = "RollbackInProgress", self._time.now()

    def _advance(self, refresh: Refresh) -> None:
        if refresh.status not in _ONGOING or self._time.now() < refresh.since + self._board.now.deployment_seconds:
            return
        if refresh.status == "RollbackInProgress":
            refresh.status = "RollbackSuccessful"
        elif self._board.now.deployments_fail:
            # What was not replaced is left as it is, and the group says what it said before.
            refresh.status, refresh.said = "Failed", "Launched instances did not become healthy."
        else:
            refresh.status = "Successful"
            group: Any = refresh.group
            if refresh.version:
                group.launch_template_version = group.provided_launch_template_version = refresh.version
            for state in group.instance_states:
                setattr(state.instance, _VERSION, _resolved(group))


def version_of(state: Any) -> int | None:
    """The version of its template from which a member of a group was launched."""
    return getattr(state.instance, _VERSION, None)


def refresh_as_groups_do(refreshes: InstanceRefreshes) -> None:
    """Teaches moto's groups which version their instances have, and how that is changed."""
    from moto.autoscaling.models import AutoScalingBackend, InstanceState
    from moto.autoscaling.responses import AutoScalingResponse

    begin, template = InstanceState.__init__, InstanceState.launch_template

    def begun(state: InstanceState, *given: Any, **named: Any) -> None:
        begin(state, *given, **named)
        group: Any = state.auto_scaling_group
        if not hasattr(state.instance, _VERSION) and group.ec2_launch_template is not None:
            setattr(state.instance, _VERSION, _resolved(group))

    def launched(state: InstanceState) -> dict[str, Any] | None:
        found = template.fget(state)  # type: ignore[attr-defined]
        version = version_of(state)
        return found if found is None or version is None else {**found, "Version": str(version)}

    InstanceState.__init__ = begun  # type: ignore[method-assign,assignment]
    InstanceState.launch_template = property(launched)  # type: ignore[assignment,method-assign]
    describe = AutoScalingBackend.describe_auto_scaling_groups

    def described(backend: AutoScalingBackend, *given: Any, **named: Any) -> Any:
        found = describe(backend, *given, **named)
        for group in found:
            refreshes.of(group)
        return found

    AutoScalingBackend.describe_auto_scaling_groups = described  # type: ignore[method-assign,assignment]
    answers: Any = AutoScalingResponse
    answers.describe_instance_refreshes = lambda response: _described(refreshes, response)
    answers.start_instance_refresh = lambda response: _started(refreshes, response)
    answers.rollback_instance_refresh = lambda response: _rolled_back(refreshes, response)


def _resolved(group: Any) -> int:
    return int(group.ec2_launch_template.get_version(group.launch_template_version).number)


def _group(response: Response) -> Any:
    from moto.autoscaling.exceptions import AutoscalingClientError

    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise AutoscalingClientError("ValidationError", f"AutoScalingGroup name not found - {name}")
    return group


def _described(refreshes: InstanceRefreshes, response: Response) -> ActionResult:
    from moto.core.responses import ActionResult

    asked = response._get_param("InstanceRefreshIds") or []
    found = [held.shown() for held in reversed(refreshes.of(_group(response))) if not asked or held.id in asked]
    first = int(response._get_param("NextToken") or 0)
    more = {"NextToken": str(first + _PAGE)} if first + _PAGE < len(found) else {}
    return ActionResult({"InstanceRefreshes": found[first : first + _PAGE], **more})


def _started(refreshes: InstanceRefreshes, response: Response) -> ActionResult:
    from moto.autoscaling.exceptions import AutoscalingClientError
    from moto.core.responses import ActionResult

    group = _group(response)
    if any(held.status in _ONGOING for held in refreshes.of(group)):
        raise AutoscalingClientError("InstanceRefreshInProgress", "An instance refresh is already in progress.")
    wanted: Mapping[str, Any] = (response._get_param("DesiredConfiguration") or {}).get("LaunchTemplate") or {}
    template, version = wanted.get("LaunchTemplateId"), wanted.get("Version")
    if version is not None:
        # Refused when there is no such version.
        group.ec2_launch_template.get_version(version)
    return ActionResult({"InstanceRefreshId": refreshes.start(group, template, version and str(version)).id})


def _rolled_back(refreshes: InstanceRefreshes, response: Response) -> ActionResult:
    """Not without a desired configuration, and not where the group says `$Latest` or `$Default`."""
    from moto.autoscaling.exceptions import AutoscalingClientError
    from moto.core.responses import ActionResult

    group = _group(response)
    active = next((held for held in refreshes.of(group) if held.status in _ONGOING), None)
    if active is None:
        raise AutoscalingClientError("ActiveInstanceRefreshNotFound", "No instance refresh is in progress.")
    if active.version is None or active.before.startswith("$"):
        raise AutoscalingClientError("IrreversibleInstanceRefresh", "The instance refresh can't be rolled back.")
    refreshes.roll_back(active)
    return ActionResult({"InstanceRefreshId": active.id})
