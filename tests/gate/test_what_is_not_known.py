"""Offline: what nobody has looked at is not judged, and the good case beside it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from preview.engines import Engine
from preview.errors import GraphError
from preview.gate import Verdict
from preview.resource_file import read_resources
from pricing.dynamic_code import changed_sources
from runners.gate.judging import Case, remarks
from tests.gate.conftest import ROOT, Program, case_of

TAGS: Final = 'tags={"owner": "a", "environment": "dev", "stage": "8", "managed-by": "pulumi"}'
DISK: Final = f'availability_zone="us-east-1a", size=1, type="gp3", encrypted=True, {TAGS}'
URN: Final = "urn:pulumi:dev::ial::aws:ebs/volume:Volume::"
HELD: Final = f"""
import pulumi
aws.ebs.Volume("held", {DISK}, opts=pulumi.ResourceOptions(
    ignore_changes=["size"], aliases=[pulumi.Alias(name="former")]))
aws.ebs.Volume("taken", {DISK}, opts=pulumi.ResourceOptions(import_="vol-1"))
"""
CIRCLE: Final = f"""
import pulumi
from pulumi.resource import DependencyResource
for name, other in (("a", "b"), ("b", "a")):
    aws.ebs.Volume(name, {DISK}, opts=pulumi.ResourceOptions(depends_on=[DependencyResource("{URN}" + other)]))
"""
IN_APPLY: Final = f"""
aws.sns.Topic("x", name="x", {TAGS}).arn.apply(lambda arn: aws.ebs.Volume("hidden", {DISK}))
"""


def volume(name: str, size: int, id_: str, **more: Any) -> dict[str, Any]:
    inputs = {"availabilityZone": "us-east-1a", "size": size, "type": "gp3", "encrypted": True}
    return {
        "urn": URN + name, "type": "aws:ebs/volume:Volume", "custom": True, "id": id_, "inputs": inputs, **more,
    }  # fmt: skip


def over(case: Case, *resources: dict[str, Any]) -> Verdict:
    """The verdict over a state with these resources."""
    state = {"version": 3, "deployment": {"resources": list(resources)}}
    return case.judge(read_resources(json.loads(json.dumps(state)), "state.json").existing).verdict


def test_what_is_ignored_or_imported_is_judged_over_a_state_only(program: Program) -> None:
    case = case_of(program(HELD))
    unread = case.judge().verdict
    assert unread.exit_code == 2
    doubts = "\n".join(unread.doubts)
    assert "held (aws:ebs/volume:Volume): `size` decides the price and its changes are ignored" in doubts
    assert "taken (aws:ebs/volume:Volume): it is imported (vol-1)" in doubts
    same = [volume("former", 1, "vol-0"), volume("taken", 1, "vol-1")]
    judged = over(case, *same)
    assert (judged.doubts, [text for text in judged.refusals if "held" in text]) == ((), [])
    dearer = over(case, volume("former", 500, "vol-0"), same[1])
    assert dearer.exit_code == 1
    assert any("held (aws:ebs/volume:Volume) costs 40.00 USD" in text for text in dearer.refusals)


def test_a_circle_is_not_judged_and_is_named(program: Program) -> None:
    with pytest.raises(GraphError, match=r"circle: a \(aws:ebs/volume:Volume\) -> b \(.*\) -> a \("):
        case_of(program(CIRCLE)).judge()


def test_an_environment_can_refuse_what_no_preview_sees(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "environments"
    shutil.copytree(ROOT / "policies/environments", folder)
    case = case_of(program(IN_APPLY), environments=folder)
    judged = case.judge()
    (told,) = [text for text in remarks(judged) if "no preview sees" in text]
    assert told.startswith("warning: the apply at __main__.py:")
    assert not [text for text in judged.verdict.refusals if "no preview sees" in text]
    with (folder / "dev.yaml").open("a") as file:
        file.write("resourcesInApply: refuse\n")
    refused = Case.open(case.order).judge().verdict
    assert refused.exit_code == 1
    assert [text for text in refused.refusals if "no preview sees" in text]


def test_changed_code_behind_a_dynamic_resource_is_not_judged(program: Program) -> None:
    directory = program()
    assert case_of(directory, engine=Engine.LOCAL).judge().verdict.exit_code == 0
    (directory / "components").unlink()
    shutil.copytree(ROOT / "components", directory / "components")
    (directory / "experiments").symlink_to(ROOT / "experiments")
    with (directory / "components/__init__.py").open("a") as file:
        file.write("# not as it was\n")
    changed = case_of(directory).judge().verdict
    assert changed.exit_code == 2
    assert any("components/__init__.py differs from the gate's own" in text for text in changed.doubts)


@pytest.mark.parametrize("shadow", ["contract/signing.py", "contract.py"])
def test_changed_code_that_a_provider_imports_is_not_judged(program: Program, shadow: str) -> None:
    directory = program()
    (directory / shadow).parent.mkdir(exist_ok=True)
    (directory / shadow).write_text((ROOT / "contract/signing.py").read_text() + "# not as it was\n")
    changed = changed_sources(["components.borrowed.log_retention.LogRetentionProvider"], directory)
    assert "contract/signing.py" in changed
    assert not [file for file in changed if file.startswith("components/")]
