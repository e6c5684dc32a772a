"""Things that have versions, on the local cloud, and the kinds that take them back."""

from __future__ import annotations

import io
import itertools
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from contract.rollback import RollbackTerms, VersionKind, WatchedVersion, holds_path
from local.server import Running
from runners.aws.session import AwsClients
from runners.aws.version_calls import AwsCalls
from runners.chaos.running.rehearsal import RehearsalClock, begin_rehearsal, end_rehearsal
from runners.rollback.kind import Change, Kind, Progress, Stage, all_kinds
from tests.clouds import ROOT, STACK, Clouds
from tests.runners.conftest import Ial, Ran
from tests.runners.deployed import DeployedStack, changed

_NUMBERS = itertools.count(1)


def watched(kind: VersionKind, name: str, **more: Any) -> WatchedVersion:
    terms = RollbackTerms(compatible=True, strategy=more.pop("strategy", None))
    return WatchedVersion(kind=kind, name=name, parameter=more.pop("parameter", None), rollback=terms)


@pytest.fixture(scope="session")
def cloud(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One of their own: its time goes on, whatever others rehearse in theirs."""
    with clouds.seeded(tmp_path_factory.mktemp("versions")) as running:
        yield running


@pytest.fixture(scope="session")
def clients(cloud: Running) -> AwsClients:
    """The production clients, at that cloud."""
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None))


@pytest.fixture
def knobs(cloud: Running) -> Iterator[Callable[..., None]]:
    """Sets knobs of the local cloud; they are back afterwards."""

    def turn(**given: Any) -> None:
        urllib3.request("PUT", f"{cloud.endpoint.url}/ial/knobs", json=given)

    turn(deployment_seconds=0)
    yield turn
    urllib3.request("DELETE", f"{cloud.endpoint.url}/ial/knobs")


class Rolled:
    """One thing with versions: `deploy` brings one, `kind` reads and takes back."""

    kind: Kind

    def deploy(self, version: str) -> None:
        raise NotImplementedError

    def settled(self, change: Change, begun: Any) -> Progress:
        """Asks until it is over."""
        while (found := self.kind.progress(change, begun)).stage is Stage.WAITING:
            time.sleep(0.02)
        return found

    def rolled_out(self, version: str) -> None:
        """Deploys, and waits until nothing is under way."""
        self.deploy(version)
        while self.kind.move() is not None:
            time.sleep(0.02)


class Service(Rolled):
    """An ECS service of its own."""

    def __init__(self, clients: AwsClients) -> None:
        self.ecs, self.name = clients.client("ecs"), f"rolled-{next(_NUMBERS)}"
        self.versions: list[str] = [self.register("shop/web:1"), self.register("shop/web:2")]
        self.ecs.create_service(cluster="shop", serviceName=self.name, desiredCount=2, taskDefinition=self.versions[0])
        self.kind = all_kinds()["ecs-service"](watched("ecs-service", f"shop/{self.name}"), AwsCalls(clients))

    def register(self, image: str, **more: Any) -> str:
        container = {"name": "web", "image": image, "memory": 64, "essential": True, **more}
        made = self.ecs.register_task_definition(family=self.name, containerDefinitions=[container])
        return str(made["taskDefinition"]["taskDefinitionArn"])

    def deploy(self, version: str) -> None:
        self.ecs.update_service(cluster="shop", service=self.name, taskDefinition=version)

    def remove(self) -> None:
        self.ecs.delete_service(cluster="shop", service=self.name, force=True)


class Group(Rolled):
    """An Auto Scaling group of its own, of numbered versions."""

    def __init__(self, clients: AwsClients, version: str = "1") -> None:
        self.ec2, self.scaling = clients.client("ec2"), clients.client("autoscaling")
        self.name = f"rolled-{next(_NUMBERS)}"
        known = self.ec2.describe_launch_template_versions(LaunchTemplateName="shop-web")["LaunchTemplateVersions"]
        data = {"ImageId": known[0]["LaunchTemplateData"]["ImageId"], "InstanceType": "t3.micro"}
        made = self.ec2.create_launch_template(LaunchTemplateName=self.name, LaunchTemplateData=data)
        self.template = made["LaunchTemplate"]["LaunchTemplateId"]
        self.ec2.create_launch_template_version(LaunchTemplateId=self.template, LaunchTemplateData=data)
        self.versions = [f"{self.template}:1", f"{self.template}:2"]
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            LaunchTemplate={"LaunchTemplateId": self.template, "Version": version},
            MinSize=1,
            MaxSize=1,
            AvailabilityZones=["us-east-1a"],
        )
        self.kind = all_kinds()["auto-scaling-group"](watched("auto-scaling-group", self.name), AwsCalls(clients))

    def deploy(self, version: str) -> None:
        wanted = {"LaunchTemplateId": self.template, "Version": version.rpartition(":")[2]}
        self.scaling.start_instance_refresh(
            AutoScalingGroupName=self.name, DesiredConfiguration={"LaunchTemplate": wanted}
        )

    def remove(self) -> None:
        self.scaling.delete_auto_scaling_group(AutoScalingGroupName=self.name, ForceDelete=True)
        self.ec2.delete_launch_template(LaunchTemplateId=self.template)


class Alias(Rolled):
    """A Lambda function with two versions and an alias."""

    def __init__(self, clients: AwsClients) -> None:
        self.functions, self.iam = clients.client("lambda"), clients.client("iam")
        self.name = f"rolled-{next(_NUMBERS)}"
        role = self.iam.create_role(RoleName=self.name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.functions.create_function(
            FunctionName=self.name, Runtime="python3.12", Role=role, Handler="a.b", Code={"ZipFile": _zipped("1")}
        )
        self.versions = [self.functions.publish_version(FunctionName=self.name)["Version"]]
        self.functions.update_function_code(FunctionName=self.name, ZipFile=_zipped("2"))
        self.versions.append(self.functions.publish_version(FunctionName=self.name)["Version"])
        self.functions.create_alias(FunctionName=self.name, Name="live", FunctionVersion=self.versions[0])
        self.kind = all_kinds()["lambda-alias"](watched("lambda-alias", f"{self.name}:live"), AwsCalls(clients))

    def deploy(self, version: str) -> None:
        self.functions.update_alias(FunctionName=self.name, Name="live", FunctionVersion=version)

    def remove(self) -> None:
        self.functions.delete_function(FunctionName=self.name)
        self.iam.delete_role(RoleName=self.name)


class Configuration(Rolled):
    """A configuration of AppConfig with two stored versions, the first of which is deployed."""

    def __init__(self, clients: AwsClients) -> None:
        self.config, name = clients.client("appconfig"), f"rolled-{next(_NUMBERS)}"
        self.application = self.config.create_application(Name=name)["Id"]
        made = self.config.create_configuration_profile(ApplicationId=self.application, Name=name, LocationUri="hosted")
        self.profile, self.environment = made["Id"], "abc1234"
        for text in (b"1", b"2"):
            self.config.create_hosted_configuration_version(
                ApplicationId=self.application,
                ConfigurationProfileId=self.profile,
                Content=text,
                ContentType="text/plain",
            )
        self.versions = ["1", "2"]
        place = f"{self.application}/{self.environment}/{self.profile}"
        part = watched("app-config", place, strategy="AppConfig.AllAtOnce")
        self.kind = all_kinds()["app-config"](part, AwsCalls(clients))
        self.rolled_out("1")

    def deploy(self, version: str) -> None:
        self.config.start_deployment(
            ApplicationId=self.application,
            EnvironmentId=self.environment,
            ConfigurationProfileId=self.profile,
            ConfigurationVersion=version,
            DeploymentStrategyId="AppConfig.AllAtOnce",
        )

    def remove(self) -> None:
        self.config.delete_application(ApplicationId=self.application)


class Own(Rolled):
    """Something that an automation of the team's own takes back, and whose version stands in a parameter."""

    def __init__(self, clients: AwsClients) -> None:
        self.ssm, self.name = clients.client("ssm"), f"rolled-{next(_NUMBERS)}"
        inputs = {"Service": "ssm", "Api": "PutParameter", "Name": f"/{self.name}", "Value": "{{ Version }}"}
        content = {
            "schemaVersion": "0.3",
            "parameters": {"Version": {"type": "String"}},
            "mainSteps": [{"name": "back", "action": "aws:executeAwsApi", "inputs": inputs}],
        }
        self.ssm.create_document(Name=self.name, DocumentType="Automation", Content=json.dumps(content))
        self.versions = ["blue", "green"]
        self.deploy("blue")
        part = watched("automation", self.name, parameter=f"/{self.name}")
        self.kind = all_kinds()["automation"](part, AwsCalls(clients))

    def deploy(self, version: str) -> None:
        self.ssm.put_parameter(Name=f"/{self.name}", Value=version, Type="String", Overwrite=True)

    def remove(self) -> None:
        self.ssm.delete_parameter(Name=f"/{self.name}")
        self.ssm.delete_document(Name=self.name)


class Weights(Rolled):
    """A rule of the load balancer that divides requests between two target groups."""

    def __init__(self, clients: AwsClients) -> None:
        self.elb, name = clients.client("elbv2"), f"rolled-{next(_NUMBERS)}"
        self.blue = self.elb.describe_target_groups(Names=["shop-web"])["TargetGroups"][0]
        made = self.elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=self.blue["VpcId"])
        self.green = made["TargetGroups"][0]["TargetGroupArn"]
        balancer = self.blue["LoadBalancerArns"][0]
        listener = self.elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
        path = [{"Field": "path-pattern", "Values": [f"/{name}"]}]
        rule = self.elb.create_rule(
            ListenerArn=listener, Priority=next(_NUMBERS) + 100, Conditions=path, Actions=self._actions(100, 0)
        )["Rules"][0]
        self.rule, arns = rule["RuleArn"], (self.blue["TargetGroupArn"], self.green)
        self.versions = [f"{arn}=100" for arn in arns]
        self.kind = all_kinds()["listener-weights"](watched("listener-weights", self.rule), AwsCalls(clients))

    def _actions(self, blue: int, green: int) -> list[Any]:
        groups = [
            {"TargetGroupArn": self.blue["TargetGroupArn"], "Weight": blue},
            {"TargetGroupArn": self.green, "Weight": green},
        ]
        return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]

    def deploy(self, version: str) -> None:
        weights = (0, 100) if version == self.versions[1] else (100, 0)
        self.elb.modify_rule(RuleArn=self.rule, Actions=self._actions(*weights))

    def remove(self) -> None:
        self.elb.delete_rule(RuleArn=self.rule)
        self.elb.delete_target_group(TargetGroupArn=self.green)


