"""Every IAM policy of the whole program under parliament's linter."""

from __future__ import annotations

import importlib.util
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from components.roles import allow, document
from tests.components.conftest import Recorder
from tests.components.test_aws_schemas import everything
from tests.components.test_program import program

__all__ = ["everything", "program"]
# What the linter's data does not have yet, and AWS's own models do.
NEWER = {"cloudwatch:GetAlarmMuteRule"}
# Calls whose kinds of resources stand in statements of their own; and shifts, which AWS has for application load
# balancers too since 2024.
APART = {
    "ssm:SendCommand",
    "ec2:CreateNetworkAcl",
    *(f"arc-zonal-shift:{call}ZonalShift" for call in ("Start", "Update", "Cancel")),
    "arc-zonal-shift:GetManagedResource",
}
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


def test_what_the_linter_does_not_know_exists() -> None:
    loader = botocore.session.get_session()
    for action in NEWER:
        service, operation = action.split(":")
        assert operation in loader.get_service_model(service).operation_names


@pytest.mark.parametrize(
    ("action", "resource", "issue"),
    [
        ("fis:GetExperimentSummary", "*", "UNKNOWN_ACTION"),
        ("fis:StartExperiment", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH"),
        ("fis:StartExperiment", "arn:aws:fis", "INVALID_ARN"),
        ("fis:StopExperiment", "*", "RESOURCE_STAR"),
    ],
)
def test_the_linter_finds_what_is_wrong(parliament: Any, action: str, resource: str, issue: str) -> None:
    assert [text for text in findings(parliament, document([allow("Wrong", [action], [resource])])) if issue in text]
