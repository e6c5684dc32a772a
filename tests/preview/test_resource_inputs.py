"""Resources as values: references are looked up in what was registered, and waiting for many of them ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.errors import ProgramError, ProjectError
from preview.program import record
from preview.project import Project
from preview.stack_references import stack_references
from pricing.resource import UNKNOWN


def test_a_resource_given_as_an_input_is_looked_up(load: Callable[..., Project]) -> None:
    recording = record(
        load(
            """
            import pulumi
            import pulumi_aws as aws
            function = aws.lambda_.Function("f", role="arn:r", runtime="nodejs22.x", handler="a", memory_size=128)
            permission = aws.lambda_.Permission("p", action="lambda:Invoke", principal="s", function=function)
            pulumi.export("function", permission.function)
            """
        )
    )
    [permission] = [resource for resource in recording.graph if resource.name == "p"]
    assert permission.properties["function"] is UNKNOWN
    assert permission.properties["action"] == "lambda:Invoke"


def test_a_component_given_as_an_input_is_looked_up_with_its_outputs(load: Callable[..., Project]) -> None:
    recording = record(
        load(
            """
            import pulumi
            import pulumi_aws as aws
            class Group(pulumi.ComponentResource):
                def __init__(self):
                    super().__init__("acme:a:Group", "group", {})
                    self.register_outputs({"size": 3})
            aws.sns.Topic("t", tags={"of": Group()})
            """
        )
    )
    [topic] = [resource for resource in recording.graph if resource.name == "t"]
    assert topic.properties["tags"] == {"of": "urn:pulumi:dev::small::acme:a:Group::group"}


MANY = """
    import pulumi
    import pulumi_aws as aws
    names = [aws.sns.Topic(f"t{number}", display_name="a").display_name for number in range(600)]
    MORE
    pulumi.export("count", pulumi.Output.all(*names).apply(len))
"""


def test_many_resources_are_all_recorded(load: Callable[..., Project]) -> None:
    recording = record(load(MANY.replace("MORE", "")))
    assert sum(resource.type == "aws:sns/topic:Topic" for resource in recording.graph) == 600
    assert recording.outputs == {"count": 600}


def test_a_failure_among_many_is_told(load: Callable[..., Project]) -> None:
    with pytest.raises(ProgramError, match=r"Duplicate resource URN .*::t7'"):
        record(load(MANY.replace("MORE", "aws.sns.Topic('t7')")))


def test_what_waits_for_what_comes_later_does_not_hang(load: Callable[..., Project]) -> None:
    main = """
    import asyncio
    import pulumi
    import pulumi_aws as aws
    later = asyncio.Future()
    for number in range(300):
        aws.sns.Topic(f"t{number}", display_name=later)
    later.set_result("at last")
    """
    recording = record(load(main))
    assert {resource.properties["displayName"] for resource in recording.graph if resource.name == "t299"} == {
        "at last"
    }


REFERENCE = """
    import pulumi
    network = pulumi.StackReference("acme/network/dev")
    pulumi.export("vpc", network.get_output("vpc"))
    pulumi.export("missing", network.get_output("nothing"))
"""


def test_outputs_of_another_stack_are_unknown_and_told(load: Callable[..., Project]) -> None:
    recording = record(load(REFERENCE))
    assert recording.outputs == {"vpc": UNKNOWN, "missing": UNKNOWN}
    assert any("--stack-reference acme/network/dev=FILE" in line for line in recording.diagnostics)


def test_outputs_of_another_stack_from_a_file(load: Callable[..., Project], tmp_path: Path) -> None:
    from dataclasses import replace

    file = tmp_path / "network.json"
    file.write_text(json.dumps({"vpc": {"id": "vpc-1", "zones": 3}}))
    project = replace(load(REFERENCE), stack_references=stack_references([f"acme/network/dev={file}"]))
    recording = record(project)
    assert recording.outputs["vpc"] == {"id": "vpc-1", "zones": 3}
    assert not [line for line in recording.diagnostics if "stack-reference" in line]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("network", "accepted: NAME=FILE"),
        ("=a", "accepted: NAME=FILE"),
        ("a=nowhere.json", "cannot be read"),
        ("a={list}", "expected a mapping"),
    ],
)
def test_a_stack_reference_that_cannot_be_read(tmp_path: Path, option: str, message: str) -> None:
    (tmp_path / "list.json").write_text("[1]")
    with pytest.raises(ProjectError, match="--stack-reference") as caught:
        stack_references([option.format(list=tmp_path / "list.json")])
    assert message in str(caught.value)
