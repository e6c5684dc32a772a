"""What an instance refresh to an older launch template would undo of a group's settings, or would wait for in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_NEEDED: Final = ("Launch", "Terminate")
_IN_SERVICE: Final = "InService"
_STANDBY: Final = ("Standby", "EnteringStandby")


def refresh_needs(group: Mapping[str, Any], good: str) -> Iterator[str]:
    """Why a group, as AWS describes it, is not refreshed to the good version.

    A refresh waits an hour for protected instances and for those in standby, and fails then; it sets the group to the
    launch template that it brings, which takes the place of a mixed instances policy.
    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html and
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DesiredConfiguration.html
    """
    if group.get("MixedInstancesPolicy"):
        yield "the group has a mixed instances policy, which a refresh to one launch template would take away"
    suspended = {held["ProcessName"] for held in group.get("SuspendedProcesses", [])}
    for process in _NEEDED:
        if process in suspended:
            yield f"{process} is suspended in the group, and nothing is replaced without it"
    for member in group["Instances"]:
        if template_of(member.get("LaunchTemplate")) == good:
            continue
        if member.get("ProtectedFromScaleIn") and member["LifecycleState"] == _IN_SERVICE:
            yield f"{member['InstanceId']} is protected from scale-in, and a refresh waits for it"
        if member["LifecycleState"] in _STANDBY:
            yield f"{member['InstanceId']} is in standby, and a refresh waits for it"


def template_of(held: Mapping[str, Any] | None) -> str | None:
    """A launch template with its version: `lt-0123:4`."""
    return None if not held else f"{held['LaunchTemplateId']}:{held.get('Version')}"
