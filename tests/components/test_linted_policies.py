"""Every IAM policy of the whole program under parliament's linter."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from components.chaos.fault_kinds import fault_kinds
from components.roles import allow, document
from tests.components.conftest import Recorder
from tests.components.test_aws_schemas import everything
from tests.components.test_program import program

__all__ = ["everything", "program"]
# What the linter's data does not have yet, and AWS's own models do.
NEWER = {"cloudwatch:GetAlarmMuteRule", "ecs:StopServiceDeployment"}
# Calls whose kinds of resources stand in statements of their own; and shifts, which AWS has for application load
# balancers too since 2024.
APART = {
    "ssm:SendCommand",
    "ec2:CreateNetworkAcl",
    "fis:StartExperiment",
    # Of tables; streams have policies of their own, which nobody asks for.
    "dynamodb:GetResourcePolicy",
    *(f"arc-zonal-shift:{call}ZonalShift" for call in ("Start", "Update", "Cancel")),
    "arc-zonal-shift:GetManagedResource",
    # A table's policy is asked for, not its stream's; insights are of a table or of an index.
    *("dynamodb:GetResourcePolicy", "dynamodb:DescribeContributorInsights"),
    # Executions of standard state machines, not of express ones.
    "states:DescribeExecution",
    # Listeners and rules of application load balancers, not of network ones.
    *("elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyListener"),
}
# Held by a condition instead; and what the linter's data does not know to have no resource.
LIMITED_OTHERWISE = {"ecs:ListTasks"}
# What undoes a fault has no condition.
UNDOING = {"ec2:ReplaceNetworkAclAssociation", "ec2:DeleteNetworkAcl"}
# AWS's own documents that inject faults; and a network, of which only a marked copy of an ACL is made.
FREE = ("::document/AWSFIS-Run-*", ":vpc/*")
READING = re.compile(r"\w[\w-]*:(Get|List|Describe)\w+")


@pytest.fixture(scope="module")
def parliament() -> Iterator[Any]:
    """parliament, which asks pkg_resources where its own files are, and setuptools has none any more."""
    spec = importlib.util.find_spec("parliament")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent
    stand_in: Any = types.ModuleType("pkg_resources")
    stand_in.resource_filename = lambda _, name: str(folder / name)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # It leaves its files open.
        warnings.simplefilter("ignore")
        patch.setitem(sys.modules, "pkg_resources", stand_in)
        yield importlib.import_module("parliament")


def findings(parliament: Any, policy: str) -> list[str]:
    found = parliament.analyze_policy_string(policy).findings
    return [f"{finding.issue}: {finding.detail}" for finding in found if not is_accepted(finding)]


def is_accepted(finding: Any) -> bool:
    """What is read may be read everywhere; what changes something may not.

    AWS asks for each resource of a call separately, so that a tag can be asked of one kind alone; the linter wants all
    kinds in one statement.
    """
    if finding.issue == "RESOURCE_STAR":
        return all(READING.fullmatch(action) for action in finding.detail)
    if finding.issue == "UNKNOWN_ACTION":
        return any(finding.detail == f"Unknown action {action}" for action in NEWER)
    return finding.issue == "RESOURCE_MISMATCH" and all(held["action"] in APART for held in finding.detail)


@pytest.fixture(scope="module")
def limitable(parliament: Any) -> dict[str, set[str]]:
    """The kinds of resources to which AWS's service authorisation reference lets each action be limited."""
    return {
        f"{service['prefix']}:{action['privilege']}": {
            kind["resource_type"].rstrip("*") for kind in action["resource_types"] if kind["resource_type"]
        }
        for service in parliament.iam_definition
        for action in service["privileges"]
    }


def too_wide(statement: dict[str, Any], limitable: dict[str, set[str]]) -> list[str]:
    """The actions that a statement allows on everything, though AWS would let them be limited."""
    wide = [resource for resource in statement["Resource"] if resource.count(":") < 5]
    return [action for action in statement["Action"] if wide and limitable[action]]


