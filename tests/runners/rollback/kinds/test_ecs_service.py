"""An ECS service: what stands against it, its own rollback, and successes that are none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runners.aws.session import AwsClients
from runners.aws.version_calls import AwsCalls
from runners.rollback.kind import Change, ForeignDeploymentError, Stage, all_kinds
from runners.rollback.version import Version
from tests.runners.rollback.conftest import Service, watched
from tests.runners.rollback.kinds.test_every_kind import change_of

pytestmark = pytest.mark.cloud
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:gone-AbCdEf"


@pytest.fixture
def service(clients: AwsClients, knobs: Callable[..., None]) -> Iterator[Service]:
    made = Service(clients)
    yield made
    made.remove()


def test_a_deployment_that_lasts_goes_back_by_itself(service: Service, knobs: Callable[..., None]) -> None:
    good = service.kind.version()
    knobs(deployment_seconds=3600)
    service.deploy(service.versions[1])
    assert "IN_PROGRESS" in str(service.kind.version().unread)
    bad = Version(kind="ecs-service", name=service.kind.name, running=service.versions[1])
    change = Change(good=good, bad=bad)
    assert service.kind.obstacles(change) == []
    begun = service.kind.begin(change)
    assert begun["how"] == "its deployment was told to roll back"
    assert service.kind.begin(change)["how"] == "its deployment rolls back already"
    knobs(deployment_seconds=0)
    found = service.settled(change, begun)
    assert (found.stage, "ROLLBACK_SUCCESSFUL" in found.said) == (Stage.DONE, True)


def test_a_deployment_to_something_else_is_not_fought(service: Service, knobs: Callable[..., None]) -> None:
    change = change_of(service)
    third = service.register("shop/web:3")
    knobs(deployment_seconds=3600)
    service.deploy(third)
    with pytest.raises(ForeignDeploymentError, match=f"brings {third}"):
        service.kind.begin(change)
    move = service.kind.move()
    assert move is not None
    assert move.to == third


def test_a_service_that_is_steady_after_ecs_took_it_back_is_no_success(
    service: Service, knobs: Callable[..., None]
) -> None:
    change = change_of(service)
    knobs(deployments_fail=True)
    found = service.settled(change, service.kind.begin(change))
    assert (found.stage, "ROLLBACK_SUCCESSFUL" in found.said) == (Stage.FAILED, True)
    # It looks well, and runs the bad version.
    described = service.ecs.describe_services(cluster="shop", services=[service.name])["services"][0]
    assert (described["runningCount"], len(described["deployments"])) == (2, 1)
    assert service.kind.version().same_as(change.bad) is True


def test_only_the_task_definition_is_given(service: Service) -> None:
    change = change_of(service)
    service.ecs.update_service(cluster="shop", service=service.name, desiredCount=3)
    service.settled(change, service.kind.begin(change))
    described = service.ecs.describe_services(cluster="shop", services=[service.name])["services"][0]
    assert described["desiredCount"] == 3


def test_a_deregistered_task_definition_cannot_come_back(service: Service) -> None:
    change = change_of(service)
    service.ecs.deregister_task_definition(taskDefinition=service.versions[0])
    [said] = service.kind.obstacles(change)
    assert "INACTIVE" in said
    assert "skipDestroy" in said


@pytest.mark.parametrize("controller", ["CODE_DEPLOY", "EXTERNAL"])
def test_another_controller_is_said_to_be_out_of_reach(clients: AwsClients, controller: str) -> None:
    ecs = clients.client("ecs")
    ecs.create_service(cluster="shop", serviceName=controller, deploymentController={"type": controller})
    try:
        kind = all_kinds()["ecs-service"](watched("ecs-service", f"shop/{controller}"), AwsCalls(clients))
        known = Version(kind="ecs-service", name="x", running="arn:1")
        [said] = kind.obstacles(Change(good=known, bad=known))
        assert f"controlled by {controller}" in said
    finally:
        ecs.delete_service(cluster="shop", service=controller, force=True)


def test_a_secret_that_is_gone_stands_against_it(service: Service, clients: AwsClients) -> None:
    with_secret = service.register("shop/web:9", secrets=[{"name": "TOKEN", "valueFrom": f"{SECRET}:key::"}])
    good = Version(kind="ecs-service", name=service.kind.name, running=with_secret)
    [said] = service.kind.obstacles(Change(good=good, bad=service.kind.version()))
    assert "TOKEN comes from" in said
    ssm = clients.client("ssm")
    ssm.put_parameter(Name="/rolled/there", Value="x", Type="String")
    arn = "arn:aws:ssm:us-east-1:123456789012:parameter/rolled/there"
    there = service.register("shop/web:9", secrets=[{"name": "A", "valueFrom": arn}])
    try:
        good = Version(kind="ecs-service", name=service.kind.name, running=there)
        assert service.kind.obstacles(Change(good=good, bad=service.kind.version())) == []
    finally:
        ssm.delete_parameter(Name="/rolled/there")


def test_an_image_that_is_gone_or_moved_stands_against_it(service: Service, clients: AwsClients) -> None:
    ecr = clients.client("ecr")
    ecr.create_repository(repositoryName=service.name)
    try:
        first = _pushed(ecr, service.name, "one", "kept", "live")
        image = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{service.name}:live"
        arn = service.register(image)
        service.rolled_out(arn)
        good = service.kind.version()
        assert good.images == {"web": first}
        change = Change(good=good, bad=good)
        assert service.kind.obstacles(change) == []
        second = _pushed(ecr, service.name, "two", "live")
        assert service.kind.obstacles(change) == [
            f"container web: tag {service.name}:live means {second} now, it was {first} then"
        ]
        ecr.batch_delete_image(repositoryName=service.name, imageIds=[{"imageDigest": first}])
        assert service.kind.obstacles(change) == [f"container web: image {service.name}@{first} is not in ECR any more"]
    finally:
        ecr.delete_repository(repositoryName=service.name, force=True)


def _pushed(ecr: Any, repository: str, text: str, *tags: str) -> str:
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": {"digest": text}, "layers": []})
    digest = f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
    given = {"repositoryName": repository, "imageManifest": manifest, "imageManifestMediaType": kind}
    for tag in tags:
        ecr.put_image(**given, imageTag=tag, imageDigest=digest)
    return digest


def test_what_is_not_part_of_a_task_definition_is_told(service: Service) -> None:
    change = change_of(service)
    assert service.kind.lost(change)[0].startswith("secrets and parameters are read anew")
    older = replace_revision(change)
    assert "what they were then is not known" in service.kind.lost(older)[0]


def replace_revision(change: Change) -> Change:
    return Change(good=Version(**{**change.good.document(), "revision": None}), bad=change.bad)
