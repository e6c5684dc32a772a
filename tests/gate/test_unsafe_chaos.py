"""Each unsafe experiment is refused by the policy that is for it, in a whole preview, and the safe one is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest
import yaml

from components.chaos.fault_kinds import fault_kinds
from policies import chaos
from policies.chaos_roles import ROLE
from policies.experiment import TEMPLATE
from preview.engines import Engine
from runners.gate.judging import Case
from tests.gate.conftest import ROOT, Program, Pulumi, case_of
from tests.gate.pack_process import MANDATORY, started_pack
from tests.gate.unsafe_chaos import GOOD, GOOD_ROLES, GOODS, MAKER, UNSAFE


def opened(program: Program, extra: str, engine: Engine = Engine.LOCAL) -> Case:
    return case_of(program(f"{MAKER}\n{extra}"), "stage=2", engine=engine)


def unsafe_program() -> str:
    return "\n".join(made for made, _ in UNSAFE.values()) + GOOD


def assert_each_is_named(said: Iterable[tuple[str, str]]) -> None:
    """Each unsafe resource is named by the policy that is for it and by no other, and nothing else is named."""
    found = sorted((policy, tuple(_named(message))) for policy, message in said)
    assert found == sorted((policy, (name,)) for name, (_, policy) in UNSAFE.items())


def refused_by(case: Case) -> list[tuple[str, str]]:
    verdict = case.judge().verdict
    assert (verdict.exit_code, verdict.doubts) == (1, ())
    assert len(verdict.refusals) == len(UNSAFE)
    return [(found.policy, found.message) for found in verdict.findings if found.level == "mandatory"]


def _named(message: str) -> list[str]:
    """The names of the cases that a message is about; a policy on a role's document names the role."""
    words = message.replace(",", " ").replace(":", " ").split()
    return [name for name in (*UNSAFE, *GOODS, *GOOD_ROLES) if name in words]


def test_each_is_refused_by_its_policy(program: Program) -> None:
    assert_each_is_named(refused_by(opened(program, unsafe_program())))


def test_each_is_refused_by_the_pack_as_a_process(program: Program) -> None:
    case = opened(program, unsafe_program())
    with started_pack(case) as pack:
        said = pack.judge(case.judge())
    assert_each_is_named((entry.policy, entry.message) for entry in said if entry.level == MANDATORY)


def test_every_policy_of_chaos_has_a_case() -> None:
    assert {policy for _, policy in UNSAFE.values()} == {policy.name for policy in chaos.policies()}


def test_the_safe_one_passes(program: Program) -> None:
    verdict = opened(program, GOOD).judge().verdict
    assert [found for found in verdict.findings if found.policy.startswith("chaos-")] == []
    assert (verdict.exit_code, verdict.refusals) == (0, ())


def test_what_is_shipped_passes(program: Program) -> None:
    verdict = case_of(program()).judge().verdict
    assert [found for found in verdict.findings if found.policy.startswith("chaos-")] == []
    assert (verdict.exit_code, verdict.refusals) == (0, ())


@pytest.mark.parametrize(("stack", "stage"), [("dev", 3), ("dev", 4), ("dev", 5), ("prod", 8)])
def test_no_stage_of_what_is_shipped_is_unsafe(program: Program, stack: str, stage: int) -> None:
    verdict = case_of(with_all_enabled(program()), f"stage={stage}", stack=stack).judge().verdict
    assert [found for found in verdict.findings if found.policy.startswith("chaos-")] == []


# The kinds of which no experiment is shipped.
FURTHER: Final = {
    "ecs-task-latency": "{kind: ecs-task-latency, seconds: 240, sources: 10.0.0.0/16}",
    "database-failover": "{kind: database-failover}",
}


def with_all_enabled(directory: Path) -> Path:
    """The shipped experiments, with those that come disabled, and one of each further kind."""
    experiments = directory / "experiments"
    experiments.mkdir()
    for file in (ROOT / "experiments").glob("*.yaml"):
        (experiments / file.name).write_text(file.read_text().replace("enabled: false", "schedule: rate(3650 days)"))
    further = [
        {
            "name": name,
            "description": f"A run of {name}.",
            "schedule": "rate(3650 days)",
            "fault": yaml.safe_load(fault),
            "hypothesis": {"probes": [{"name": "healthy targets", "type": "target-health", "atLeast": 1}]},
            "evidence": [
                {"name": "gone", "source": "loadBalancer", "metric": "RequestCount", "stat": "Sum", "atLeast": 1}
            ],
            "stopAlarms": ["errors"],
        }
        for name, fault in FURTHER.items()
    ]
    file = experiments / "application.yaml"
    known = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump(known | {"experiments": [*known["experiments"], *further]}))
    return directory


def test_what_is_off_by_default_passes(program: Program) -> None:
    # The example has no room for what is off by default beside Container Insights on game days.
    preview = case_of(with_all_enabled(program()), "containerInsights=off").judge()
    verdict = preview.verdict
    assert [found for found in verdict.findings if found.policy.startswith("chaos-")] == []
    assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())
    assert preview.recording is not None
    made = [(record.type, record.name) for record in preview.recording.registrations]
    assert len([token for token, _ in made if token == TEMPLATE]) == len(fault_kinds())
    assert {name for token, name in made if token == ROLE} >= {f"chaos-role-{kind}" for kind in fault_kinds()}


@pytest.mark.engine
def test_each_is_refused_by_the_engine(program: Program, pulumi: Callable[..., Pulumi]) -> None:
    case = opened(program, unsafe_program(), Engine.PULUMI)
    pulumi(case.project.directory)
    assert_each_is_named(refused_by(case))


@pytest.mark.engine
def test_a_bare_up_of_them_creates_nothing(
    program: Program, pulumi: Callable[..., Pulumi], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(program, unsafe_program(), Engine.PULUMI)
    stack = pulumi(case.project.directory)
    monkeypatch.setenv("PULUMI_OPTION_POLICY_PACK", str(case.order.pack))
    monkeypatch.setenv("IAL_AS_OF", case.order.as_of.isoformat())
    done = stack.attempt("up", "--yes", "--config", "ial:stage=2")
    assert done.returncode != 0
    assert [policy for _, policy in UNSAFE.values() if policy not in done.stdout] == []
    assert stack.created() == []


@pytest.mark.engine
def test_the_safe_one_passes_the_engine(program: Program, pulumi: Callable[..., Pulumi]) -> None:
    case = opened(program, GOOD, Engine.PULUMI)
    pulumi(case.project.directory)
    verdict = case.judge().verdict
    assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())
