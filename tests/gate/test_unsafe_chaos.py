"""Each unsafe experiment is refused by the policy that is for it, in a whole preview, and the safe one is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest

from policies import chaos
from preview.engines import Engine
from runners.judging import Case
from tests.gate.conftest import ROOT, Program, Pulumi, case_of
from tests.gate.pack_process import MANDATORY, started_pack

# What a template is made of in the program under test; each case changes one thing.
MAKER: Final = """
import json

# Rarely, so that what an unsafe one would cost is refused by no budget.
TAGS = {"owner": "team", "environment": "dev", "stage": "3", "managed-by": "ial", "chaos:schedule": "rate:3650 days"}
ROLE_TAGS = {key: value for key, value in TAGS.items() if key != "chaos:schedule"}
ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ial-dev-errors"
DOCUMENT = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Network-Latency-Sources"
INSIDE = {"DurationSeconds": "240", "DelayMilliseconds": "200", "Sources": "10.0.0.0/16",
          "TrafficType": "egress", "Interface": "DEFAULT"}


def pairs(**values):
    return [{"key": key, "value": value} for key, value in values.items()]


def inside(**changes):
    return json.dumps({key: value for key, value in (INSIDE | changes).items() if value is not None})


def template(name, *, action="aws:ssm:send-command", key="Instances", target=None, **changes):
    given = dict(documentArn=DOCUMENT, documentParameters=inside(), duration="PT5M") | changes.pop("parameters", {})
    found = {
        "name": "app",
        "resource_type": "aws:ec2:instance",
        "selection_mode": "COUNT(2)",
        "resource_tags": [{"key": "chaos:enabled", "value": "true"}],
        "filters": [{"path": "State.Name", "values": ["running"]}],
    } | (target or {})
    what = {
        "description": name,
        "role_arn": FIS.arn,
        "actions": [{
            "name": "fault",
            "action_id": action,
            "parameters": pairs(**{key: value for key, value in given.items() if value is not None}),
            "target": {"key": key, "value": "app"},
        }],
        "targets": [found],
        "stop_conditions": [{"source": "aws:cloudwatch:alarm", "value": ALARM}],
        "log_configuration": {
            "log_schema_version": 2,
            "cloudwatch_logs_configuration": {"log_group_arn": "arn:aws:logs:us-east-1:123456789012:log-group:/x:*"},
        },
        "experiment_options": {"account_targeting": "single-account", "empty_target_resolution_mode": "fail"},
        "tags": TAGS,
    }
    aws.fis.ExperimentTemplate(name, **(what | changes))


OWN_DOCUMENT = "arn:aws:ssm:us-east-1:123456789012:document/own"


def document(name, pattern):
    step = {"action": "aws:runShellScript", "name": "fault", "inputs": {"runCommand": ["sleep 60"]}}
    ends = step["inputs"] | {"timeoutSeconds": "60", "finallyStep": True}
    content = {
        "schemaVersion": "2.2",
        "parameters": {"DurationSeconds": {"type": "String", "allowedPattern": pattern}},
        "mainSteps": [step | {"inputs": ends}],
    }
    aws.ssm.Document(name, name="own", document_type="Command", content=json.dumps(content), tags=ROLE_TAGS)


INSTANCES = "arn:aws:ec2:us-east-1:123456789012:instance/*"
OFFERED = {"StringEquals": {"aws:ResourceTag/chaos:enabled": "true"}}


def role(name, trusted, action="ec2:TerminateInstances", resource=INSTANCES, condition=OFFERED):
    trust = {"Effect": "Allow", "Principal": {"Service": "fis.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allowed = {"Effect": "Allow", "Action": [action], "Resource": [resource], "Condition": condition}
    if condition is None:
        del allowed["Condition"]
    made = aws.iam.Role(
        name,
        name=name,
        tags=ROLE_TAGS,
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust | trusted]}),
    )
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws.iam.RolePolicy(f"{name}-policy", role=made.name, policy=policy)
    return made


def own(account={"StringEquals": {"aws:SourceAccount": "123456789012"}}, source="123456789012:experiment/*"):
    return {"Condition": account | {"ArnLike": {"aws:SourceArn": f"arn:aws:fis:us-east-1:{source}"}}}


