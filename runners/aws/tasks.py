"""The tasks of an ECS service through boto3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from runners.aws.session import Clients, calling

# DescribeTasks takes so many at a time.
_A_CALL: Final = 100


@dataclass(frozen=True)
class AwsTasks:
    """One account and region."""

    clients: Clients

    def candidates(self, service: str) -> Mapping[str, Mapping[str, str]]:
        """The running tasks of CLUSTER/SERVICE by ARN, with the tags that they really have.

        Raises:
            AwsError: they could not be looked at.
        """
        cluster, _, name = service.partition("/")
        ecs = self.clients.client("ecs")
        with calling("ecs:ListTasks", service):
            pages = ecs.get_paginator("list_tasks").paginate(cluster=cluster, serviceName=name, desiredStatus="RUNNING")
            arns = [arn for page in pages for arn in page["taskArns"]]
        found: dict[str, Mapping[str, str]] = {}
        for start in range(0, len(arns), _A_CALL):
            asked = arns[start : start + _A_CALL]
            with calling("ecs:DescribeTasks", service):
                answer = ecs.describe_tasks(cluster=cluster, tasks=asked, include=["TAGS"])
            # A task that ended in between is no candidate any more.
            for task in answer["tasks"]:
                found[task["taskArn"]] = {tag["key"]: tag["value"] for tag in task.get("tags", [])}
        return found
