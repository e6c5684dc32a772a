"""An ECS service: its deployment goes back by itself while it lasts; later the older task definition is deployed.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from contract.rollback import VersionKind
from runners.rollback.ecs_needs import needs_of
from runners.rollback.ecs_revision import lost_with
from runners.rollback.ecs_waits import ecs_waits
from runners.rollback.kind import Change, Kind, Move, Progress, Stage
from runners.rollback.version import Version

_ONGOING: Final = ("PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")
_STOPPABLE: Final = ("PENDING", "IN_PROGRESS")
# From here on all users are served by what is being deployed (API_ServiceDeployment, lifecycleStage).
_SERVED_BY_TARGET: Final = ("POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP")
_OWN_CONTROLLER: Final = "ECS"
_ACTIVE: Final = "ACTIVE"


class _EcsService(Kind):
    """`name` is CLUSTER/SERVICE; a version is the ARN of a task definition."""

    kind: ClassVar[VersionKind] = "ecs-service"
    overtaken = frozenset({"ConflictException"})

    def running(self) -> Version:
        found = self._service()
        if found["status"] != _ACTIVE:
            # ECS still lists services that are gone.
            return self.unknown(f"the service is {found['status']}")
        if _controller(found) != _OWN_CONTROLLER:
            sets = [held for held in found.get("taskSets", []) if held["status"] == "PRIMARY"]
            definition = sets[0]["taskDefinition"] if sets else None
            return self.known(definition) if definition else self.unknown("the service has no primary task set")
        deployment = self._ongoing()
        if deployment is not None:
            return self._under_way(deployment)
        revisions = [held["arn"] for held in found.get("currentServiceRevisions", [])]
        if len(revisions) != 1:
            # Deployments of before October 2024 have no revisions.
            return self.known(found["taskDefinition"]) if not revisions else self.unknown("two service revisions run")
        revision = self._revision(revisions[0])
        return self.known(revision["taskDefinition"], images=_digests(revision), revision=revisions[0])

    def move(self) -> Move | None:
        deployment = self._ongoing()
        return None if deployment is None else Move(id=deployment["serviceDeploymentArn"], to=self._brings(deployment))

    def obstacles(self, change: Change, /) -> list[str]:
        service = self._service()
        controller = _controller(service)
        if controller != _OWN_CONTROLLER:
            return [f"its deployments are controlled by {controller}, where UpdateService takes no task definition"]
        if change.good.running == change.bad.running and change.good.same_as(change.bad) is False:
            return [f"the same task definition ran with other images ({change.good}); name images by their digest"]
        definition = self._calls.ask(
            "ecs:DescribeTaskDefinition", str(change.good.running), taskDefinition=change.good.running
        )["taskDefinition"]
        if definition["status"] != _ACTIVE:
            text = (
                f"task definition {change.good.running} is {definition['status']}: it was deregistered, as Pulumi and "
            )
            return [f"{text}Terraform do when they replace one without skipDestroy"]
        deployment = self._ongoing()
        found = needs_of(definition, change.good, self._calls)
        if deployment is not None and self._brings(deployment) == change.bad.running:
            before = [self._revision(held["arn"])["taskDefinition"] for held in deployment["sourceServiceRevisions"]]
            if before != [change.good.running]:
                found.append(f"the deployment that is under way would go back to {', '.join(before) or 'nothing'}")
        elif deployment is None:
            # One that is stopped goes back at once.
            found += ecs_waits(service.get("deploymentConfiguration", {}))
        return found

    def lost(self, change: Change, /) -> list[str]:
        current = [held["arn"] for held in self._service().get("currentServiceRevisions", [])]
        asked = [arn for arn in (change.good.revision, *current[:1]) if arn is not None]
        known = {held["serviceRevisionArn"]: held for held in self._revisions(asked)} if asked else {}
        return lost_with(known.get(change.good.revision or ""), known.get(current[0]) if current else None)

    def begin(self, change: Change, /) -> Mapping[str, Any]:
        deployment = self._ongoing()
        if deployment is not None:
            return self._under_way_to(change, deployment)
        if self._is_back(change):
            return {"how": "it runs already", "deployment": None, "before": None}
        # ECS forgets deployments of more than 90 days ago.
        before = self._newest() or ""
        cluster, service = self._place
        # The task definition alone: another number of tasks would undo what the scaling has set.
        given = {"cluster": cluster, "service": service, "taskDefinition": change.good.running}
        self._changed("ecs:UpdateService", self.name, **given)
        return {"how": "the older task definition was deployed", "deployment": None, "before": before}

    def _under_way_to(self, change: Change, deployment: Mapping[str, Any]) -> Mapping[str, Any]:
        arn, status, brings = deployment["serviceDeploymentArn"], deployment["status"], self._brings(deployment)
        found = {"deployment": arn, "before": None}
        if brings == change.good.running and status in _STOPPABLE:
            return {"how": "a deployment of it is under way", **found}
        if brings == change.bad.running and status.startswith("ROLLBACK"):
            return {"how": "its deployment rolls back already", **found}
        if brings == change.bad.running and status in _STOPPABLE:
            self._changed("ecs:StopServiceDeployment", arn, serviceDeploymentArn=arn, stopType="ROLLBACK")
            return {"how": "its deployment was told to roll back", **found}
        raise self._of_another(f"deployment {arn} is {status} and brings {brings}")

    def progress(self, change: Change, begun: Mapping[str, Any], /) -> Progress:
        """A service that is steady may have been rolled back by ECS itself: the deployment's own word counts."""
        if begun["deployment"] is None and begun["before"] is None:
            return self._arrived(change.good, str(begun["how"]))
        arn = begun["deployment"] or self._newest()
        if arn is None or arn == begun["before"]:
            return Progress(Stage.WAITING, "ECS lists no new deployment yet")
        deployment = self._deployment(arn)
        status = str(deployment["status"])
        said = f"deployment {arn}: {status}{_reason(deployment)}"
        if status in _ONGOING:
            return Progress(Stage.WAITING, said)
        back = status == "ROLLBACK_SUCCESSFUL" and deployment["rollback"]["serviceRevisionArn"]
        if status == "SUCCESSFUL" or (back and self._revision(back)["taskDefinition"] == change.good.running):
            return self._arrived(change.good, said)
        return Progress(Stage.FAILED, said)

    @property
    def _place(self) -> tuple[str, str]:
        cluster, _, service = self.name.partition("/")
        return cluster, service

    def _service(self) -> Mapping[str, Any]:
        cluster, service = self._place
        found: Sequence[Mapping[str, Any]] = self._calls.ask(
            "ecs:DescribeServices", self.name, cluster=cluster, services=[service]
        )["services"]
        if not found:
            msg = f"there is no ECS service {self.name}"
            raise LookupError(msg)
        return found[0]

    def _listed(self, **asked: Any) -> Sequence[Mapping[str, Any]]:
        cluster, service = self._place
        operation, key = "ecs:ListServiceDeployments", "serviceDeployments"
        return self._calls.all(operation, self.name, key, cluster=cluster, service=service, **asked)

    def _newest(self) -> str | None:
        found = sorted(self._listed(), key=lambda held: held["createdAt"])
        return str(found[-1]["serviceDeploymentArn"]) if found else None

    def _ongoing(self) -> Mapping[str, Any] | None:
        found = sorted(self._listed(status=list(_ONGOING)), key=lambda held: held["createdAt"])
        newest = self._deployment(found[-1]["serviceDeploymentArn"]) if found else None
        # It may have come to its end between the list and the look.
        return newest if newest is not None and newest["status"] in _ONGOING else None

    def _deployment(self, arn: str) -> Mapping[str, Any]:
        answer = self._calls.ask("ecs:DescribeServiceDeployments", arn, serviceDeploymentArns=[arn])
        [found] = answer["serviceDeployments"]
        return dict(found)

    def _revisions(self, arns: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        given = sorted(set(arns))
        answer = self._calls.ask("ecs:DescribeServiceRevisions", self.name, serviceRevisionArns=given)
        return list(answer["serviceRevisions"])

    def _revision(self, arn: str) -> Mapping[str, Any]:
        [found] = self._revisions([arn])
        return found

    def _brings(self, deployment: Mapping[str, Any]) -> str | None:
        target = deployment.get("targetServiceRevision", {}).get("arn")
        return None if target is None else str(self._revision(target)["taskDefinition"])

    def _under_way(self, deployment: Mapping[str, Any]) -> Version:
        """Both versions serve users until the traffic has been shifted, and nobody can say which one was tested."""
        arn, stage = deployment["serviceDeploymentArn"], deployment.get("lifecycleStage")
        if deployment["status"] != "IN_PROGRESS" or stage not in _SERVED_BY_TARGET:
            version = self.unknown(f"deployment {arn} is {deployment['status']}, stage {stage}")
            return Version(**{**version.document(), "deployment": arn})
        target = deployment["targetServiceRevision"]["arn"]
        revision = self._revision(target)
        return self.known(revision["taskDefinition"], images=_digests(revision), revision=target, deployment=arn)


def _controller(service: Mapping[str, Any]) -> str:
    return str(service.get("deploymentController", {}).get("type") or _OWN_CONTROLLER)


def _digests(revision: Mapping[str, Any]) -> dict[str, str] | None:
    """By container; None where one of them has none, as ECS keeps digests only where it could resolve them."""
    held = revision.get("containerImages", [])
    if not held or not all(image.get("imageDigest") for image in held):
        return None
    return {str(image["containerName"]): str(image["imageDigest"]) for image in held}


def _reason(deployment: Mapping[str, Any]) -> str:
    return f", {deployment['statusReason']}" if deployment.get("statusReason") else ""
