"""A rehearsal on the local cloud, and the production adapters on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.experiments import Chaos, Experiment
from contract.run_table import CHAOS
from local.server import Running
from runners.aws.alarms import AwsAlarms
from runners.aws.chaos_signals import ChaosSignals
from runners.aws.game_day import ClusterInsights
from runners.aws.injection import AwsInjection
from runners.aws.leases import TableLeases
from runners.aws.probes import AwsProbes
from runners.aws.scaling import AwsScaling
from runners.aws.session import AwsClients
from runners.aws.stack_records import StackRecords
from runners.aws.targets import AwsTargets
from runners.chaos.before.service_address import ServiceAddress
from runners.chaos.before.situation_reader import SituationReader
from runners.chaos.before.template_hash import template_hash
from runners.chaos.equipment import Equipment
from runners.chaos.running.life_cycle import ChaosLifeCycle
from runners.chaos.running.rehearsal import RehearsalClock, RehearsedLoad, begin_rehearsal, end_rehearsal
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.run_folder import Runs
from tests.clouds import Clouds
from tests.runners.chaos.experiments import BALANCER, OFFERED, changed
from tests.runners.conftest import Ial
from tests.runners.deployed import DeployedStack
from tests.runners.rehearsal import MemoryRecords

SHIPPED = ["network-latency", "instance-termination", "alb-health-check", "database-connection-failure"]
TABLE = "chaos-records"
ERRORS, UNHEALTHY = "chaos-errors", "chaos-unhealthy"
ROLE = "arn:aws:iam::123456789012:role/fis"
ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"

# As the shipped alarm `errors` is: what users get, three of five minutes with as many as `ial:thresholds` says.
ERRORS_ALARM: dict[str, Any] = {
    "Metrics": [
        {"Id": "e1", "Expression": "FILL(m1, 0) + FILL(m2, 0)", "Label": "Users get errors", "ReturnData": True},
        *(
            {
                "Id": f"m{number}",
                "ReturnData": False,
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/ApplicationELB",
                        "MetricName": metric,
                        "Dimensions": [{"Name": name, "Value": BALANCER[name]} for name in dimensions],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
            for number, (metric, dimensions) in enumerate(
                (("HTTPCode_Target_5XX_Count", tuple(BALANCER)), ("HTTPCode_ELB_5XX_Count", ("LoadBalancer",))), 1
            )
        ),
    ],
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
}


def instances(count: int) -> dict[str, Any]:
    """A target of so many running instances that are offered."""
    return {
        "app": {
            "resourceType": "aws:ec2:instance",
            "selectionMode": f"COUNT({count})",
            "resourceTags": OFFERED,
            "filters": [{"path": "State.Name", "values": ["running"]}],
        }
    }


def command(document: str, seconds: int, **parameters: str) -> dict[str, Any]:
    """An action that runs one of AWS's documents, a minute longer than its fault."""
    return {
        "actionId": "aws:ssm:send-command",
        "parameters": {
            "documentArn": f"arn:aws:ssm:us-east-1::document/{document}",
            "documentParameters": json.dumps({"DurationSeconds": str(seconds), **parameters}),
            "duration": f"PT{(seconds + 60) // 60}M",
        },
        "targets": {"Instances": "app"},
    }