def untagged(statement: dict[str, Any], limitable: dict[str, set[str]]) -> list[str]:
    """The changes that a statement allows on many resources without asking for a tag."""
    many = [resource for resource in statement["Resource"] if "*" in resource and not resource.endswith(FREE)]
    asked = [key for test in statement.get("Condition", {}).values() for key in test]
    tagged = any("Tag/" in key for key in asked)
    changing = [action for action in statement["Action"] if limitable[action] and not READING.fullmatch(action)]
    return [action for action in changing if many and not tagged and action not in UNDOING]


def policies(recorder: Recorder) -> dict[str, str]:
    return {name: held["policy"] for name, held in recorder.of("aws:iam/rolePolicy:RolePolicy").items()}


def test_no_policy_of_the_components_is_faulty(parliament: Any, everything: Recorder) -> None:
    found = {name: findings(parliament, policy) for name, policy in policies(everything).items()}
    assert len(found) > 10
    assert {name: said for name, said in found.items() if said} == {}


def test_no_policy_that_is_shipped_is_faulty(parliament: Any, program: Callable[..., Recorder]) -> None:
    found = {
        name: findings(parliament, policy)
        for name, policy in policies(program("dev", preview=False, stage="8")).items()
    }
    assert {name: said for name, said in found.items() if said} == {}


def of_fis(recorder: Recorder) -> dict[str, list[dict[str, Any]]]:
    """The statements of each role that FIS takes on."""
    roles = recorder.of("aws:iam/role:Role")
    trusted = {f"{name}-policy" for name, held in roles.items() if "fis.amazonaws.com" in held["assumeRolePolicy"]}
    return {name: json.loads(text)["Statement"] for name, text in policies(recorder).items() if name in trusted}


def test_fis_may_do_nothing_everywhere_that_aws_lets_be_limited(
    everything: Recorder, limitable: dict[str, set[str]]
) -> None:
    roles = of_fis(everything)
    assert len(roles) == len(fault_kinds())
    wide = {name: [said for held in found for said in too_wide(held, limitable)] for name, found in roles.items()}
    assert {name: said for name, said in wide.items() if said} == {}


def test_nobody_may_do_anything_everywhere_that_aws_lets_be_limited(
    everything: Recorder, limitable: dict[str, set[str]]
) -> None:
    found = {name: json.loads(text)["Statement"] for name, text in policies(everything).items()}
    assert len(found) > len(fault_kinds())
    wide = {
        name: [said for held in statements for said in too_wide(held, limitable) if said not in LIMITED_OTHERWISE]
        for name, statements in found.items()
    }
    assert {name: said for name, said in wide.items() if said} == {}


def test_fis_changes_only_what_is_named_or_tagged(everything: Recorder, limitable: dict[str, set[str]]) -> None:
    roles = of_fis(everything)
    loose = {name: [said for held in found for said in untagged(held, limitable)] for name, found in roles.items()}
    assert {name: said for name, said in loose.items() if said} == {}


def test_what_undoes_a_fault_has_no_condition(everything: Recorder) -> None:
    undoing = {*UNDOING, "ssm:CancelCommand", "arc-zonal-shift:CancelZonalShift"}
    found = [
        (action, held.get("Condition"))
        for statements in of_fis(everything).values()
        for held in statements
        for action in held["Action"]
        if action in undoing
    ]
    assert {action for action, _ in found} == undoing
    assert [action for action, condition in found if condition] == []


TEMPLATES, EXPERIMENTS = (f"arn:aws:fis:us-east-1:123456789012:experiment{kind}/*" for kind in ("-template", ""))


def started_by(policy: str) -> dict[str, dict[str, Any] | None]:
    """The condition under which each kind of resource may be used to start an experiment."""
    return {
        resource: held.get("Condition")
        for held in json.loads(policy)["Statement"]
        if "fis:StartExperiment" in held["Action"]
        for resource in held["Resource"]
    }


