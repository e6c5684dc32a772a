"""Every AWS call of a full recovery test, failing: it is tried again, or told clearly, and nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from contract.names import runs_folder
from local.server import Running
from preview.engines import Engine
from runners.aws.session import AwsClients
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.errors import RunnerError
from runners.wiring.backup import Access
from runners.wiring.drills import DrillPlan
from tests.clouds import STACK
from tests.runners.aws.test_session import Answering
from tests.runners.backup.conftest import Deployed

pytestmark = pytest.mark.cloud
NAMES = ("orders", "shop-assets-123456789012", "shop-db", "configuration")
Fault = tuple[int, str] | Exception
BROKEN: Fault = (500, "InternalServerError")
SILENT: Fault = ReadTimeoutError(endpoint_url="x")
THROTTLED: dict[str, Fault] = {"s3": (503, "SlowDown"), "rds": (400, "Throttling")}
# What each kind of drill calls; the tests below fail when this list is not what is really called.
OPERATIONS = {
    "orders": (
        "dynamodb:DescribeTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
        "dynamodb:DescribeKinesisStreamingDestination",
        "dynamodb:DescribeContributorInsights",
        "dynamodb:GetResourcePolicy",
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "application-autoscaling:DescribeScheduledActions",
        "dynamodb:PutItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:RestoreTableToPointInTime",
        "dynamodb:TagResource",
        "dynamodb:DeleteTable",
        "cloudwatch:PutMetricData",
    ),
    "shop-assets-123456789012": (
        "s3:GetBucketVersioning",
        "s3:GetBucketLifecycleConfiguration",
        "s3:ListObjectVersions",
        "s3:GetObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:HeadObject",
        "s3:CopyObject",
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:DeleteObjects",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "cloudwatch:PutMetricData",
    ),
    "shop-db": (
        "rds:DescribeDBInstances",
        "rds:RestoreDBInstanceToPointInTime",
        "rds:DeleteDBInstance",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "cloudwatch:PutMetricData",
    ),
    "configuration": (
        "cloudwatch:GetDashboard",
        "cloudwatch:DescribeAlarms",
        "fis:ListExperimentTemplates",
        "fis:GetExperimentTemplate",
        "s3:PutObject",
        "s3:GetObject",
        "s3:ListObjectVersions",
        "s3:DeleteObjects",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "cloudwatch:PutMetricData",
    ),
}
# What the archive of every run's record calls, after the run: here once the month has runs.
ARCHIVE = ("s3:ListObjectsV2", "s3:GetObject", "s3:PutObject")
CASES = [(name, operation) for name, operations in OPERATIONS.items() for operation in operations]


@dataclass
class Wired:
    """Clients of this test's own: it hears every call, and one operation may fail."""

    plan: DrillPlan
    clients: AwsClients
    calls: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def hear(self) -> None:
        services = ("dynamodb", "s3", "rds", "cloudwatch", "scheduler", "fis", "application-autoscaling")
        for client in [*(self.clients.client(name) for name in services), self.clients.whole_pages()]:
            client.meta.events.register("before-call", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.calls[f"{model.service_model.service_name}:{model.name}"] += 1

    def fail(self, operation: str, *answers: Fault) -> Answering:
        service, name = operation.split(":")
        answering = Answering(*answers, service=service)
        clients = [self.clients.client(service)]
        if name == "Scan":
            clients = [self.clients.whole_pages()]
        for client in clients:
            client.meta.events.register(f"before-send.{service}.{name}", answering)
        return answering

    def run(self, name: str) -> DrillRecord:
        [drill], _ = self.plan.chosen([name])
        limits = replace(drill.limits, deleted_within=timedelta(seconds=1), restored_within=timedelta(seconds=5))  # type: ignore[attr-defined]
        return self.plan.life_cycle().run(replace(drill, limits=limits))  # type: ignore[type-var]


@pytest.fixture(scope="module")
def base(site: tuple[Path, Running]) -> Access:
    """The stack as the commands reach it, with clients whose calls work."""
    return Access.open(STACK, site[0], Engine.LOCAL, lambda _: None)


@pytest.fixture
def wired(deployed: Deployed, base: Access, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    clients = AwsClients("us-east-1", endpoint=deployed.running.endpoint.url, keys=("local", "local", None))
    said = list[str]()
    access = replace(base, clients=clients, say=said.append)
    found = Wired(DrillPlan(access, "true"), clients, said=said)
    found.hear()
    month = f"{runs_folder(f'{base.clock.now():%Y-%m}-01')}{STACK}.jsonl"
    deployed.client("s3").put_object(Bucket=base.backup.configuration_bucket, Key=month, Body=b"")
    yield found
    # What a call that never works left behind is removed with clients that do.
    reaper = base.reaper()
    assert all(held.removed for held in reaper.reap(timedelta(0), remove=True).leftovers)


@pytest.mark.parametrize("name", NAMES)
def test_these_are_the_calls(wired: Wired, name: str) -> None:
    assert wired.run(name).verdict is Verdict.PASSED
    assert set(wired.calls) == {*OPERATIONS[name], *ARCHIVE}


@pytest.mark.parametrize("name", NAMES)
def test_every_call_throttled_broken_and_silent_is_tried_again(wired: Wired, name: str) -> None:
    failing = {
        operation: wired.fail(
            operation, THROTTLED.get(operation.split(":")[0], (400, "ThrottlingException")), BROKEN, SILENT
        )
        for operation in {*OPERATIONS[name], *ARCHIVE}
    }
    record = wired.run(name)
    assert (record.verdict, record.stored, record.cleaned) == (Verdict.PASSED, True, True), record.reasons
    assert [operation for operation, answering in failing.items() if answering.answers] == []


@pytest.mark.parametrize(("name", "operation"), CASES)
def test_what_always_fails_is_told_and_never_passed(wired: Wired, name: str, operation: str) -> None:
    wired.fail(operation, *[BROKEN] * 1000)
    said = ""
    try:
        record = wired.run(name)
    except RunnerError as error:
        # Before anything was begun, there is nothing to record.
        said = str(error)
    if said:
        assert _names(operation, said)
        return
    told = [*record.reasons, *record.left, *wired.said]
    assert any(_names(operation, text) for text in told), told
    # Times that cannot be published do not take the proof back; everything else is an error, or is left behind.
    proven = record.verdict is Verdict.PASSED and record.cleaned
    assert proven == (operation == "cloudwatch:PutMetricData")


@pytest.mark.parametrize("operation", ARCHIVE)
def test_an_archive_that_always_fails_is_told_and_takes_no_proof_back(wired: Wired, operation: str) -> None:
    wired.fail(operation, *[BROKEN] * 1000)
    record = wired.run("shop-db")
    assert (record.verdict, record.stored, record.cleaned) == (Verdict.PASSED, True, True)
    [told] = [text for text in wired.said if text.startswith(f"the archive lacks the record of {record.run}: ")]
    assert _names(operation, told)


def _names(operation: str, text: str) -> bool:
    return re.search(rf"{re.escape(operation)} on \S+", text) is not None


def test_an_answer_that_is_lost_restores_only_once(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request arrives, its answer doesn't: sent again, it is refused, and the drill finds its own table."""
    client, lost = wired.clients.client("dynamodb"), list[str]()
    send: Callable[..., Any] = client._endpoint.http_session.send

    def losing(request: Any) -> Any:
        answer = send(request)
        if not lost and b"RestoreTableToPointInTime" in request.headers.get("X-Amz-Target", b""):
            lost.append("once")
            raise ReadTimeoutError(endpoint_url="x")
        return answer

    monkeypatch.setattr(client._endpoint.http_session, "send", losing)
    assert wired.run("orders").verdict is Verdict.PASSED
    assert lost == ["once"]
