"""An Auto Scaling group: its instance refresh goes back by itself while it lasts; later a new one brings the version.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind
from runners.errors import AwsError
from runners.rollback.kind import Change, Kind, Move, Progress, Stage
from runners.rollback.refresh_needs import refresh_needs
from runners.rollback.refresh_needs import template_of as _template
from runners.rollback.version import Version

_ONGOING: Final = ("Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress")
_STOPPABLE: Final = ("Pending", "InProgress", "Baking")
_IN_SERVICE: Final = "InService"
_GONE: Final = ("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound")
_FOUND_ANEW: Final = "resolve:ssm:"


class _AutoScalingGroup(Kind):
    """A version is a launch template with its number, as the instances in service have it: `lt-0123:4`."""

    kind: ClassVar[VersionKind] = "auto-scaling-group"
    overtaken = frozenset({"InstanceRefreshInProgress", "ResourceContention", "ActiveInstanceRefreshNotFound"})

    def running(self) -> Version:
        # First: what it brings is seen afterwards in the group.
        refresh = self._ongoing()
        group = self._group()
        members = [held for held in group["Instances"] if held["LifecycleState"] == _IN_SERVICE]
        found = {_template(held.get("LaunchTemplate")) for held in members}
        under_way = None if refresh is None else str(refresh["InstanceRefreshId"])
        if len(found) == 1 and None not in found:
            return self.known(str(found.pop()), deployment=under_way)
        why = "no instance is in service" if not members else "its instances are of more than one version"
        if found == {None}:
            why = "its instances come from a launch configuration, which has no versions"
        return Version(kind=self.kind, name=self.name, deployment=under_way, unread=why)

    def move(self) -> Move | None:
        refresh = self._ongoing()
        return None if refresh is None else Move(id=str(refresh["InstanceRefreshId"]), to=_brings(refresh))

    def obstacles(self, change: Change, /) -> list[str]:
        template, _, number = str(change.good.running).partition(":")
        if not number.isdigit():
            return [f"version {change.good.running} has no number, so nothing goes back to it"]
        version = self._launch_version(template, number)
        if version is None:
            return [f"launch template {template} has no version {number} any more"]
        image = str(version["LaunchTemplateData"].get("ImageId", ""))
        found = [] if _is_there(image, self) else [f"image {image} of version {number} is gone"]
        move, group = self.move(), self._group()
        found += refresh_needs(group, str(change.good.running))
        if (
            move is not None
            and move.to == change.bad.running
            and _template(group.get("LaunchTemplate")) != change.good.running
        ):
            found.append(
                f"instance refresh {move.id} would not go back to {change.good.running}: the group itself says "
                f"{_template(group.get('LaunchTemplate'))}, and AWS takes back to numbered versions only"
            )
        return found

    def lost(self, change: Change, /) -> list[str]:
        template, _, number = str(change.good.running).partition(":")
        version = self._launch_version(template, number) or {"LaunchTemplateData": {}}
        anew = str(version["LaunchTemplateData"].get("ImageId", "")).startswith(_FOUND_ANEW)
        named = (self._group().get("LaunchTemplate") or {}).get("Version")
        return [
            *(
                []
                if named is None or str(named).isdigit()
                else [f"the group names version {number} from then on, and not {named}"]
            ),
            *(["its image is named by a parameter, which is read anew"] if anew else []),
            "sizes, policies, health checks and target groups of the group stay as they are",
            "what user data fetches is fetched anew; what newer versions have written stays",
        ]

    def begin(self, change: Change, /) -> Mapping[str, Any]:
        refresh = self._ongoing()
        if refresh is not None:
            return self._under_way_to(change, refresh)
        if self._is_back(change):
            return {"how": "it runs already", "refresh": None}
        template, _, number = str(change.good.running).partition(":")
        answer = self._changed(
            "autoscaling:StartInstanceRefresh",
            self.name,
            AutoScalingGroupName=self.name,
            DesiredConfiguration={"LaunchTemplate": {"LaunchTemplateId": template, "Version": number}},
            # What has the version already is not replaced, so that asking again does nothing.
            Preferences={"SkipMatching": True},
        )
        return {"how": "an instance refresh to it was started", "refresh": str(answer["InstanceRefreshId"])}

    def _under_way_to(self, change: Change, refresh: Mapping[str, Any]) -> Mapping[str, Any]:
        status, brings, found = refresh["Status"], _brings(refresh), {"refresh": str(refresh["InstanceRefreshId"])}
        if brings == change.good.running and status in _STOPPABLE:
            return {"how": "an instance refresh to it is under way", **found}
        if brings == change.bad.running and status == "RollbackInProgress":
            return {"how": "its refresh rolls back already", **found}
        if brings == change.bad.running and status in _STOPPABLE:
            answer = self._changed("autoscaling:RollbackInstanceRefresh", self.name, AutoScalingGroupName=self.name)
            return {"how": "its instance refresh was told to roll back", "refresh": str(answer["InstanceRefreshId"])}
        raise self._of_another(f"instance refresh {found['refresh']} is {status} and brings {brings}")

    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        if begun["refresh"] is None:
            return self._arrived(change.good, str(begun["how"]))
        [refresh] = self._refreshes(InstanceRefreshIds=[begun["refresh"]])
        status, share = str(refresh["Status"]), refresh.get("PercentageComplete", 0)
        said = f"instance refresh {begun['refresh']}: {status}, {share}%"
        said += f", {refresh['StatusReason']}" if refresh.get("StatusReason") else ""
        if status in _ONGOING:
            return Progress(Stage.WAITING, said)
        return self._arrived(change.good, said) if status.endswith("Successful") else Progress(Stage.FAILED, said)

    def _group(self) -> Mapping[str, Any]:
        answer = self._calls.ask("autoscaling:DescribeAutoScalingGroups", self.name, AutoScalingGroupNames=[self.name])
        if not answer["AutoScalingGroups"]:
            msg = f"there is no Auto Scaling group {self.name}"
            raise LookupError(msg)
        found: Mapping[str, Any] = answer["AutoScalingGroups"][0]
        return found

    def _refreshes(self, **asked: Any) -> Sequence[Mapping[str, Any]]:
        operation = "autoscaling:DescribeInstanceRefreshes"
        return self._calls.all(operation, self.name, "InstanceRefreshes", AutoScalingGroupName=self.name, **asked)

    def _ongoing(self) -> Mapping[str, Any] | None:
        return next((held for held in self._refreshes() if held["Status"] in _ONGOING), None)

    def _launch_version(self, template: str, number: str) -> Mapping[str, Any] | None:
        try:
            answer = self._calls.ask(
                "ec2:DescribeLaunchTemplateVersions", template, LaunchTemplateId=template, Versions=[number]
            )
        except AwsError as error:
            if error.code in _GONE:
                return None
            raise
        found = answer["LaunchTemplateVersions"]
        return found[0] if found else None


def _brings(refresh: Mapping[str, Any]) -> str | None:
    return _template(refresh.get("DesiredConfiguration", {}).get("LaunchTemplate"))


def _is_there(image: str, kind: _AutoScalingGroup) -> bool:
    if not image or image.startswith(_FOUND_ANEW):
        return True
    try:
        answer = kind._calls.ask("ec2:DescribeImages", image, ImageIds=[image])
    except AwsError as error:
        if error.code.startswith("InvalidAMIID"):
            return False
        raise
    return bool(answer["Images"])
