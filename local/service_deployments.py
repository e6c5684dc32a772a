"""Deployments of ECS services, and their revisions: moto knows neither.

A deployment takes its time, ECS may roll it back, and the service is steady all the same: whoever wants to know which
version runs has to ask for the deployment. Users are served by the older version until it is over; ECS mixes both.
Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html and
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from local.knobs import KnobBoard
from local.rollout_time import RolloutTime, moment

if TYPE_CHECKING:
    from moto.ecs.models import EC2ContainerServiceBackend, Service

ONGOING: Final = ("PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")
_OWN: Final = "ECS"


@dataclass
class Revision:
    """What a deployment brings, written once."""

    arn: str
    service: Service
    definition: str
    created: float
    images: list[dict[str, str]]

    def shown(self) -> dict[str, Any]:
        """As DescribeServiceRevisions has it."""
        network = self.service.network_configuration
        return {
            "serviceRevisionArn": self.arn,
            "serviceArn": self.service.arn,
            "clusterArn": self.service.cluster_arn,
            "taskDefinition": self.definition,
            "launchType": self.service.launch_type,
            "loadBalancers": self.service.load_balancers,
            "containerImages": self.images,
            "createdAt": moment(self.created),
            **({"networkConfiguration": network} if network else {}),
        }


@dataclass
class Deployment:
    """One deployment; `source` is what it began from, None for a service's first."""

    arn: str
    source: Revision | None
    target: Revision
    created: float
    status: str = "PENDING"
    said: str = ""
    # When what it does now began; None is long over, as a service's first deployment is.
    since: float | None = None
    back: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """As DescribeServiceDeployments has it."""
        service = self.target.service
        return {
            "serviceDeploymentArn": self.arn,
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "createdAt": moment(self.created),
            "startedAt": moment(self.created),
            "sourceServiceRevisions": [{"arn": self.source.arn}] if self.source else [],
            "targetServiceRevision": {"arn": self.target.arn, "requestedTaskCount": service.desired_count},
            "targetServiceRevisionArn": self.target.arn,
            "status": self.status,
            "statusReason": self.said,
            **({"rollback": self.back} if self.back else {}),
        }


class ServiceDeployments:
    """All deployments of one account and region, in the order in which they were made."""

    def __init__(self, time: RolloutTime, board: KnobBoard) -> None:
        self._time, self._board = time, board
        self.made: list[Deployment] = []

    def of(self, service: Service) -> list[Deployment]:
        """Those of a service, as far as they are by now."""
        own = [held for held in self.made if held.target.service is service]
        for deployment in own:
            self._advance(deployment)
        return own

    def serving(self, service: Service) -> str | None:
        """The task definition that serves users."""
        done = [held for held in self.of(service) if held.status == "SUCCESSFUL"]
        return done[-1].target.definition if done else service.task_definition

    def deploy(self, service: Service, backend: EC2ContainerServiceBackend) -> None:
        """A new deployment of what the service says by now; it stops the one that is under way."""
        if service.deployment_controller["type"] != _OWN or not service.task_definition:
            return
        own, now = self.of(service), self._time.now()
        for deployment in own:
            if deployment.status in ONGOING:
                deployment.status, deployment.said = "STOPPED", "A newer deployment was started."
        done = [held for held in own if held.status == "SUCCESSFUL"]
        definition = backend.describe_task_definition(service.task_definition)
        number = len(self.made) + 1
        arn = service.arn.replace(":service/", ":service-{}/")
        name = f"{service.cluster_name}/{service.name}"
        arn = arn if name in arn else arn.replace(f"/{service.name}", f"/{name}")
        target = Revision(f"{arn.format('revision')}/{number:019d}", service, definition.arn, now, _images(definition))
        made = Deployment(f"{arn.format('deployment')}/{number:020d}", done[-1].target if done else None, target, now)
        # The first one came with the workload, which is older than the local cloud.
        made.since = now if done else None
        self.made.append(made)
        self._advance(made)

    def stop(self, arn: str) -> Deployment | None:
        """StopServiceDeployment with ROLLBACK; None when there is no such deployment."""
        found = next((held for held in self.made if held.arn == arn), None)
        if found is not None:
            self._advance(found)
            if found.status in ("PENDING", "IN_PROGRESS"):
                found.status, found.since = "ROLLBACK_REQUESTED", self._time.now()
        return found

    def _advance(self, deployment: Deployment) -> None:
        now, service = self._time.now(), deployment.target.service
        if deployment.status == "PENDING":
            deployment.status = "IN_PROGRESS"
        elif deployment.status == "ROLLBACK_REQUESTED":
            deployment.status = "ROLLBACK_IN_PROGRESS"
        lasts = self._board.now.deployment_seconds
        if deployment.status in ONGOING and (deployment.since is None or now >= deployment.since + lasts):
            if deployment.status == "IN_PROGRESS" and not (self._board.now.deployments_fail and deployment.source):
                deployment.status, deployment.said = "SUCCESSFUL", ""
            else:
                self._take_back(deployment)
        _tell(service, deployment)

    def _take_back(self, deployment: Deployment) -> None:
        """Back to what it began from: by whoever asked, or by the circuit breaker."""
        asked, source = deployment.status == "ROLLBACK_IN_PROGRESS", deployment.source
        reason = "Service deployment rolled back by a request." if asked else "Circuit breaker: tasks failed to start."
        if source is None:
            deployment.status, deployment.said = "ROLLBACK_FAILED", "There is no earlier service revision."
            return
        deployment.status, deployment.said = "ROLLBACK_SUCCESSFUL", reason
        deployment.back = {
            "reason": reason,
            "startedAt": moment(deployment.created),
            "serviceRevisionArn": source.arn,
        }
        deployment.target.service.task_definition = source.definition


def _tell(service: Any, newest: Deployment) -> None:
    """What DescribeServices says: a service is steady whether its deployment came to its end or was taken back."""
    over, count = newest.status not in ONGOING, service.desired_count
    service.running_count, service.pending_count = count, 0
    runs = newest.target if newest.status == "SUCCESSFUL" else newest.source or newest.target
    revisions = [runs] if over else [held for held in (newest.target, newest.source) if held is not None]
    service.current_service_revisions = [
        {"arn": held.arn, "requestedTaskCount": count, "runningTaskCount": count} for held in revisions
    ]
    service.current_service_deployment = newest.arn
    first = dict(service.deployments[0]) if service.deployments else {}
    service.deployments = [
        {
            **first,
            "id": f"ecs-svc/{held.arn[-19:]}",
            "status": "PRIMARY" if number == 0 else "ACTIVE",
            "taskDefinition": held.definition,
            "desiredCount": count,
            "runningCount": count,
            "pendingCount": 0,
            "rolloutState": "COMPLETED" if over else "IN_PROGRESS",
        }
        for number, held in enumerate(revisions)
    ]


def _images(definition: Any) -> list[dict[str, str]]:
    """ECS resolves every tag to a digest, once for each revision. Images of other registries have one of their name."""
    return [
        {"containerName": held["name"], "image": held["image"], "imageDigest": _digest(held["image"])}
        for held in definition.container_definitions
    ]


def _digest(image: str) -> str:
    from moto.ecr.models import ecr_backends

    from local.endpoint import ACCOUNT, REGION

    name, _, tag = image.partition("/")[2].partition(":")
    repository = ecr_backends[ACCOUNT][REGION].repositories.get(name)
    for held in repository.images if repository else ():
        if (tag or "latest") in held.image_tags:
            return str(held.get_image_digest())
    return f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"
