"""ECS's calls around deployments of services, in front of what moto does with services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from local.service_deployments import ONGOING, ServiceDeployments

if TYPE_CHECKING:
    from moto.core.responses import ActionResult
    from moto.ecs.models import EC2ContainerServiceBackend, Service
    from moto.ecs.responses import EC2ContainerServiceResponse as Response

_PAGE: Final = 20
_FOREIGN: Final = ("CODE_DEPLOY", "EXTERNAL")
_SUMMARY: Final = ("serviceDeploymentArn", "serviceArn", "clusterArn", "startedAt", "createdAt", "status")


def deploy_as_ecs_does(deployments: ServiceDeployments) -> None:
    """Teaches moto's ECS that versions of services are deployed."""
    _follow_services(deployments)
    _answer(deployments)


def _follow_services(deployments: ServiceDeployments) -> None:
    from moto.ecs.models import EC2ContainerServiceBackend

    create, update = EC2ContainerServiceBackend.create_service, EC2ContainerServiceBackend.update_service
    describe = EC2ContainerServiceBackend.describe_services

    def created(backend: EC2ContainerServiceBackend, *given: Any, **named: Any) -> Service:
        service = create(backend, *given, **named)
        deployments.deploy(service, backend)
        return service

    def updated(backend: EC2ContainerServiceBackend, given: dict[str, Any]) -> Service:
        wanted, forced = given.get("task_definition"), given.get("force_new_deployment")
        cluster, name = given.get("cluster", "default"), str(given["service"])
        if wanted:
            given["task_definition"] = _usable(backend, cluster, name, wanted)
        service = update(backend, given)
        if wanted or forced:
            deployments.deploy(service, backend)
        return service

    def described(backend: EC2ContainerServiceBackend, *given: Any, **named: Any) -> Any:
        found, failures = describe(backend, *given, **named)
        for service in found:
            deployments.of(service)
        return found, failures

    EC2ContainerServiceBackend.create_service = created  # type: ignore[method-assign,assignment]
    EC2ContainerServiceBackend.update_service = updated  # type: ignore[method-assign,assignment]
    EC2ContainerServiceBackend.describe_services = described  # type: ignore[method-assign,assignment]


def _usable(backend: EC2ContainerServiceBackend, cluster: str, name: str, wanted: str) -> str:
    """A task definition that UpdateService takes, by its ARN.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    """
    from moto.ecs.exceptions import EcsClientException, InvalidParameterException

    definition = backend.describe_task_definition(wanted)
    if definition.status != "ACTIVE":
        raise EcsClientException("TaskDefinition is inactive")
    controller = backend._get_service(cluster, name.split("/")[-1]).deployment_controller["type"]
    if controller in _FOREIGN:
        msg = f"Unable to update task definition on services with a {controller} deployment controller."
        raise InvalidParameterException(msg)
    return str(definition.arn)


def _answer(deployments: ServiceDeployments) -> None:
    from moto.ecs.responses import EC2ContainerServiceResponse

    answers: Any = EC2ContainerServiceResponse
    answers.list_service_deployments = lambda response: _listed(deployments, response)
    answers.describe_service_deployments = lambda response: _described(deployments, response)
    answers.describe_service_revisions = lambda response: _revisions(deployments, response)
    answers.stop_service_deployment = lambda response: _stopped(deployments, response)


def _listed(deployments: ServiceDeployments, response: Response) -> ActionResult:
    from moto.core.responses import ActionResult

    cluster = str(response._get_param("cluster") or "default").split("/")[-1]
    name = str(response._get_param("service")).split("/")[-1]
    service = response.ecs_backend._get_service(cluster, name)
    asked = response._get_param("status") or []
    newest_first = [held.shown() for held in reversed(deployments.of(service))]
    found = [held for held in newest_first if not asked or held["status"] in asked]
    first = int(response._get_param("nextToken") or 0)
    page = [_summary(held) for held in found[first : first + _PAGE]]
    more = {"nextToken": str(first + _PAGE)} if first + _PAGE < len(found) else {}
    return ActionResult({"serviceDeployments": page, **more})


def _described(deployments: ServiceDeployments, response: Response) -> ActionResult:
    asked = response._get_param("serviceDeploymentArns")
    for deployment in deployments.made:
        deployments.of(deployment.target.service)
    return _named("serviceDeployments", asked, {held.arn: held.shown() for held in deployments.made})


def _revisions(deployments: ServiceDeployments, response: Response) -> ActionResult:
    asked = response._get_param("serviceRevisionArns")
    return _named("serviceRevisions", asked, {held.target.arn: held.target.shown() for held in deployments.made})


def _stopped(deployments: ServiceDeployments, response: Response) -> ActionResult:
    from moto.core.responses import ActionResult
    from moto.ecs.exceptions import ECSException

    arn = str(response._get_param("serviceDeploymentArn"))
    found = deployments.stop(arn)
    if found is None:
        raise ECSException("ServiceDeploymentNotFoundException", "Service deployment not found.")
    if found.status not in ONGOING:
        raise ECSException("ConflictException", f"The service deployment is {found.status}.")
    return ActionResult({"serviceDeploymentArn": arn})


def _named(key: str, asked: list[str], found: Mapping[str, Any]) -> ActionResult:
    from moto.core.responses import ActionResult

    missing = [{"arn": arn, "reason": "MISSING"} for arn in asked if arn not in found]
    return ActionResult({key: [found[arn] for arn in asked if arn in found], "failures": missing})


def _summary(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {key: shown[key] for key in (*_SUMMARY, "targetServiceRevisionArn", "statusReason")}
