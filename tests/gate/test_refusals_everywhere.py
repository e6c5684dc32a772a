"""What must be refused is refused by the offline preview, by the pack as a process, and by the real engine.

Each refusal stands beside `NEIGHBOURS`: settings and resources that differ from it in the offence alone, and pass.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from preview.engines import Engine
from preview.gate import Verdict
from runners.gate.judging import Case
from tests.gate.conftest import Program, Pulumi, case_of, workload
from tests.gate.pack_process import MANDATORY, started_pack

TAGS: Final = 'tags = {"owner": "a-team", "environment": "dev", "stage": "8", "managed-by": "ial"}'
INSTANCES: Final = [f"i-{number:017x}" for number in range(40)]
BUCKET: Final = "shop-assets-123456789012"
PRICED_UNKNOWN: Final = """
topic = aws.sns.Topic("news", tags=tags)
aws.ebs.Volume("disk", availability_zone="us-east-1a", encrypted=True, size=topic.arn.apply(len), tags=tags)
"""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An offence: how it is committed, which policy refuses it, and whom and which way out the sentence names."""

    policy: str
    offender: str
    way_out: str
    settings: tuple[str, ...] = ()
    extra: str = ""


REFUSALS: Final = {
    "ten-more-dashboards": Refusal(
        policy="monthly-budget",
        offender="observability-dashboard-team-1-board 3.00 USD",
        way_out="remove or shrink resources",
        settings=("teamDashboards=10",),
    ),
    "alarms-multiplied": Refusal(
        policy="capability-budget",
        offender="capability observability",
        way_out="remove or shrink resources",
        settings=(f"alarmInstances={json.dumps(INSTANCES)}",),
    ),
    "nat-gateway": Refusal(
        policy="cost-traps",
        offender="exit (aws:ec2/natGateway:NatGateway)",
        way_out="use public subnets, a Gateway endpoint",
        extra='aws.ec2.NatGateway("exit", subnet_id="subnet-1", tags=tags)',
    ),
    "container-insights-always": Refusal(
        policy="cost-traps",
        offender="observability-insights-setting (",
        way_out="set `ial:containerInsights` to gameday or off",
        settings=("containerInsights=always",),
    ),
    "no-log-retention": Refusal(
        policy="cost-traps",
        offender="observability-logs-ecs-shop-web (",
        way_out="set `retentionDays` of the group in ial:workload",
        settings=(workload(logGroups=[{"name": "/ecs/shop-web", "retentionDays": 0}]),),
    ),
    "pitr-removed": Refusal(
        policy="table-recoverable",
        offender="backup-table-orders-recovery of table orders",
        way_out="set `pitr` of the table in ial:workload to true",
        settings=(workload(tables=[{"name": "orders", "pitr": False}]),),
    ),
    "noncurrent-too-short": Refusal(
        policy="versions-kept",
        offender=f"backup-bucket-{BUCKET}-lifecycle",
        way_out="raise `noncurrentDays` to 14 or more",
        settings=(workload(buckets=[{"name": BUCKET, "noncurrentDays": 13}]),),
    ),
    "unclassified-type": Refusal(
        policy="every-resource-priced",
        offender="front (aws:amp/workspace:Workspace)",
        way_out="remove it, declare it under freeTypes or declaredCosts",
        extra='aws.amp.Workspace("front", tags=tags)',
    ),
    "unknown-without-bound": Refusal(
        policy="every-resource-priced",
        offender="disk (aws:ebs/volume:Volume)",
        way_out="declare usage `disk_gb`",
        extra=PRICED_UNKNOWN,
    ),
}
NEIGHBOURS: Final = Refusal(
    policy="",
    offender="",
    way_out="",
    settings=(
        "teamDashboards=0",
        f"alarmInstances={json.dumps(INSTANCES[:1])}",
        "containerInsights=off",
        "logRetentionDays=30",
        'fleetRecords={"enabled": true}',
        workload(tables=[{"name": "orders", "pitr": True}], buckets=[{"name": BUCKET, "noncurrentDays": 14}]),
    ),
    extra="""
topic = aws.sns.Topic("news", tags=tags)
aws.ec2.VpcEndpoint("exit", vpc_id="vpc-1", service_name="com.amazonaws.us-east-1.s3", tags=tags)
aws.ebs.Volume("disk", availability_zone=topic.arn, encrypted=True, size=1, type="gp3", tags=tags)
""",
)


def opened(program: Program, refusal: Refusal, engine: Engine = Engine.LOCAL) -> Case:
    return case_of(program(f"{TAGS}\n{refusal.extra}"), *refusal.settings, engine=engine)


def assert_refused(verdict: Verdict, refusal: Refusal) -> None:
    assert (verdict.exit_code, verdict.doubts) == (1, ())
    refusing = [found for found in verdict.findings if found.level == "mandatory"]
    assert_sentence([found.message for found in refusing if found.policy == refusal.policy], refusal)
    assert all("\n" not in sentence and "can't run policy" not in sentence for sentence in verdict.refusals)


def assert_sentence(sentences: list[str], refusal: Refusal) -> None:
    (sentence,) = sentences
    assert refusal.offender in sentence
    assert refusal.way_out in sentence


def files(directory: Path) -> set[str]:
    ours = {"__pycache__", ".venv", "components"}
    return {path.name for path in directory.iterdir()} - ours


@pytest.mark.parametrize("name", REFUSALS)
def test_refused_offline_and_by_the_pack_as_a_process(program: Program, name: str) -> None:
    refusal = REFUSALS[name]
    case = opened(program, refusal)
    before = files(case.project.directory)
    with started_pack(case) as pack:
        preview = case.judge()
        assert_refused(preview.verdict, refusal)
        assert files(case.project.directory) == before
        said = [entry for entry in pack.judge(preview) if entry.policy == refusal.policy]
    assert [entry.level for entry in said] == [MANDATORY]
    assert_sentence([entry.message for entry in said], refusal)


def test_their_neighbours_pass_offline_and_the_pack_as_a_process(program: Program) -> None:
    case = opened(program, NEIGHBOURS)
    with started_pack(case) as pack:
        preview = case.judge()
        assert (preview.verdict.exit_code, preview.verdict.refusals) == (0, ())
        assert {entry.policy for entry in pack.judge(preview)} <= {"budget-warning"}


@pytest.mark.engine
@pytest.mark.parametrize("name", REFUSALS)
def test_refused_by_the_engine_and_nothing_created(program: Program, pulumi: Callable[..., Pulumi], name: str) -> None:
    case = opened(program, REFUSALS[name], Engine.PULUMI)
    stack = pulumi(case.project.directory)
    assert_refused(case.judge().verdict, REFUSALS[name])
    assert stack.created() == []


@pytest.mark.engine
def test_their_neighbours_pass_the_engine(program: Program, pulumi: Callable[..., Pulumi]) -> None:
    case = opened(program, NEIGHBOURS, Engine.PULUMI)
    pulumi(case.project.directory)
    verdict = case.judge().verdict
    assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())


@pytest.mark.engine
def test_a_bare_up_is_refused_before_anything_is_created(
    program: Program, pulumi: Callable[..., Pulumi], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(program, REFUSALS["nat-gateway"], Engine.PULUMI)
    stack = pulumi(case.project.directory)
    monkeypatch.setenv("PULUMI_OPTION_POLICY_PACK", str(case.order.pack))
    monkeypatch.setenv("IAL_AS_OF", case.order.as_of.isoformat())
    done = stack.attempt("up", "--yes")
    assert done.returncode != 0
    assert REFUSALS["nat-gateway"].way_out in " ".join(done.stdout.split())
    assert stack.created() == []
