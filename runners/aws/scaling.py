"""Launches of an Auto Scaling group from its activities, through boto3."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from runners.aws.session import Clients, calling
from runners.chaos.scaling import Launch

_LAUNCHING: Final = re.compile(r"Launching a new EC2 instance: (?P<instance>i-[0-9a-f]+)")
_DONE: Final = "Successful"


@dataclass(frozen=True)
class AwsScaling:
    """One account and region."""

    clients: Clients

    def launches(self, group: str, since: datetime) -> Sequence[Launch]:
        """What the group began to launch since then, oldest first."""
        found: list[Launch] = []
        with calling("autoscaling:DescribeScalingActivities", group):
            pages = self.clients.client("autoscaling").get_paginator("describe_scaling_activities")
            for page in pages.paginate(AutoScalingGroupName=group):
                for activity in page["Activities"]:
                    began = activity["StartTime"].astimezone(UTC)
                    launching = _LAUNCHING.match(activity["Description"])
                    if launching is not None and began >= since:
                        done = activity.get("EndTime") if activity["StatusCode"] == _DONE else None
                        found.append(Launch(launching["instance"], began, done and done.astimezone(UTC)))
                # Newest first: what comes on later pages began before the last of this one.
                if page["Activities"] and page["Activities"][-1]["StartTime"] < since:
                    break
        return sorted(found, key=lambda launch: launch.began)