@dataclass
class Rehearsal:
    """One stack's chaos on the local cloud."""

    url: str
    clients: AwsClients
    folder: Path
    said: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    archive: MemoryRecords = field(default_factory=MemoryRecords)

    def begin(self, *settings: str) -> None:
        """A new rehearsal, for the templates that are there."""
        begin_rehearsal(self.url, list(settings), "ial/dev")

    def template(
        self, experiment: Experiment, actions: dict[str, Any], targets: dict[str, Any] | None = None
    ) -> Experiment:
        """The experiment with a template at FIS: one action on instances, or these actions by name on these targets."""
        fis = self.clients.client("fis")
        made = fis.create_experiment_template(
            clientToken=f"t{datetime.now(UTC).timestamp()}",
            description=experiment.name,
            stopConditions=[
                {"source": "aws:cloudwatch:alarm", "value": ALARM + name} for name in experiment.stop_alarms
            ],
            targets=targets or instances(experiment.blast_radius.wanted),
            actions=actions if targets else {"fault": actions},
            roleArn=ROLE,
            experimentOptions={"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"},
        )["experimentTemplate"]
        self.templates.append(made["id"])
        return changed(experiment, template_id=made["id"], template_sha256=template_hash(made))

    def cycle(self, **chaos: Any) -> ChaosLifeCycle:
        """The life cycle over the production adapters."""
        clock = RehearsalClock(self.url)
        records = StackRecords(self.clients, TABLE, clock, self.archive)
        given = terms(**chaos)
        budget = MonthlyBudget(kind=CHAOS, monthly_usd=Decimal(given.monthly_budget_usd), records=records, clock=clock)
        kit = Equipment(
            injection=AwsInjection(self.clients),
            alarms=AwsAlarms(self.clients, clock),
            probing=AwsProbes(self.clients, clock, lambda: self.url),
            scaling=AwsScaling(self.clients),
            leases=TableLeases(self.clients, TABLE, clock),
            records=records,
            load=RehearsedLoad(self.url),
            clock=clock,
            say=self.said.append,
            insights=ClusterInsights(self.clients, "shop"),
            alarms_watched=(ERRORS, UNHEALTHY),
        )
        reader = SituationReader(
            stack="dev",
            chaos=given,
            incident_alarms=kit.alarms_watched,
            injection=kit.injection,
            alarms=kit.alarms,
            targets=AwsTargets(self.clients),
            records=records,
            budget=budget,
            recovery_point=clock.now,
            drilled=lambda: None,
            cloud_time=clock,
            service=lambda: ServiceAddress(self.url, None),
            clock=clock,
        )
        return ChaosLifeCycle(
            stack="dev",
            owner=given.owner,
            operator="tests",
            runs=Runs(self.folder, "dev"),
            reader=reader,
            budget=budget,
            kit=kit,
            publish=ChaosSignals(clients=self.clients, namespace="ial/dev", clock=clock).run,
        )


def terms(**changes: Any) -> Chaos:
    """The terms of a stack without limits of time; keywords replace fields."""
    given: dict[str, Any] = {
        "owner": "ial-dev",
        "monthly_budget_usd": "1000",
        "confirm": False,
        "starter": "pipeline",
        "window": None,
        "freezes": (),
        "runner_role": ROLE,
        "halt_role": ROLE,
        "experiments": (),
    }
    return Chaos(**given | changes)


@pytest.fixture(scope="session")
def _stage(cloud: Running, clients: AwsClients) -> str:
    clients.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "run", "KeyType": "HASH"}, {"AttributeName": "step", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "run", "AttributeType": "S"},
            {"AttributeName": "step", "AttributeType": "S"},
        ],
    )
    watch = clients.client("cloudwatch")
    shared: dict[str, Any] = {
        "Namespace": "AWS/ApplicationELB",
        "Dimensions": [{"Name": name, "Value": value} for name, value in BALANCER.items()],
        "Period": 60,
        "EvaluationPeriods": 1,
    }
    watch.put_metric_alarm(AlarmName=ERRORS, **ERRORS_ALARM)
    watch.put_metric_alarm(
        AlarmName=UNHEALTHY,
        MetricName="UnHealthyHostCount",
        Statistic="Maximum",
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="breaching",
        **shared,
    )
    return cloud.endpoint.url


@pytest.fixture
def rehearsal(_stage: str, clients: AwsClients, tmp_path: Path) -> Iterator[Rehearsal]:
    # Rehearsed time does not pass while botocore waits before it tries again.
    impatient = AwsClients("us-east-1", endpoint=_stage, keys=("local", "local", None), attempts=1)
    held = Rehearsal(_stage, impatient, tmp_path)
    yield held
    end_rehearsal(_stage)
    for name in (ERRORS, UNHEALTHY):
        clients.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason="test is over")
    for template in held.templates:
        clients.client("fis").delete_experiment_template(id=template)


class Deployed(DeployedStack):
    """A stack whose experiments are run."""

    group = "chaos"


@pytest.fixture(scope="session")
def site(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """One stack for all tests of a worker."""
    folder = tmp_path_factory.mktemp("site")
    with clouds.deployed(folder) as running:
        yield folder, running


@pytest.fixture
def deployed(site: tuple[Path, Running], ial: Ial) -> Iterator[Deployed]:
    found = Deployed(*site, ial)
    yield found
    found.forget()