def test_who_starts_experiments_starts_templates_of_this_environment_only(everything: Recorder) -> None:
    starting = {name: asked for name, text in policies(everything).items() if (asked := started_by(text))}
    templates = everything.of("aws:fis/experimentTemplate:ExperimentTemplate").values()
    assert "chaos-runner-policy" in starting
    schedules = everything.of("aws:scheduler/schedule:Schedule").values()
    machines = everything.of("aws:sfn/stateMachine:StateMachine")
    schedulers = sum("startExperiment" in held["target"]["arn"] for held in schedules)
    assert len(starting) == 1 + len(machines) + schedulers
    assert machines
    assert schedulers
    own = {"aws:ResourceTag/environment": "e" * 20, "aws:ResourceTag/managed-by": "ial"}
    for name, asked in starting.items():
        # AWS asks for both; an experiment that is about to begin has no tags yet.
        # The state machine is of the plain settings.
        its = own | {"aws:ResourceTag/environment": "dev"} if name.startswith("suites-") else own
        assert asked == {TEMPLATES: {"StringEquals": its}, EXPERIMENTS: None}, name
    assert templates
    for held in templates:
        assert own.items() <= {f"aws:ResourceTag/{key}": value for key, value in held["tags"].items()}.items()


def test_who_starts_experiments_makes_no_template_its_own(everything: Recorder) -> None:
    for text in policies(everything).values():
        for held in json.loads(text)["Statement"]:
            if any(action.lower() in ("fis:tagresource", "fis:untagresource", "fis:*") for action in held["Action"]):
                assert held["Resource"] == [EXPERIMENTS]


def test_stopping_has_no_condition(everything: Recorder) -> None:
    stopping = [
        (name, held["Resource"], held.get("Condition"))
        for name, text in policies(everything).items()
        for held in json.loads(text)["Statement"]
        if "fis:StopExperiment" in held["Action"]
    ]
    roles = ("chaos-halt", "chaos-runner", "suites-weekly-role")
    assert sorted(stopping) == [(f"{role}-policy", [EXPERIMENTS], None) for role in roles]


@pytest.mark.parametrize(
    ("action", "resource", "wide", "loose"),
    [
        ("ecs:DescribeContainerInstances", "*", True, False),
        ("rds:DescribeDBInstances", "arn:aws:rds:*", True, False),
        ("rds:DescribeDBInstances", "arn:aws:rds:us-east-1:123456789012:db:*", False, False),
        ("ec2:DescribeInstances", "*", False, False),
        ("ssm:SendCommand", "arn:aws:ssm:us-east-1:123456789012:managed-instance/*", False, True),
        ("ssm:SendCommand", "arn:aws:ssm:us-east-1::document/*", False, True),
        ("ssm:SendCommand", "arn:aws:ssm:us-east-1::document/AWSFIS-Run-*", False, False),
        ("ssm:CancelCommand", "*", False, False),
    ],
)
def test_what_is_too_wide_is_found(
    limitable: dict[str, set[str]], action: str, resource: str, wide: bool, loose: bool
) -> None:
    statement: dict[str, Any] = dict(allow("It", [action], [resource]))
    assert (bool(too_wide(statement, limitable)), bool(untagged(statement, limitable))) == (wide, loose)


def test_what_the_linter_does_not_know_exists() -> None:
    loader = botocore.session.get_session()
    for action in NEWER:
        service, operation = action.split(":")
        assert operation in loader.get_service_model(service).operation_names


@pytest.mark.parametrize(
    ("action", "resource", "issue"),
    [
        ("fis:GetExperimentSummary", "*", "UNKNOWN_ACTION"),
        ("fis:StopExperiment", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH"),
        ("fis:StartExperiment", "arn:aws:fis", "INVALID_ARN"),
        ("fis:StopExperiment", "*", "RESOURCE_STAR"),
    ],
)
def test_the_linter_finds_what_is_wrong(parliament: Any, action: str, resource: str, issue: str) -> None:
    assert [text for text in findings(parliament, document([allow("Wrong", [action], [resource])])) if issue in text]