OWN = own()
FIS = role("good-fis-role", OWN)
"""
GOOD: Final = """
template("good")
role("good-role", OWN)
role("good-named-role", OWN, resource=INSTANCES.replace("*", "i-0a0a0a0a0a0a0a0a0"), condition=None)
role("good-undoing-role", OWN, "ec2:StartInstances", condition=None)
"""
GOOD_ROLES: Final = ("good-fis-role", "good-role", "good-named-role", "good-undoing-role")
# The resource that is unsafe, how it is made, and the one policy that must say so.
UNSAFE: Final[dict[str, tuple[str, str]]] = {
    "wrong-action": ('template("wrong-action", action="aws:ec2:end-instances")', "chaos-actions-valid"),
    "missing-parameter": (
        'template("missing-parameter", parameters={"documentArn": None})',
        "chaos-actions-valid",
    ),
    "misspelt-parameter": (
        'template("misspelt-parameter", parameters={"documentparameters": "{}"})',
        "chaos-actions-valid",
    ),
    "no-direction": (
        'template("no-direction", parameters={"documentParameters": inside(TrafficType=None)})',
        "chaos-actions-valid",
    ),
    "wrong-direction": (
        'template("wrong-direction", parameters={"documentParameters": inside(TrafficType="outgress")})',
        "chaos-actions-valid",
    ),
    "too-long": ('template("too-long", parameters={"duration": "PT3H"})', "chaos-bounded"),
    "never-restarted": (
        'template("never-restarted", action="aws:ec2:stop-instances",'
        ' parameters={"documentArn": None, "documentParameters": None, "duration": None})',
        "chaos-bounded",
    ),
    "cut-short": (
        'template("cut-short", parameters={"documentParameters": inside(DurationSeconds="300")})',
        "chaos-bounded",
    ),
    "endless-document": (
        'document("endless-document", "^[0-9]+$");'
        ' template("runs-it", parameters={"documentArn": OWN_DOCUMENT, "documentParameters": "{}"})',
        "chaos-documents",
    ),
    "every-zone": (
        'template("every-zone", action="aws:network:disrupt-connectivity", key="Subnets",'
        ' parameters={"documentArn": None, "documentParameters": None, "scope": "all"},'
        ' target={"resource_type": "aws:ec2:subnet", "filters": None})',
        "chaos-blast-radius",
    ),
    "unstopped": (
        'template("unstopped", stop_conditions=[{"source": "none"}])',
        "chaos-stop-condition",
    ),
    "not-offered": ('template("not-offered", target={"resource_tags": pairs(Name="web")})', "chaos-opt-in"),
    "all-of-them": ('template("all-of-them", target={"selection_mode": "ALL"})', "chaos-blast-radius"),
    "stopped-ones-too": ('template("stopped-ones-too", target={"filters": None})', "chaos-blast-radius"),
    "silent": ('template("silent", log_configuration=None)', "chaos-logged"),
    "lever": (
        'pulumi.CustomResource("aws:fis/safetyLeverState:SafetyLeverState", "lever", {"state": {}})',
        "chaos-safety-lever",
    ),
    "anybodys-role": ('role("anybodys-role", {})', "chaos-role-trust"),
    "anybodys-experiments": (
        'role("anybodys-experiments", own({"StringNotEquals": {"aws:SourceAccount": "123456789012"}}))',
        "chaos-role-trust",
    ),
    "anybodys-source": ('role("anybodys-source", own(source="*:experiment/*"))', "chaos-role-trust"),
    "mighty-role": ('role("mighty-role", OWN, "ec2:*")', "chaos-role-permissions"),
    "role-of-many-verbs": ('role("role-of-many-verbs", OWN, "ec2:*Instances")', "chaos-role-permissions"),
    "role-over-all": ('role("role-over-all", OWN, condition=None)', "chaos-role-permissions"),
    "role-over-everything": (
        'role("role-over-everything", OWN, resource="arn:aws:*", condition=None)',
        "chaos-role-permissions",
    ),
    "held-undoing": ('role("held-undoing", OWN, "ec2:StartInstances")', "chaos-role-permissions"),
    "administrator": (
        'aws.iam.PolicyAttachment("attachment", roles=[role("administrator", OWN).name],'
        ' policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")',
        "chaos-role-permissions",
    ),
    "customer-managed": (
        'aws.iam.RolePolicyAttachment("attached", role=role("customer-managed", OWN).name,'
        ' policy_arn="arn:aws:iam::123456789012:policy/wide")',
        "chaos-role-permissions",
    ),
    "strange-role": (
        'template("strange-role", role_arn="arn:aws:iam::123456789012:role/Admin")',
        "chaos-role-permissions",
    ),
}


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
    return [name for name in (*UNSAFE, "good", *GOOD_ROLES) if name in words]


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


def with_all_enabled(directory: Path) -> Path:
    """The shipped experiments, with those that come disabled."""
    experiments = directory / "experiments"
    experiments.unlink(missing_ok=True)
    experiments.mkdir()
    for file in (ROOT / "experiments").glob("*.yaml"):
        (experiments / file.name).write_text(file.read_text().replace("enabled: false", "schedule: rate(3650 days)"))
    return directory


def test_what_is_off_by_default_passes(program: Program) -> None:
    verdict = case_of(with_all_enabled(program(folder="all"))).judge().verdict
    assert [found for found in verdict.findings if found.policy.startswith("chaos-")] == []
    assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())


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