def _zipped(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.py", f"def b(e, c): return {text}")
    return held.getvalue()


class Deployed(DeployedStack):
    """A stack whose versions may be rolled back."""

    group = "rollback"

    def chaos(self, *arguments: str) -> Ran:
        """One command of `ial chaos` on the stack."""
        return self.ial("chaos", *arguments, "--stack", STACK, "--engine", "local", folder=self.folder)

    def begin(self, *settings: str) -> None:
        """A new rehearsal."""
        begin_rehearsal(self.running.endpoint.url, list(settings), "ial/dev")

    def later(self, seconds: float) -> None:
        """Lets rehearsed time pass: what was deployed arrives, and CloudWatch knows of it."""
        RehearsalClock(self.running.endpoint.url).sleep(seconds)

    def release(self, image: str, said: str = "") -> str:
        """A new version of the service that is deployed and runs; `said` is what is wrong with it."""
        ecs = self.client("ecs")
        container = {
            **{"name": "web", "image": image, "memory": 256, "essential": True},
            "environment": [{"name": "IAL_REHEARSED", "value": said}] if said else [],
        }
        made = ecs.register_task_definition(family="shop-web", containerDefinitions=[container])
        arn = str(made["taskDefinition"]["taskDefinitionArn"])
        ecs.update_service(cluster="shop", service="web", taskDefinition=arn)
        self.later(600)
        return arn

    def service_runs(self) -> str:
        """The task definition of the service."""
        [found] = self.client("ecs").describe_services(cluster="shop", services=["web"])["services"]
        return str(found["taskDefinition"])

    def pages(self) -> Callable[[], list[str]]:
        """From now on, the subjects of what people are told by a rollback."""
        sns, sqs = self.client("sns"), self.client("sqs")
        queue = sqs.create_queue(QueueName=f"pages-{next(_NUMBERS)}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        topic = next(held["TopicArn"] for held in sns.list_topics()["Topics"] if "ial-dev-alerts" in held["TopicArn"])
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

        def received() -> list[str]:
            held = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
            told = [json.loads(message["Body"]) for message in held]
            return [str(message["Subject"]) for message in told if "ollback" in str(message.get("Subject"))]

        return received

    def forget(self) -> None:
        """Records and holds are each test's own."""
        super().forget()
        ssm = self.client("ssm")
        for held in ssm.get_parameters_by_path(Path=holds_path("dev"))["Parameters"]:
            ssm.delete_parameter(Name=held["Name"])
        end_rehearsal(self.running.endpoint.url)


_RELEASE = """
  - name: release
    description: What a new version has to stand, or it goes back.
    onFailure: roll-back
    coolDownMinutes: 1
    maxDegradedSeconds: 900
    maxUsd: 2
    steps:
      - {name: database, experiments: {names: [database-connection-failure]}}
"""


def switched_on(folder: Path) -> None:
    """The example stack with rollback of its service and of its group."""
    file = folder / "Pulumi.dev.yaml"
    targets = [
        {"kind": "ecs-service", "name": "shop/web", "compatible": True},
        {"kind": "auto-scaling-group", "name": "shop-web", "compatible": True},
    ]
    file.write_text(file.read_text() + f"  ial:chaos: {json.dumps({'rollback': {'targets': targets}})}\n")
    shutil.copytree(ROOT / "experiments", folder / "experiments")
    suites = folder / "experiments" / "suites.yaml"
    suites.write_text(suites.read_text() + _RELEASE)


@pytest.fixture(scope="session")
def site(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """One stack for all tests of a worker."""
    folder = tmp_path_factory.mktemp("site")
    with changed(clouds, folder, lambda _: switched_on(folder)) as found:
        yield found


@pytest.fixture
def deployed(site: tuple[Path, Running], ial: Ial) -> Iterator[Deployed]:
    found = Deployed(*site, ial)
    yield found
    found.forget()
