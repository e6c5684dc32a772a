"""State machines of a small stack, and the clouds on which they are interpreted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from components.chaos.state_machine.claims import claimed
from components.chaos.state_machine.definition import definition
from components.chaos.state_machine.order import MachineOrder
from contract.experiments import Experiment
from contract.names import configuration_bucket
from contract.suites import Choosable, Suite, SuitePlan, plan_of
from local.endpoint import ACCOUNT
from runners.aws.leases import TableLeases
from tests.interpreter import Aws, Execution, StateError, drive
from tests.runners.chaos.experiments import experiment
from tests.runners.rehearsal import QuickClock

TABLE = "ial-dev-records"
ALARM = "ial-dev-errors"
BUCKET = configuration_bucket("dev", ACCOUNT)
USD = "0.50"


def named(name: str, **changes: Any) -> Experiment:
    return experiment(name=name, duration_seconds=60, usd_per_run=USD, load=None, **changes)


EXPERIMENTS = (
    named("latency", category="network"),
    named("termination", category="infrastructure"),
    named("no-database", category="application", needs_recovery_point=True),
)


def plan(suite: Suite, experiments: tuple[Experiment, ...] = EXPERIMENTS) -> SuitePlan:
    choices = [Choosable(name=held.name, choice=held.category, of_database=held.of_database) for held in experiments]
    return plan_of(suite, choices, [Choosable(name="orders", choice="table", of_database=False)])


def order(suite: Suite, experiments: tuple[Experiment, ...] = EXPERIMENTS, **changes: Any) -> MachineOrder:
    given: dict[str, Any] = {
        "name": "ial-dev-suite-weekly",
        "stack": "dev",
        "suite": suite,
        "claimed": claimed(plan(suite, experiments), experiments),
        "templates": {held.name: f"EXT{held.name}" for held in experiments},
        "table": TABLE,
        "bucket": BUCKET,
        "account": ACCOUNT,
        "owner": "ial-dev",
        "budget": "4.30",
        "alarms": (ALARM,),
    }
    return MachineOrder(**given | changes)


@dataclass
class ScriptedFis:
    """FIS as a table says: each look at an experiment gives the next status, the last one again and again."""

    statuses: dict[str, list[str | StateError]] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    done: Callable[[str], object] = lambda _: None
    heeds: bool = True

    def startExperiment(self, ExperimentTemplateId: str, ClientToken: str, Tags: dict[str, str]) -> Any:
        name = ExperimentTemplateId.removeprefix("EXT")
        assert Tags == {"chaos:owner": "ial-dev"}
        first = self.statuses.setdefault(name, ["running", "completed"])[0]
        if name == "refused":
            raise StateError("Fis.ServiceQuotaExceededException", "5 are active")
        if isinstance(first, StateError) and first.error == "Fis.InternalException":
            raise first
        if self.tokens.setdefault(ClientToken, name) == name and name not in self.started:
            self.started.append(name)
        self.done(f"start {name}")
        return {"Experiment": {"Id": f"EXP{name}", "State": {"Status": "initiating"}}}

    def getExperiment(self, Id: str) -> Any:
        held = self.statuses[Id.removeprefix("EXP")]
        found = held.pop(0) if len(held) > 1 else held[0]
        if isinstance(found, StateError):
            raise found
        return {"Experiment": {"Id": Id, "State": {"Status": found}}}

    def stopExperiment(self, Id: str) -> Any:
        name = Id.removeprefix("EXP")
        self.stopped.append(name)
        if self.heeds and len(self.stopped) == 1:
            self.statuses[name] = ["stopping", "stopped"]
        self.done(f"stop {name}")
        return {"Experiment": {"Id": Id, "State": {"Status": "stopping"}}}


@dataclass
class Bench:
    """One cloud with the stack's table and alarm, a clock of its own, and a FIS that is told what to say."""

    clients: Any
    clock: QuickClock = field(default_factory=QuickClock)
    fis: ScriptedFis = field(default_factory=ScriptedFis)
    effects: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        keys = (("run", "HASH"), ("step", "RANGE"))
        self.clients.client("dynamodb").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        )
        self.clients.client("s3").create_bucket(Bucket=BUCKET)
        self.clients.client("cloudwatch").put_metric_alarm(
            AlarmName=ALARM,
            Namespace="n",
            MetricName="m",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            Statistic="Sum",
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        )

    def call(self, service: str, action: str, arguments: dict[str, Any]) -> Any:
        self.fis.done = self.effects.append
        if service == "fis":
            return getattr(self.fis, action)(**arguments)
        found = Aws(self.clients.client)(service, action, arguments)
        expression = arguments.get("UpdateExpression", "")
        if "ADD" in expression:
            self.effects.append("lock")
        elif expression and arguments["ExpressionAttributeValues"][":until"]["N"] == "0":
            self.effects.append("unlock")
        return found

    def execution(self, made: MachineOrder, name: str = "weekly-1") -> Execution:
        return Execution(definition=json.loads(definition(made)), now=self.clock.now, call=self.call, name=name)

    def run(self, made: MachineOrder, name: str = "weekly-1") -> Execution:
        found = self.execution(made, name)
        drive(found.run(), self.clock.sleep)
        return found

    @property
    def leases(self) -> TableLeases:
        return TableLeases(self.clients, TABLE, self.clock)
